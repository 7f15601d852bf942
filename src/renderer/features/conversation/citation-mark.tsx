import { HoverCard } from 'radix-ui'
import { type ReactElement, use } from 'react'
import { classNames } from '../../components/class-names.ts'
import { textLanguage } from '../../components/text-language.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { AnswerContext } from './answer-context.ts'
import { findCited } from './answer-sources.ts'
import { findingText, isRemarkable } from './finding-text.ts'
import { passagePlace } from './passage-place.ts'
import { QuotedPassage } from './quoted-passage.tsx'

/**
 * `[n]` in an answer: hover or focus shows the quotation and what the citation check found, a click opens it there. A number
 * without a source stays text.
 */
export function CitationMark(props: Readonly<Record<string, unknown>>): ReactElement {
  const { t } = useTranslate()
  const { items, openIndex, open } = use(AnswerContext)
  const number = Number(props['data-number'])
  const isAdded = props['data-added'] === 'true'
  const claimIndex = typeof props['data-claim'] === 'string' ? Number(props['data-claim']) : null
  const index = findCited(items, number)
  const item = index === undefined ? undefined : items[index]
  if (item === undefined || index === undefined) return <>[{number}]</>
  const { passage } = item
  const claim = item.claims[claimIndex ?? -1]
  const finding = claim === undefined ? null : findingText(t, claim)
  const hasRemark = claim !== undefined && isRemarkable(claim)
  const label = [
    t('citation.label', { number, name: passage.documentName }),
    ...(isAdded ? [t('citation.added')] : []),
    ...(hasRemark && finding !== null ? [finding] : []),
  ].join(', ')
  const place = passagePlace(t, passage)
  return (
    <HoverCard.Root openDelay={30} closeDelay={80}>
      <HoverCard.Trigger asChild>
        <button
          type="button"
          className="citation"
          data-testid="citation"
          data-number={number}
          data-added={isAdded ? '' : undefined}
          data-remark={hasRemark ? '' : undefined}
          data-open={openIndex === index ? '' : undefined}
          aria-label={label}
          aria-current={openIndex === index ? 'true' : undefined}
          onClick={() => open(index, claimIndex)}
        >
          {number}
        </button>
      </HoverCard.Trigger>
      <HoverCard.Portal>
        <HoverCard.Content
          side="top"
          align="start"
          alignOffset={-16}
          sideOffset={6}
          collisionPadding={12}
          data-testid="citation-quote"
          className="fade z-50 w-[380px] rounded-lg border border-line bg-raised p-3.5 shadow-float"
        >
          <p className="file-name truncate font-semibold">{passage.documentName}</p>
          <p className="truncate text-[12px] text-soft">
            {[place, ...(isAdded ? [t('citation.added')] : [])].filter((part) => part !== '').join(' · ')}
          </p>
          <blockquote
            lang={textLanguage(passage.text, passage.language)}
            className="mt-2 line-clamp-8 border-l-3 border-marker-strong pl-3 font-serif text-[13.5px] leading-5.5 whitespace-pre-line"
          >
            <QuotedPassage passage={passage} claim={claim} />
          </blockquote>
          {finding !== null && (
            <p
              data-testid="finding"
              className={classNames('mt-2.5 text-[12px]', hasRemark ? 'text-warning' : 'text-soft')}
            >
              {finding}
            </p>
          )}
        </HoverCard.Content>
      </HoverCard.Portal>
    </HoverCard.Root>
  )
}
