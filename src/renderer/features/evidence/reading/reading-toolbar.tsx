import { Search } from 'lucide-react'
import { type ReactElement, useMemo } from 'react'
import type { DocumentKind } from '../../../../shared/document.ts'
import type { MappedHeading } from '../../../../shared/document-map.ts'
import { IconButton } from '../../../components/button.tsx'
import { useTranslate } from '../../../i18n/translate.ts'
import { NumberField } from '../number-field.tsx'
import { OutlineMenu } from '../outline-menu.tsx'
import { SearchField } from '../search-field.tsx'
import { lastAtOrBefore } from './leaf-parts.ts'
import { headingAt, outlineOf } from './outline.ts'
import type { ReadingSearch } from './use-document-search.ts'

/** Above the text: contents, where one is (a slide by its number, a sheet or section by its name), and search. */
export function ReadingToolbar({
  kind,
  headings,
  offset,
  onGoTo,
  search,
  isSearching,
  onSearching,
}: {
  readonly kind: DocumentKind | null
  readonly headings: readonly MappedHeading[]
  /** What stands in the middle of the pane. */
  readonly offset: number
  readonly onGoTo: (offset: number) => void
  readonly search: ReadingSearch
  readonly isSearching: boolean
  readonly onSearching: (isSearching: boolean) => void
}): ReactElement {
  const { t } = useTranslate()
  const entries = useMemo(() => outlineOf(headings), [headings])
  const slides = useMemo(() => (kind === 'slides' ? headings.filter(({ level }) => level === 1) : []), [kind, headings])
  const heading = headingAt(headings, offset)
  return (
    <div role="toolbar" aria-label={t('reading.toolbar')} className="border-b border-line px-2.5">
      <div className="flex h-9 items-center gap-0.5">
        <OutlineMenu
          entries={entries}
          onGoTo={(index) => {
            const entry = entries[index]
            if (entry !== undefined) onGoTo(entry.start)
          }}
        />
        {slides.length > 0 && (
          <NumberField
            label={t('reading.slide')}
            current={Math.max(1, lastAtOrBefore(slides, offset) + 1)}
            count={slides.length}
            onGoTo={(number) => {
              const slide = slides[number - 1]
              if (slide !== undefined) onGoTo(slide.start)
            }}
          />
        )}
        <span data-testid="reading-place" className="min-w-0 flex-1 truncate px-1.5 text-[12px] text-soft" dir="auto">
          {heading?.title ?? ''}
        </span>
        <IconButton
          label={t('pdf.search')}
          aria-expanded={isSearching}
          aria-keyshortcuts="Control+F Meta+F"
          onClick={() => onSearching(!isSearching)}
        >
          <Search size={15} aria-hidden />
        </IconButton>
      </div>
      {isSearching && <SearchField search={search} onClose={() => onSearching(false)} />}
    </div>
  )
}
