import { ChevronDown, ChevronUp } from 'lucide-react'
import { type ReactElement, use, useState } from 'react'
import { classNames } from '../../components/class-names.ts'
import { textLanguage } from '../../components/text-language.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { AnswerContext } from './answer-context.ts'
import type { SourceItem } from './answer-sources.ts'
import { passagePlace, passageWords, versionsText } from './passage-place.ts'

/** Cards shown before "show more": two rows, so that the answer below them begins on the same screen. */
const cardsAtFirst = 4

function SourceCard({
  item,
  index,
  isFinal,
}: {
  readonly item: SourceItem
  readonly index: number
  readonly isFinal: boolean
}): ReactElement {
  const { t } = useTranslate()
  const { openIndex, open } = use(AnswerContext)
  const { passage, number, isCited } = item
  const isOpen = openIndex === index
  const place = passagePlace(t, passage)
  const name = passage.documentName
  return (
    <button
      type="button"
      data-testid="passage-card"
      data-number={number ?? undefined}
      data-cited={isCited}
      aria-current={isOpen ? 'true' : undefined}
      onClick={() => open(index, null)}
      className={classNames(
        'appear flex h-[98px] min-w-0 flex-col rounded-[10px] border bg-raised px-3 py-2.5 text-left transition-colors duration-120 hover:border-accent',
        isOpen ? 'border-accent ring-3 ring-wash' : 'border-line',
      )}
    >
      <span className="flex w-full min-w-0 items-start gap-2">
        <span
          className={classNames(
            'tabular mt-px flex h-[18px] min-w-[22px] items-center justify-center rounded-[5px] px-1 text-[11px] font-[650]',
            isOpen ? 'bg-accent text-on-accent' : isCited ? 'bg-wash text-accent' : 'border border-line text-soft',
          )}
        >
          {number ?? <span aria-hidden>·</span>}
        </span>
        <span className="min-w-0 flex-1">
          <span className="file-name block truncate leading-5 font-semibold">{name}</span>
          <span className="block truncate text-[12px] leading-4 text-soft">
            {[...(isFinal && !isCited ? [t('source.also-read')] : []), versionsText(t, passage), place]
              .filter((part) => part !== '')
              .join(' · ')}
          </span>
        </span>
      </span>
      <span
        lang={textLanguage(passage.text, passage.language)}
        className="mt-1 line-clamp-2 w-full text-[12.5px] leading-[17px] text-soft"
      >
        {passageWords(passage)}
      </span>
    </button>
  )
}

/** The passages found for a question; the same cards become the answer's sources. They stand above the answer and stay put. */
export function SourceCards({
  items,
  label,
  isFinal,
}: {
  readonly items: readonly SourceItem[]
  /** Says what they are; shown where they are not simply the answer's sources. */
  readonly label: string
  readonly isFinal: boolean
}): ReactElement | null {
  const { t } = useTranslate()
  const [isWhole, setWhole] = useState(false)
  if (items.length === 0) return null
  const hidden = items.length - cardsAtFirst
  const shown = isWhole ? items : items.slice(0, cardsAtFirst)
  return (
    <div role="group" aria-label={label}>
      <div className="grid grid-cols-1 gap-2 @md:grid-cols-2">
        {shown.map((item, index) => (
          <SourceCard key={`${item.passage.id} ${item.passage.start}`} item={item} index={index} isFinal={isFinal} />
        ))}
      </div>
      {hidden > 0 && (
        <button
          type="button"
          aria-expanded={isWhole}
          onClick={() => setWhole(!isWhole)}
          className="mt-1.5 inline-flex items-center gap-1 rounded-md px-1.5 py-0.5 text-[12px] text-soft hover:text-ink"
        >
          {isWhole ? <ChevronUp size={13} aria-hidden /> : <ChevronDown size={13} aria-hidden />}
          {isWhole ? t('source.fewer') : t('source.more', { count: hidden })}
        </button>
      )}
    </div>
  )
}
