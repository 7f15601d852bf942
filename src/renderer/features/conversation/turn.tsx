import { History, Square } from 'lucide-react'
import { memo, type ReactElement, useEffect, useMemo, useRef } from 'react'
import { Button } from '../../components/button.tsx'
import { classNames } from '../../components/class-names.ts'
import { ErrorNote } from '../../components/error-note.tsx'
import { textLanguage } from '../../components/text-language.ts'
import { errorText } from '../../i18n/error-text.ts'
import { formatCount } from '../../i18n/format.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { useEvidence } from '../evidence/evidence-store.ts'
import { FindInstead } from '../findings/findings-offer.tsx'
import { ModelCard } from '../onboarding/model-card.tsx'
import { AnswerActions } from './answer-actions.tsx'
import { AnswerContext } from './answer-context.ts'
import { AnswerFooter } from './answer-footer.tsx'
import { BasisLabel } from './basis-label.tsx'
import { sourceItems } from './answer-sources.ts'
import { AnswerText } from './answer-text.tsx'
import type { TurnView } from './turn-window.ts'
import { RefusalNote } from './refusal-note.tsx'
import { ReasoningText } from './reasoning-text.tsx'
import { ScopeChips } from './scope-chips.tsx'
import { SearchTrace } from './search-trace.tsx'
import { SearchedChip } from './searched-chip.tsx'
import { SourceCards } from './source-cards.tsx'

interface TurnProps {
  readonly turn: TurnView
  readonly isLast: boolean
  /** It was searched for. */
  readonly isSought: boolean
  readonly onRetry: (question: string) => void
  /** The reader changed what is searched. */
  readonly onSearch: (turnKey: string, text: string) => void
  /** Nothing was close enough, and the reader wants an answer all the same. */
  readonly onAnyway: (turnKey: string) => void
  /** The next of the other answers to this question. */
  readonly onShowOther: (turnKey: string) => void
  readonly onShowFrom: (element: HTMLElement) => void
}

function quotedList(phrases: readonly string[], language: 'en' | 'zh-CN'): string {
  return phrases.map((phrase) => `“${phrase}”`).join(language === 'zh-CN' ? '、' : ', ')
}

