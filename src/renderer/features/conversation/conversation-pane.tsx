import { ArrowDown, Folder, PanelLeftOpen, TextSearch } from 'lucide-react'
import { type ReactElement, useCallback } from 'react'
import type { NamedScope } from '../../../shared/collection.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { isLeftShown, useLayout } from '../../components/layout-store.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { useEvidence } from '../evidence/evidence-store.ts'
import { useFindings } from '../findings/findings-store.ts'
import { Onboarding } from '../onboarding/onboarding.tsx'
import { useAppStatus } from '../settings/app-status-store.ts'
import { useModels } from '../settings/models-store.ts'
import { useBasis } from './basis-menu.tsx'
import { Composer } from './composer.tsx'
import { ContextMeter } from './context-meter.tsx'
import { lastUsage } from './context-parts.ts'
import { useConversationList } from './conversation-list-store.ts'
import { useConversations } from './conversation-store.ts'
import { streamingTurn } from './turn-window.ts'
import { NewConversation } from './new-conversation.tsx'
import { partName, partsOf } from './scope-parts.ts'
import { useCurrentScope, useScopes } from './scope-store.ts'
import { StagesLine } from './stages-line.tsx'
import { Turn } from './turn.tsx'
import { useFollowEnd } from './use-follow-end.ts'
import { useSought } from './use-sought.ts'
import { useTurnPages } from './use-turn-pages.ts'

function PaneHeader({
  title,
  documents,
  scope,
}: {
  readonly title: string
  readonly documents: number
  readonly scope: NamedScope | null
}): ReactElement {
  const { t } = useTranslate()
  const { isLeftOpen, setLeftOpen, windowWidth } = useLayout()
  const isEvidenceOpen = useEvidence((state) => state.subject !== null)
  const hasFindings = useFindings((state) => state.run !== null)
  const isLeftHidden = !isLeftShown(isLeftOpen, isEvidenceOpen, windowWidth)
  const showLeft = (): void => {
    setLeftOpen(true)
    // Where both do not fit, the one asked for wins.
    if (isEvidenceOpen && !isLeftShown(true, true, windowWidth)) useEvidence.getState().close()
  }
  return (
    <header className="flex h-[52px] shrink-0 items-center gap-2 border-b border-line px-4">
      {isLeftHidden && (
        <IconButton label={t('app.unfold-left')} onClick={showLeft}>
          <PanelLeftOpen size={16} aria-hidden />
        </IconButton>
      )}
      {hasFindings && (
        <IconButton label={t('findings.again')} onClick={() => useFindings.getState().open(null, null)}>
          <TextSearch size={16} aria-hidden />
        </IconButton>
      )}
      <h1 className="min-w-0 flex-1 truncate px-2 text-[14px] font-semibold">{title}</h1>
      {documents > 0 && (
        <p className="tabular inline-flex h-7 max-w-[45%] shrink-0 items-center gap-1.5 rounded-full border border-line px-3 text-[12.5px] text-soft">
          <Folder size={13} aria-hidden className="shrink-0" />
          <span className="truncate">
            {scope === null
              ? t('conversation.documents', { count: documents })
              : partsOf(scope)
                  .map((part) => partName(t, part))
                  .join(' · ')}
          </span>
        </p>
      )}
    </header>
  )
}

