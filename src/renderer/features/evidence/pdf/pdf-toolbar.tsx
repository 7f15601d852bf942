import { ChevronDown, ChevronUp, Search, ZoomIn, ZoomOut } from 'lucide-react'
import { type ReactElement, useEffect, useRef, useState } from 'react'
import { IconButton } from '../../../components/button.tsx'
import { useTranslate } from '../../../i18n/translate.ts'
import type { PDFDocumentProxy } from './open-pdf.ts'
import { nextZoom } from './page-layout.ts'
import { PdfOutline } from './pdf-outline.tsx'
import type { PdfSearch } from './use-pdf-search.ts'

/** Above the pages: contents, page, zoom, and search in the document. */
export function PdfToolbar({
  pdf,
  current,
  zoom,
  onZoom,
  onGoTo,
  search,
}: {
  readonly pdf: PDFDocumentProxy
  readonly current: number
  readonly zoom: number
  readonly onZoom: (zoom: number) => void
  readonly onGoTo: (page: number) => void
  readonly search: PdfSearch
}): ReactElement {
  const { t, language } = useTranslate()
  const [isSearching, setSearching] = useState(false)
  const percent = new Intl.NumberFormat(language, { style: 'percent' })
  const openSearch = (): void => {
    if (isSearching) search.setQuery('')
    setSearching(!isSearching)
  }
  return (
    <div role="toolbar" aria-label={t('pdf.toolbar')} className="border-b border-line px-2.5">
      <div className="flex h-9 items-center gap-0.5">
        <PdfOutline pdf={pdf} onGoTo={onGoTo} />
        <PageField current={current} count={pdf.numPages} onGoTo={onGoTo} />
        <div className="flex-1" />
        <IconButton
          label={t('pdf.zoom-out')}
          disabled={nextZoom(zoom, -1) === zoom}
          onClick={() => onZoom(nextZoom(zoom, -1))}
        >
          <ZoomOut size={15} aria-hidden />
        </IconButton>
        <button
          type="button"
          aria-label={t('pdf.fit')}
          onClick={() => onZoom(1)}
          className="tabular h-7 min-w-12 rounded-md px-1 text-[12px] text-soft hover:bg-hover hover:text-ink"
        >
          {percent.format(zoom)}
        </button>
        <IconButton
          label={t('pdf.zoom-in')}
          disabled={nextZoom(zoom, 1) === zoom}
          onClick={() => onZoom(nextZoom(zoom, 1))}
        >
          <ZoomIn size={15} aria-hidden />
        </IconButton>
        <IconButton label={t('pdf.search')} aria-expanded={isSearching} onClick={openSearch}>
          <Search size={15} aria-hidden />
        </IconButton>
      </div>
      {isSearching && <SearchField search={search} onClose={openSearch} />}
    </div>
  )
}

function PageField({
  current,
  count,
  onGoTo,
}: {
  readonly current: number
  readonly count: number
  readonly onGoTo: (page: number) => void
}): ReactElement {
  const { t } = useTranslate()
  const [draft, setDraft] = useState<string | null>(null)
  const go = (): void => {
    const number = Math.trunc(Number(draft))
    if (draft !== null && number >= 1 && number <= count) onGoTo(number)
    setDraft(null)
  }
  return (
    <div className="tabular flex items-center gap-1 px-1.5 text-[12px] text-soft">
      <input
        aria-label={t('pdf.page')}
        inputMode="numeric"
        value={draft ?? String(current)}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={() => setDraft(null)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') go()
          else if (event.key === 'Escape') setDraft(null)
        }}
        className="h-6 w-11 rounded-md border border-line bg-raised px-1 text-center text-ink"
      />
      <span>{t('pdf.of', { count })}</span>
    </div>
  )
}

function SearchField({ search, onClose }: { readonly search: PdfSearch; readonly onClose: () => void }): ReactElement {
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
      : t('pdf.match-of', { number: search.currentMatch, total: search.matchCount })
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
