import { Search, ZoomIn, ZoomOut } from 'lucide-react'
import { type ReactElement, useState } from 'react'
import { IconButton } from '../../../components/button.tsx'
import { useTranslate } from '../../../i18n/translate.ts'
import { NumberField } from '../number-field.tsx'
import { SearchField } from '../search-field.tsx'
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
        <NumberField label={t('pdf.page')} current={current} count={pdf.numPages} onGoTo={onGoTo} />
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