/** The middle pane: the conversation shown, and the composer that continues it. */
export function ConversationPane(): ReactElement {
  const { t } = useTranslate()
  const { currentId, byId, ask, searchAgain, askAgain, showOther, stop, open, loadMore, loadNewest } =
    useConversations()
  const view = byId.get(currentId)
  const hasNewer = view?.hasNewer ?? false
  const title = useConversationList((state) => state.conversations.find(({ id }) => id === currentId)?.title)
  const documents = useAppStatus((state) => state.status?.totals.documents)
  const isQuotesOnly = useModels((state) => state.isQuotesOnly)
  const scope = useCurrentScope()
  const { choose: chooseScope, calls } = useScopes()
  const basis = useBasis()
  const mode = isQuotesOnly ? 'quotes' : 'auto'
  const streaming = streamingTurn(view)
  const turns = view?.turns ?? []
  const lastCounted = lastUsage(turns)
  const isNew = turns.length === 0 && view?.state !== 'loading' && view?.state !== 'failed'
  const { containerRef, contentRef, isAtEnd, jumpToEnd, showFrom } = useFollowEnd(currentId, {
    hasMore: hasNewer,
    isEmpty: isNew,
  })
  useTurnPages(containerRef, { turns, loadMore })
  useSought(containerRef, view?.sought ?? null, showFrom)
  const showNewest = async (): Promise<void> => {
    await loadNewest()
    jumpToEnd()
  }
  const isLibraryEmpty = documents === 0
  const onAsk = useCallback(
    (question: string) => {
      ask(question, { mode, basis, scope })
      jumpToEnd()
    },
    [ask, mode, basis, scope, jumpToEnd],
  )
  const onSearch = useCallback(
    (turnKey: string, text: string) => searchAgain(turnKey, text, { mode, basis }),
    [searchAgain, mode, basis],
  )
  const onAnyway = useCallback((turnKey: string) => askAgain(turnKey, { mode, basis: 'anyway' }), [askAgain, mode])
  const onShowOther = useCallback((turnKey: string) => void showOther(turnKey), [showOther])
  const shownTitle =
    title ??
    view?.title ??
    (isNew ? (isLibraryEmpty ? t('onboarding.title') : t('conversations.new')) : (turns[0]?.question ?? ''))
  return (
    <main
      data-pane="middle"
      tabIndex={-1}
      aria-label={t('app.middle-pane')}
      className="relative flex h-full min-w-0 flex-col bg-surface outline-none"
    >
      <PaneHeader title={shownTitle} documents={documents ?? 0} scope={scope} />
      <div className="relative min-h-0 flex-1">
        <div
          ref={containerRef}
          tabIndex={0}
          role="region"
          aria-label={t('app.middle-pane')}
          className="h-full overflow-y-auto outline-none [overflow-anchor:none] [scrollbar-gutter:stable_both-edges] focus-visible:outline-2 focus-visible:-outline-offset-2"
        >
          <div ref={contentRef} className="mx-auto flex min-h-full max-w-[788px] flex-col gap-10 px-3.5 pt-6 pb-6">
            {view?.state === 'loading' && <p className="late text-soft">{t('app.loading')}</p>}
            {view?.state === 'failed' && view.error !== null && (
              <ErrorNote title={t('conversation.open-failed')} error={view.error}>
                <Button onClick={() => void open(currentId)}>{t('app.retry')}</Button>
              </ErrorNote>
            )}
            {isNew && documents !== undefined && (isLibraryEmpty ? <Onboarding /> : <NewConversation onAsk={onAsk} />)}
            {view?.hasOlder === true && <p className="text-center text-[13px] text-soft">{t('conversation.older')}</p>}
            {turns.map((turn, index) => (
              <Turn
                key={turn.key}
                turn={turn}
                isLast={index === turns.length - 1 && !hasNewer}
                isSought={view?.sought?.key === turn.storedKey && turn.storedKey !== null}
                onRetry={onAsk}
                onSearch={onSearch}
                onAnyway={onAnyway}
                onShowOther={onShowOther}
                onShowFrom={showFrom}
              />
            ))}
          </div>
        </div>
        {(hasNewer || (!isAtEnd && (streaming !== null || turns.length > 1))) && (
          <button
            type="button"
            onClick={() => void showNewest()}
            data-testid="jump-to-newest"
            className="appear absolute bottom-3 left-1/2 inline-flex h-8 -translate-x-1/2 items-center gap-1.5 rounded-full border border-line bg-raised px-3.5 text-[12.5px] shadow-float hover:bg-hover"
          >
            <ArrowDown size={14} aria-hidden />
            {t('conversation.jump')}
          </button>
        )}
      </div>
      <div className="mx-auto w-full max-w-[808px] shrink-0 px-6 pb-4">
        <StagesLine turn={streaming} />
        <Composer
          isAnswering={streaming !== null}
          isStopping={streaming?.isStopping ?? false}
          onAsk={onAsk}
          onStop={stop}
          onFind={(query) => useFindings.getState().open(query, scope)}
          scope={scope}
          onScope={(next) => chooseScope(currentId, next)}
          focusCalls={calls}
          meter={
            lastCounted !== null && (
              <ContextMeter usage={lastCounted.usage} passages={lastCounted.passages} about="next" />
            )
          }
        />
      </div>
    </main>
  )
}