/** One question with everything that became of it: passages, thinking, answer, ending. */
export const Turn = memo(function Turn({
  turn,
  isLast,
  isSought,
  onRetry,
  onSearch,
  onAnyway,
  onShowOther,
  onShowFrom,
}: TurnProps): ReactElement {
  const { t, language } = useTranslate()
  const { answer } = turn
  const { sources, passages, citations } = answer
  const items = useMemo(() => sourceItems({ sources, passages, citations }), [sources, passages, citations])
  const subject = useEvidence((state) => state.subject)
  const isOurs = subject?.type === 'source' && subject.turnKey === turn.key
  const openIndex = isOurs ? subject.index : null
  const isCurrent = isOurs || (isLast && (subject === null || subject.type === 'document'))
  useEffect(() => {
    useEvidence.getState().adopt(turn.key, items)
  }, [turn.key, items])
  useEffect(() => {
    if (isCurrent) useEvidence.getState().setNearest(turn.key, items)
  }, [isCurrent, turn.key, items])
  const context = useMemo(
    () => ({
      items,
      openIndex,
      open: (index: number, claim: number | null) =>
        void useEvidence.getState().openSource(turn.key, items, index, claim),
    }),
    [items, openIndex, turn.key],
  )
  const isQuotes = answer.mode === 'quotes'
  const isRefused = answer.mode === 'refused'
  const overview = answer.search?.overview ?? null
  const articleRef = useRef<HTMLElement | null>(null)
  // Asked in this window (a stored answer had no events): it may end before it is drawn for the first time.
  const wasStreaming = useRef(answer.state === 'streaming' || answer.stream.nextSequence > 0)
  useEffect(() => {
    // Quotations arrive all at once: the reader begins at the question, not at their end.
    if (wasStreaming.current && answer.state === 'complete' && isQuotes && articleRef.current !== null)
      onShowFrom(articleRef.current)
    wasStreaming.current = answer.state === 'streaming'
  }, [answer.state, isQuotes, onShowFrom])
  const isEnded = answer.state !== 'streaming'
  return (
    <AnswerContext value={context}>
      <article
        ref={articleRef}
        data-turn={turn.key}
        data-stored-key={turn.storedKey}
        data-testid="turn"
        aria-current={isSought ? 'location' : undefined}
        className={classNames('group/turn @container scroll-mt-6', isSought && 'sought')}
        aria-busy={!isEnded}
      >
        <h2
          lang={textLanguage(turn.question)}
          className="selectable text-[16px] leading-[25px] font-semibold whitespace-pre-wrap wrap-anywhere"
        >
          {turn.question}
        </h2>
        {turn.scope !== null && (
          <div className="mt-1.5 flex items-baseline gap-2 text-[13px] leading-6 text-soft">
            <span className="shrink-0">{t('scope.searched-in')}</span>
            <ScopeChips scope={turn.scope} label={t('scope.searched-in')} />
          </div>
        )}
        <SearchedChip
          question={turn.question}
          answer={answer}
          onSearch={isEnded ? (text) => onSearch(turn.key, text) : undefined}
        />
        {answer.keywordsOnly !== null && (
          <p className="appear mt-1.5 text-[13px] leading-5 text-warning" data-testid="keywords-only">
            {t('answer.keywords-only', { reason: errorText(t, answer.keywordsOnly) })}
          </p>
        )}
        {answer.search !== null && answer.search.missingPhrases.length > 0 && (
          <p className="appear mt-1.5 text-[13px] leading-5 text-warning" data-testid="missing-phrases">
            {t('answer.missing-phrases', { phrases: quotedList(answer.search.missingPhrases, language) })}
          </p>
        )}
        {overview !== null && overview.read < overview.of && (
          <p className="appear mt-1.5 text-[13px] leading-5 text-soft" data-testid="overview">
            {t('answer.overview', {
              read: formatCount(overview.read, language),
              of: formatCount(overview.of, language),
            })}
          </p>
        )}
        {isRefused && (
          <RefusalNote
            answer={answer}
            hasNearest={items.length > 0}
            onAnyway={isEnded && isLast ? () => onAnyway(turn.key) : undefined}
          />
        )}
        {items.length > 0 && (
          <div className="mt-3.5">
            {isRefused && <h3 className="mb-1.5 text-[12px] font-semibold text-soft">{t('source.nearest')}</h3>}
            <SourceCards
              items={items}
              label={isRefused ? t('source.nearest') : sources === null ? t('source.passages') : t('source.sources')}
              isFinal={sources !== null && !isRefused}
            />
          </div>
        )}
        {isEnded && items.length === 0 && answer.text === '' && answer.state === 'complete' && (
          <p className="mt-3 text-soft">{t('answer.none-found')}</p>
        )}
        <BasisLabel answer={answer} />
        {isQuotes && (
          <p
            data-testid="quotes-label"
            className="mt-4 inline-flex items-center rounded-full border border-line px-2.5 text-[12px] leading-6 text-soft"
          >
            {t('answer.quotes')}
          </p>
        )}
        {answer.reasoning !== '' && (
          <ReasoningText text={answer.reasoning} isThinking={!isEnded && answer.text === ''} />
        )}
        {answer.text !== '' && !isRefused && (
          <div className="mt-4">
            <AnswerText text={answer.text} state={answer.state} label={t('answer.label')} />
          </div>
        )}
        {answer.text === '' && !isEnded && items.length > 0 && !isQuotes && (
          <p className="late mt-4 text-[13px] text-soft">{t('answer.waiting')}</p>
        )}
        {answer.text === '' && isEnded && <div data-testid="answer" data-state={answer.state} />}
        {answer.state === 'stopped' && (
          <p className="appear mt-3 flex items-center gap-2 text-[13px] text-warning" data-testid="answer-stopped">
            <Square size={10} fill="currentColor" aria-hidden />
            {answer.text === '' ? t('answer.stopped-empty') : t('answer.stopped')}
          </p>
        )}
        {answer.finishReason === 'length' && <p className="mt-3 text-[13px] text-warning">{t('answer.length')}</p>}
        {answer.error !== null && (
          <div className="mt-4">
            <ErrorNote title={t('answer.failed')} error={answer.error}>
              {isLast && <Button onClick={() => onRetry(turn.question)}>{t('app.retry')}</Button>}
            </ErrorNote>
          </div>
        )}
        {isEnded && answer.text !== '' && (
          <div className="mt-3 flex items-center gap-3">
            <AnswerFooter answer={answer} hasMeter={!isLast} />
            <AnswerActions turn={turn} />
            {answer.usage?.search !== undefined && (
              <SearchTrace trace={answer.usage.search} leftOutPassageIds={answer.usage.leftOutPassageIds} />
            )}
            <FindInstead question={turn.question} scope={turn.scope} />
            {isLast && turn.otherAnswerIds.length > 0 && (
              <button
                type="button"
                data-testid="other-answer"
                onClick={() => onShowOther(turn.key)}
                className="inline-flex h-6 items-center gap-1 rounded px-1.5 text-[12px] text-soft hover:bg-hover hover:text-ink"
              >
                <History size={13} aria-hidden />
                {t('answer.earlier')}
              </button>
            )}
          </div>
        )}
        {isQuotes && isLast && answer.reason !== null && (
          <div className="mt-4">
            <ModelCard />
          </div>
        )}
      </article>
    </AnswerContext>
  )
})
