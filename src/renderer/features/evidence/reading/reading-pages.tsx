import { useVirtualizer } from '@tanstack/react-virtual'
import {
  type ClipboardEvent,
  type ReactElement,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import type { TextSlice } from '../../../../shared/anchor.ts'
import type { DocumentMap } from '../../../../shared/document-map.ts'
import type { DocumentSummary } from '../../../../shared/document.ts'
import { classNames } from '../../../components/class-names.ts'
import { errorText } from '../../../i18n/error-text.ts'
import { useTranslate } from '../../../i18n/translate.ts'
import { EvidenceNotice } from '../evidence-notice.tsx'
import type { TextRange } from '../mark-range.ts'
import { usePaneWidth } from '../pdf/use-pane-width.ts'
import { columnLayout } from './column-layout.ts'
import { copiedText, selectedRange } from './drawn-text.ts'
import { guessHeight } from './leaf-heights.ts'
import { lastAtOrBefore, sliceOf, tableAt } from './leaf-parts.ts'
import { LeafView } from './leaf-view.tsx'
import { ReadingToolbar } from './reading-toolbar.tsx'
import { StickyHeader } from './table-rows.tsx'
import { useDocumentSearch } from './use-document-search.ts'
import { useFoundMarks } from './use-found-marks.ts'
import { useSlices } from './use-slices.ts'

interface ReadingPagesProps {
  readonly document: DocumentSummary
  readonly map: DocumentMap
  readonly name: string
  readonly given: readonly TextSlice[]
  /** What is marked; an empty range: nothing. */
  readonly range: TextRange
  readonly strong: readonly TextRange[]
  /** Where it opens; the mark's own place where there is one. */
  readonly opensAt: number
  /** Names what is shown: a change of it goes to its mark. */
  readonly subject: string
  readonly language: string
}

const edge = 20
/** Of the pane's height, above the place that one goes to: what stands before it stays in sight. */
const clearance = 1 / 3
const nothingSeen = { offset: 0, topRow: null }

/** A document from its stored text, leaf by leaf; only those near the eye exist. */
export function ReadingPages({
  document: summary,
  map,
  name,
  given,
  range,
  strong,
  opensAt,
  subject,
  language,
}: ReadingPagesProps): ReactElement {
  const { t } = useTranslate()
  const frameRef = useRef<HTMLDivElement | null>(null)
  const scrollRef = useRef<HTMLDivElement | null>(null)
  const paneWidth = usePaneWidth(scrollRef)
  const { leaves, tables, headings } = map
  const isSheet = summary.kind === 'sheet'
  const { slices, want, error } = useSlices(summary.id, given)
  const [isSearching, setSearching] = useState(false)
  const virtualizer = useVirtualizer({
    // Before the pane has a width, heights cannot be guessed.
    count: paneWidth > 0 ? leaves.length : 0,
    getScrollElement: () => scrollRef.current,
    estimateSize: (index) => {
      const leaf = leaves[index]
      return leaf === undefined ? 0 : guessHeight(leaf, tables, paneWidth)
    },
    paddingStart: edge,
    paddingEnd: edge,
    overscan: 3,
  })
  const items = virtualizer.getVirtualItems()
  const firstDrawn = items[0]?.index ?? 0
  const lastDrawn = items.at(-1)?.index ?? -1
  useEffect(() => want(leaves.slice(firstDrawn, lastDrawn + 1)), [want, leaves, firstDrawn, lastDrawn])

  // The offset that the pane is held on until the reader moves it: drawing what stands above changes heights.
  const aim = useRef<number | null>(null)
  const [, setMoves] = useState(0)
  const goTo = useCallback((offset: number) => {
    aim.current = offset
    setMoves((moves) => moves + 1)
  }, [])
  const shown = useRef('')
  const strongStart = strong[0]?.start
  useLayoutEffect(() => {
    if (shown.current === subject) return
    shown.current = subject
    aim.current = strongStart ?? opensAt
  }, [subject, strongStart, opensAt])
  // After every drawing, since each may move what stands below it.
  useLayoutEffect(() => {
    const element = scrollRef.current
    const target = aim.current
    if (element === null || target === null || paneWidth === 0) return
    const place = placeOf(element, target)
    const wanted =
      place === null
        ? virtualizer.getOffsetForIndex(lastAtOrBefore(leaves, target), 'start')?.[0]
        : Math.max(0, element.scrollTop + place - element.clientHeight * clearance)
    if (wanted !== undefined && Math.abs(wanted - element.scrollTop) > 1) element.scrollTop = wanted
  })
  const [seen, setSeen] = useState<{ readonly offset: number; readonly topRow: number | null }>(nothingSeen)
  const look = useCallback(() => {
    const element = scrollRef.current
    if (element === null) return
    const offset = aim.current ?? offsetAt(element, clearance)
    const topRow = rowAtTop(element)
    setSeen((before) => (before.offset === offset && before.topRow === topRow ? before : { offset, topRow }))
  }, [])
  useLayoutEffect(look)
  useEffect(() => {
    const element = scrollRef.current
    const moveOn = (): void => {
      aim.current = null
    }
    const gestures = ['wheel', 'pointerdown', 'keydown'] as const
    for (const gesture of gestures) element?.addEventListener(gesture, moveOn, { passive: true })
    element?.addEventListener('scroll', look, { passive: true })
    return () => {
      for (const gesture of gestures) element?.removeEventListener(gesture, moveOn)
      element?.removeEventListener('scroll', look)
    }
  }, [look])

  const search = useDocumentSearch(summary.id, goTo)
  useFoundMarks(scrollRef, search, `${firstDrawn} ${lastDrawn}`, slices)

  const stickyTable = seen.topRow === null ? null : tableAt(tables, seen.topRow)

  const widest = useMemo(
    () =>
      isSheet
        ? tables.reduce((most, table) => Math.max(most, columnLayout(table, { isSheet, hasLines: true }).leastWidth), 0)
        : 0,
    [isSheet, tables],
  )
  const onCopy = (event: ClipboardEvent<HTMLElement>): void => {
    const selected = selectedRange(event.currentTarget, document.getSelection())
    const text = selected === null ? null : copiedText(slices, selected)
    if (text === null) return
    event.clipboardData.setData('text/plain', text)
    event.preventDefault()
  }
  useEffect(() => {
    const element = frameRef.current
    const openSearch = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== 'f') return
      event.preventDefault()
      setSearching(true)
    }
    element?.addEventListener('keydown', openSearch)
    return () => element?.removeEventListener('keydown', openSearch)
  }, [])
  const showSearch = (wanted: boolean): void => {
    if (!wanted) search.setQuery('')
    setSearching(wanted)
  }
  return (
    <div ref={frameRef} className="flex min-h-0 flex-1 flex-col">
      <ReadingToolbar
        kind={summary.kind}
        headings={headings}
        offset={seen.offset}
        onGoTo={goTo}
        search={search}
        isSearching={isSearching}
        onSearching={showSearch}
      />
      {error !== null && (
        <div className="px-5 pt-3">
          <EvidenceNotice>{errorText(t, error)}</EvidenceNotice>
        </div>
      )}
      <div
        ref={scrollRef}
        data-pane-focus
        tabIndex={0}
        role="region"
        aria-label={t('evidence.text', { name })}
        data-testid="evidence-text"
        onCopy={onCopy}
        className="relative min-h-0 flex-1 overflow-auto [scrollbar-gutter:stable] focus-visible:-outline-offset-2"
      >
        <div
          className={classNames('reading relative', isSheet && 'wide')}
          style={{
            height: virtualizer.getTotalSize(),
            ...(widest > 0 ? { minWidth: `calc(${widest}ch + ${2 * edge}px)` } : {}),
          }}
        >
          {stickyTable !== null && (
            <div className="sticky-place">
              <StickyHeader table={stickyTable} isSheet={isSheet} />
            </div>
          )}
          {items.map((item) => {
            const leaf = leaves[item.index]
            if (leaf === undefined) return null
            const slice = sliceOf(slices, leaf)
            return (
              <div
                key={item.key}
                ref={slice === undefined ? undefined : virtualizer.measureElement}
                data-index={item.index}
                data-leaf={leaf.start}
                data-leaf-end={leaf.end}
                className={classNames(
                  'sheet leaf selectable',
                  item.index === 0 && 'first',
                  item.index === leaves.length - 1 && 'last',
                  isSlideStart(summary, headings, leaf.start) && 'slide',
                  isSlideStart(summary, headings, leaf.end) && 'slide-end',
                )}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {slice === undefined ? (
                  <div style={{ height: item.size }} />
                ) : (
                  <LeafView
                    leaf={leaf}
                    slice={slice}
                    range={range}
                    strong={strong}
                    tables={tables}
                    isSheet={isSheet}
                    language={language}
                  />
                )}
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

function isSlideStart(
  { kind }: Pick<DocumentSummary, 'kind'>,
  headings: DocumentMap['headings'],
  offset: number,
): boolean {
  if (kind !== 'slides' || offset === 0) return false
  const heading = headings[lastAtOrBefore(headings, offset)]
  return heading?.start === offset && heading.level === 1
}

/** How far below the pane's upper edge the text at `offset` is drawn, in CSS pixels; null where it is not drawn. */
function placeOf(container: HTMLElement, offset: number): number | null {
  const leaf = [...container.querySelectorAll<HTMLElement>('[data-leaf]')].find(
    ({ dataset }) => Number(dataset['leaf']) <= offset && offset < Number(dataset['leafEnd']),
  )
  const pieces = leaf?.querySelectorAll<HTMLElement>('[data-offset]') ?? []
  const piece = [...pieces].findLast((candidate) => Number(candidate.dataset['offset']) <= offset) ?? pieces[0]
  if (piece === undefined) return null
  return piece.getBoundingClientRect().top - container.getBoundingClientRect().top
}

/** The offset of the text that is drawn so far down in the pane, as a share of its height. */
function offsetAt(container: HTMLElement, share: number): number {
  const line = container.getBoundingClientRect().top + container.clientHeight * share + 2
  const pieces = container.querySelectorAll<HTMLElement>('.leaf [data-offset]')
  let low = 0
  let high = pieces.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((pieces[middle]?.getBoundingClientRect().top ?? 0) <= line) low = middle + 1
    else high = middle
  }
  return Number(pieces[Math.max(0, low - 1)]?.dataset['offset'] ?? 0)
}

/** The row at the pane's upper edge, by its offset, where the heading row of its table is out of sight; else null. */
function rowAtTop(container: HTMLElement): number | null {
  const top = container.getBoundingClientRect().top
  const rows = [...container.querySelectorAll<HTMLElement>('.leaf [data-block]')]
  const row = rows.find((candidate) => candidate.getBoundingClientRect().bottom > top)
  if (row === undefined || row.dataset['header'] !== undefined || row.getBoundingClientRect().top > top) return null
  return Number(row.dataset['block'])
}
