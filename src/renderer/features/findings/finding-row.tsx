import { type KeyboardEvent, type ReactElement, memo } from 'react'
import type { Finding } from '../../../shared/findings.ts'
import { classNames } from '../../components/class-names.ts'
import { textLanguage } from '../../components/text-language.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { MarkedWords } from '../conversation/marked-words.tsx'
import { passagePlace } from '../conversation/passage-place.ts'

/** Dates, amounts or names of a row, as many as fit a cell. */
const mostInCell = 3

function Facts({ facts, label }: { readonly facts: readonly string[]; readonly label: string }): ReactElement | null {
  if (facts.length === 0) return null
  const shown = facts.slice(0, mostInCell)
  return (
    <ul aria-label={label} title={facts.join('\n')} className="flex min-w-0 flex-col gap-0.5">
      {shown.map((fact) => (
        <li key={fact} lang={textLanguage(fact)} className="truncate">
          {fact}
        </li>
      ))}
      {facts.length > shown.length && <li className="text-soft">+{facts.length - shown.length}</li>}
    </ul>
  )
}

/** One document with the passage that is quoted of it. */
export const FindingRow = memo(function FindingRow({
  finding,
  line,
  isActive,
  isOpen,
  isChosen,
  onOpen,
  onChoose,
  onFocus,
  onKeyDown,
}: {
  readonly finding: Finding
  readonly line: number
  /** Tab reaches it. */
  readonly isActive: boolean
  readonly isOpen: boolean
  readonly isChosen: boolean
  readonly onOpen: (line: number) => void
  readonly onChoose: (finding: Finding, isChosen: boolean) => void
  readonly onFocus: (line: number) => void
  readonly onKeyDown: (event: KeyboardEvent) => void
}): ReactElement {
  const { t } = useTranslate()
  const { passage, match, passageCount, quotation, dates, amounts, names } = finding
  const place = [passagePlace(t, passage), passageCount > 1 ? t('findings.passages', { count: passageCount }) : '']
    .filter((part) => part !== '')
    .join(' · ')
  return (
    <>
      <div role="cell" className="pt-3 pl-4">
        <input
          type="checkbox"
          checked={isChosen}
          tabIndex={isActive ? 0 : -1}
          aria-label={t('findings.choose', { name: passage.documentName })}
          onChange={(event) => onChoose(finding, event.target.checked)}
          className="size-3.5 accent-(--accent)"
        />
      </div>
      <div role="cell" className="min-w-0 py-2.5 pr-3">
        <button
          type="button"
          data-line={line}
          data-testid="finding-open"
          tabIndex={isActive ? 0 : -1}
          aria-current={isOpen ? 'true' : undefined}
          onClick={() => onOpen(line)}
          onFocus={() => onFocus(line)}
          onKeyDown={(event) => {
            if (event.key === ' ') {
              event.preventDefault()
              onChoose(finding, !isChosen)
            } else onKeyDown(event)
          }}
          className={classNames(
            'file-name block max-w-full rounded text-left leading-5 font-semibold wrap-anywhere hover:text-accent',
            isOpen && 'text-accent',
          )}
        >
          {passage.documentName}
        </button>
        <p className="truncate text-[12px] leading-4.5 text-soft">{place}</p>
        {match !== 'words' && (
          <p
            data-testid="finding-match"
            className="mt-1 inline-flex rounded-full border border-line px-2 text-[11.5px] leading-4.5 text-soft"
          >
            {t(`findings.${match}`)}
          </p>
        )}
      </div>
      <div role="cell" className="min-w-0 py-2.5 pr-3">
        <p className="selectable line-clamp-3 text-[13px] leading-5">
          <MarkedWords text={quotation.text} marks={quotation.marks} />
        </p>
        {/* Where there is no room for columns of their own. */}
        <p className="tabular mt-0.5 truncate text-[12px] leading-4.5 text-soft @min-[54rem]:hidden" aria-hidden>
          {[...amounts, ...dates]
            .map(({ text }) => text)
            .concat(names)
            .slice(0, mostInCell * 2)
            .join(' · ')}
        </p>
      </div>
      <div role="cell" className="tabular hidden min-w-0 py-2.5 pr-3 text-[12.5px] leading-4.5 @min-[54rem]:block">
        <Facts facts={dates.map(({ text }) => text)} label={t('findings.dates')} />
      </div>
      <div role="cell" className="tabular hidden min-w-0 py-2.5 pr-3 text-[12.5px] leading-4.5 @min-[54rem]:block">
        <Facts facts={amounts.map(({ text }) => text)} label={t('findings.amounts')} />
      </div>
      <div role="cell" className="hidden min-w-0 py-2.5 pr-3 text-[12.5px] leading-4.5 @min-[54rem]:block">
        <Facts facts={names} label={t('findings.names')} />
      </div>
    </>
  )
})
