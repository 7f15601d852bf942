import { Popover } from 'radix-ui'
import type { ReactElement } from 'react'
import { classNames } from '../../components/class-names.ts'
import { keepFocus } from '../../components/keep-focus.ts'
import type { Usage } from '../../../shared/conversation.ts'
import type { Passage } from '../../../shared/passage.ts'
import { formatCount, formatShare } from '../../i18n/format.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { type ContextPartName, contextParts, contextTrouble, promptShare } from './context-parts.ts'
import { passagePlace } from './passage-place.ts'

const partColours: Readonly<Record<ContextPartName, string>> = {
  instructions: 'bg-faint',
  history: 'bg-accent/55',
  passages: 'bg-accent',
  question: 'bg-ink',
  reserve: 'bg-soft/45',
  free: 'border border-soft/50 bg-transparent',
}

interface ContextMeterProps {
  readonly usage: Usage
  /** Every passage found for this answer; those left out are named from them. */
  readonly passages: readonly Passage[]
  /** What the meter is about: this answer, or the question to come. */
  readonly about: 'answer' | 'next'
}

/** How full the model's context was: a quiet bar; all its parts, and what had no place, behind it. Nothing without a model. */
export function ContextMeter({ usage, passages, about }: ContextMeterProps): ReactElement | null {
  const { t, language } = useTranslate()
  const { context, promptTokens } = usage
  if (context === null) return null
  const share = promptShare(context, promptTokens)
  const trouble = contextTrouble(usage)
  const values = { share: formatShare(share, language), limit: formatCount(context.limitTokens, language) }
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button
          type="button"
          data-testid={`context-meter-${about}`}
          data-trouble={trouble ?? undefined}
          aria-label={about === 'answer' ? t('context.label', values) : t('context.label-next', values)}
          className="tabular inline-flex h-6 shrink-0 items-center gap-1.5 rounded-md px-1.5 text-[12px] text-soft hover:bg-wash hover:text-ink"
        >
          <span aria-hidden className="flex h-1 w-10 overflow-hidden rounded-full bg-track">
            <span
              className={classNames('h-full rounded-full', trouble === null ? 'bg-accent' : 'bg-warning')}
              style={{ width: `${share * 100}%` }}
            />
          </span>
          <span aria-hidden>{values.share}</span>
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          side="top"
          align={about === 'answer' ? 'start' : 'end'}
          sideOffset={6}
          collisionPadding={8}
          onCloseAutoFocus={keepFocus}
          aria-label={t('context.title')}
          data-testid="context-details"
          className="fade z-50 max-h-[70vh] w-84 overflow-y-auto rounded-lg border border-line bg-raised p-4 text-[13px] leading-5 text-ink shadow-float"
        >
          <ContextDetails usage={usage} passages={passages} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function ContextDetails({ usage, passages }: Pick<ContextMeterProps, 'usage' | 'passages'>): ReactElement | null {
  const { t, language } = useTranslate()
  const { context, promptTokens, leftOutPassageIds } = usage
  if (context === null) return null
  const parts = contextParts(context)
  const trouble = contextTrouble(usage)
  const leftOut = passages.filter(({ id }) => leftOutPassageIds.includes(id)).toSorted((a, b) => a.rank - b.rank)
  const turns = [
    ...(context.summarisedTurns > 0 ? [t('context.summarised', { count: context.summarisedTurns })] : []),
    ...(context.droppedTurns > 0 ? [t('context.dropped', { count: context.droppedTurns })] : []),
  ]
  return (
    <>
      <h3 className="font-semibold">{t('context.heading', { limit: formatCount(context.limitTokens, language) })}</h3>
      <div aria-hidden className="mt-2.5 flex h-2 gap-px overflow-hidden rounded-full bg-track">
        {parts
          .filter(({ name, tokens }) => name !== 'free' && tokens > 0)
          .map(({ name, share }) => (
            <span key={name} className={partColours[name]} style={{ width: `${share * 100}%` }} />
          ))}
      </div>
      <dl className="tabular mt-3 flex flex-col gap-0.5">
        {parts.map(({ name, tokens }) => (
          <div key={name} className="flex items-center gap-2">
            <span aria-hidden className={classNames('size-2 shrink-0 rounded-[2px]', partColours[name])} />
            <dt className="flex-1">{t(`context-part.${name}`)}</dt>
            <dd className="text-soft">{formatCount(tokens, language)}</dd>
          </div>
        ))}
      </dl>
      <p className="tabular mt-2.5 border-t border-line pt-2.5 text-[12px] leading-[18px] text-soft">
        {promptTokens === null
          ? t('context.estimated')
          : t('context.counted', {
              counted: formatCount(promptTokens, language),
              estimated: formatCount(context.estimatedPromptTokens, language),
            })}
      </p>
      {trouble !== null && (
        <p className="mt-1.5 text-[12px] leading-[18px] text-warning">{t(`context-trouble.${trouble}`)}</p>
      )}
      {turns.map((text) => (
        <p key={text} className="mt-1.5 text-[12px] leading-[18px] text-soft">
          {text}
        </p>
      ))}
      {leftOut.length > 0 && (
        <section className="mt-3 border-t border-line pt-2.5" data-testid="left-out">
          <h4 className="text-[12px] font-semibold">{t('context.left-out')}</h4>
          <ul className="mt-1 flex flex-col gap-0.5 text-[12px] leading-[18px]">
            {leftOut.map((passage) => (
              <li key={`${passage.id} ${passage.start}`} className="wrap-anywhere">
                {passage.documentName}
                <span className="text-soft">
                  {[passagePlace(t, passage)].filter((place) => place !== '').map((place) => ` · ${place}`)}
                </span>
              </li>
            ))}
          </ul>
          <p className="mt-1.5 text-[12px] leading-[18px] text-soft">{t('context.left-out-why')}</p>
        </section>
      )}
    </>
  )
}
