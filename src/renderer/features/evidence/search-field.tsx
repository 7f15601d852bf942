import { ChevronDown, ChevronUp } from 'lucide-react'
import { type ReactElement, useEffect, useRef } from 'react'
import { IconButton } from '../../components/button.tsx'
import { useTranslate } from '../../i18n/translate.ts'

/** A search for words within the document that is open. */
export interface DocumentSearch {
  readonly query: string
  readonly setQuery: (query: string) => void
  /** May grow while the document is read. */
  readonly matchCount: number
  /** There are more, which are not counted. */
  readonly isCut?: boolean
  /** From 1; 0: none. */
  readonly currentMatch: number
  readonly isReading: boolean
  readonly step: (by: 1 | -1) => void
}

/** The words sought in a document: Enter goes to the next place, Shift Enter to the one before, Escape closes. */
export function SearchField({
  search,
  onClose,
}: {
  readonly search: DocumentSearch
  readonly onClose: () => void
}): ReactElement {
  const { t } = useTranslate()
  const inputRef = useRef<HTMLInputElement | null>(null)
  useEffect(() => inputRef.current?.focus(), [])
  const isWanted = search.query.trim() !== ''
  const status = !isWanted
    ? ''
    : search.matchCount === 0
      ? search.isReading
        ? t('pdf.searching')
        : t('pdf.not-found')
      : t(search.isCut === true ? 'pdf.match-of-more' : 'pdf.match-of', {
          number: search.currentMatch,
          total: search.matchCount,
        })
  return (
    <div className="flex items-center gap-1 pb-2">
      <input
        ref={inputRef}
        type="search"
        aria-label={t('pdf.search')}
        placeholder={t('pdf.search')}
        value={search.query}
        maxLength={200}
        onChange={(event) => search.setQuery(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') search.step(event.shiftKey ? -1 : 1)
          else if (event.key === 'Escape') {
            event.stopPropagation()
            onClose()
          }
        }}
        className="h-7 min-w-0 flex-1 rounded-md border border-line bg-raised px-2 text-[13px] text-ink"
      />
      <span role="status" className="tabular shrink-0 px-1 text-[12px] text-soft">
        {status}
      </span>
      <IconButton label={t('pdf.previous-match')} disabled={search.matchCount === 0} onClick={() => search.step(-1)}>
        <ChevronUp size={15} aria-hidden />
      </IconButton>
      <IconButton label={t('pdf.next-match')} disabled={search.matchCount === 0} onClick={() => search.step(1)}>
        <ChevronDown size={15} aria-hidden />
      </IconButton>
    </div>
  )
}
