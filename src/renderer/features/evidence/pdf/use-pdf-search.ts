import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { findInText } from '../../../../shared/find-in-text.ts'
import type { Box } from '../../../../shared/anchor.ts'
import type { DocumentId } from '../../../../shared/ids.ts'
import type { DocumentSearch } from '../search-field.tsx'
import { findInScans, type PlacesByPage } from './find-in-scans.ts'
import type { PDFDocumentProxy } from './open-pdf.ts'

/** Names of the two kinds of found text in the style sheet. */
const foundName = 'pdf-found'
const currentName = 'pdf-found-current'

/** Pages are read one after the other; the numbers grow meanwhile. */
export interface PdfSearch extends DocumentSearch {
  readonly onText: (page: number, layer: HTMLElement | null) => void
  /** Of a page that was scanned: there is no text to mark, but the place on the picture is known. */
  readonly foundOnPicture: (page: number) => readonly FoundOnPicture[]
}

export interface FoundOnPicture {
  readonly box: Box
  readonly isCurrent: boolean
}

const noPlaces: PlacesByPage = new Map()
const nothingFound: readonly FoundOnPicture[] = []

/**
 * Finds words in the pages' own text, on pages without any in what was recognised on them, counts them over the whole document, and
 * marks those on the pages that are drawn.
 */
export function usePdfSearch(
  pdf: PDFDocumentProxy,
  documentId: DocumentId,
  goTo: (page: number, pointsFromTop?: number) => void,
): PdfSearch {
  const [query, setQuery] = useState('')
  /** Matches of each page, in order. */
  const [counts, setCounts] = useState<readonly number[]>([])
  const [current, setCurrent] = useState(0)
  const layers = useRef(new Map<number, HTMLElement>())
  const [layersVersion, setLayersVersion] = useState(0)
  const texts = useRef(new Map<number, string>())
  const [scans, setScans] = useState(noPlaces)
  useEffect(() => texts.current.clear(), [pdf])

  useEffect(() => {
    setCounts([])
    setCurrent(0)
    setScans(noPlaces)
    if (query.trim() === '') return undefined
    let isGone = false
    const ending = new AbortController()
    const read = async (): Promise<void> => {
      const found: number[] = []
      const withoutText = new Set<number>()
      let hasGone = false
      for (let number = 1; number <= pdf.numPages && !isGone; number += 1) {
        const text = texts.current.get(number) ?? (await textOf(pdf, number))
        texts.current.set(number, text)
        if (text.trim() === '') withoutText.add(number)
        found.push(findInText(text, query).length)
        if (isGone) return
        const isFirst = !hasGone && (found.at(-1) ?? 0) > 0
        if (isFirst) {
          hasGone = true
          setCurrent(1)
          goTo(number)
        }
        const isLast = number === pdf.numPages && withoutText.size === 0
        if (isFirst || (number % 20 === 0 && number < pdf.numPages) || isLast) setCounts([...found])
      }
      if (withoutText.size === 0) return
      const places = await findInScans(documentId, query, { pages: withoutText, signal: ending.signal })
      const all = found.map((count, index) => count + (places.get(index + 1)?.length ?? 0))
      setScans(places)
      setCounts(all)
      const first = all.findIndex((count) => count > 0) + 1
      if (hasGone || first === 0) return
      setCurrent(1)
      goTo(first, topOf(places, first, 0))
    }
    read().catch((error: unknown) => {
      if (!isGone) console.error(error)
    })
    return () => {
      isGone = true
      ending.abort()
    }
    // A new scale makes a new `goTo`; the search does not begin again for it.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [pdf, documentId, query])

  const matchCount = useMemo(() => counts.reduce((sum, count) => sum + count, 0), [counts])
  const step = useCallback(
    (by: 1 | -1) => {
      if (matchCount === 0) return
      const next = ((current - 1 + by + matchCount) % matchCount) + 1
      setCurrent(next)
      const place = placeOf(counts, next)
      if (place !== null) goTo(place.page, topOf(scans, place.page, place.index))
    },
    [current, counts, matchCount, scans, goTo],
  )
  const onText = useCallback((page: number, layer: HTMLElement | null) => {
    if (layer === null) layers.current.delete(page)
    else layers.current.set(page, layer)
    setLayersVersion((version) => version + 1)
  }, [])

  useEffect(() => {
    const place = placeOf(counts, current)
    const found = new Highlight()
    const marked = new Highlight()
    if (query.trim() !== '') {
      for (const [page, layer] of layers.current) {
        rangesIn(layer, query).forEach((range, index) => {
          if (place?.page === page && place.index === index) {
            marked.add(range)
            range.startContainer.parentElement?.scrollIntoView({ block: 'nearest' })
          } else found.add(range)
        })
      }
    }
    CSS.highlights.set(foundName, found)
    CSS.highlights.set(currentName, marked)
    return () => {
      CSS.highlights.delete(foundName)
      CSS.highlights.delete(currentName)
    }
  }, [query, counts, current, layersVersion])

  const foundOnPicture = useCallback(
    (page: number): readonly FoundOnPicture[] => {
      const places = scans.get(page)
      if (places === undefined) return nothingFound
      const place = placeOf(counts, current)
      return places.flatMap((boxes, index) =>
        boxes.map((box) => ({ box, isCurrent: place?.page === page && place.index === index })),
      )
    },
    [scans, counts, current],
  )

  return {
    query,
    setQuery,
    matchCount,
    currentMatch: current,
    isReading: query.trim() !== '' && counts.length < pdf.numPages,
    step,
    onText,
    foundOnPicture,
  }
}

/** Points from the page's top to a place on a scanned page; 0 for a page with text of its own, whose words scroll into sight by themselves. */
function topOf(places: PlacesByPage, page: number, index: number): number {
  return Math.max(0, ...(places.get(page)?.[index] ?? []).slice(0, 1).map(({ y }) => y))
}

async function textOf(pdf: PDFDocumentProxy, number: number): Promise<string> {
  const { items } = await (await pdf.getPage(number)).getTextContent()
  return items.map((item) => ('str' in item ? item.str : '')).join('')
}

function placeOf(counts: readonly number[], match: number): { readonly page: number; readonly index: number } | null {
  let before = 0
  for (const [index, count] of counts.entries()) {
    if (match > before && match <= before + count) return { page: index + 1, index: match - before - 1 }
    before += count
  }
  return null
}

function rangesIn(layer: HTMLElement, query: string): readonly Range[] {
  const nodes: { readonly node: Text; readonly start: number }[] = []
  let text = ''
  const walker = document.createTreeWalker(layer, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    nodes.push({ node: node as Text, start: text.length })
    text += node.nodeValue ?? ''
  }
  const pointAt = (offset: number): readonly [Text, number] | null => {
    const entry = nodes.findLast(({ start }) => start <= offset)
    return entry === undefined ? null : [entry.node, Math.min(offset - entry.start, entry.node.length)]
  }
  return findInText(text, query).flatMap(({ start, end }) => {
    const first = pointAt(start)
    const last = pointAt(end - 1)
    if (first === null || last === null) return []
    const range = document.createRange()
    range.setStart(...first)
    range.setEnd(last[0], Math.min(last[1] + 1, last[0].length))
    return [range]
  })
}
