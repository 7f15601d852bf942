import type { TextSlice } from '../../../../shared/anchor.ts'
import { cellBorder } from '../../../../shared/table-text.ts'
import type { TextRange } from '../mark-range.ts'

/** A text node that shows the canonical text from `start` on. */
interface DrawnText {
  readonly node: Text
  readonly start: number
}

/** Every drawn piece of the document's own text, in order. */
function drawnTexts(container: Element): readonly DrawnText[] {
  const drawn: DrawnText[] = []
  const walker = document.createTreeWalker(container, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const start = Number(node.parentElement?.dataset['offset'] ?? Number.NaN)
    if (Number.isFinite(start)) drawn.push({ node: node as Text, start })
  }
  return drawn
}

/** What is drawn of the given ranges of the canonical text, as ranges of the page, each with its place in the list. */
export function drawnRanges(
  container: Element,
  places: readonly TextRange[],
): readonly { readonly index: number; readonly range: Range }[] {
  const drawn = drawnTexts(container)
  const first = drawn[0]?.start ?? 0
  const last = drawn.at(-1)
  const end = last === undefined ? 0 : last.start + last.node.length
  return places.flatMap((place, index) => {
    if (place.end <= first || place.start >= end) return []
    const from = drawn.find(({ node, start }) => start + node.length > place.start)
    const until = drawn.findLast(({ start }) => start < place.end)
    if (from === undefined || until === undefined || from.start > until.start) return []
    const range = document.createRange()
    range.setStart(from.node, Math.max(0, place.start - from.start))
    range.setEnd(until.node, Math.min(until.node.length, place.end - until.start))
    return [{ index, range }]
  })
}

/** The stretch of the canonical text that is selected, or null where nothing of it is. */
export function selectedRange(container: Element, selection: Selection | null): TextRange | null {
  if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return null
  const range = selection.getRangeAt(0)
  const touched = drawnTexts(container).filter(({ node }) => range.intersectsNode(node))
  const [first] = touched
  const last = touched.at(-1)
  if (first === undefined || last === undefined) return null
  const start = first.start + (first.node === range.startContainer ? range.startOffset : 0)
  const end = last.start + (last.node === range.endContainer ? range.endOffset : last.node.length)
  return start < end ? { start, end } : null
}

/** Text as it is put on the clipboard: lines as they are stored, cells parted by tabs. Null where not all of it was read. */
export function copiedText(slices: readonly TextSlice[], { start, end }: TextRange): string | null {
  let text = ''
  let at = start
  for (const slice of slices) {
    if (slice.end <= at || slice.start >= end) continue
    if (slice.start > at) return null
    for (const block of slice.blocks) {
      if (block.kind !== 'table-row' || block.end <= at || block.start >= end) continue
      const rowStart = Math.max(block.start, at)
      const rowEnd = Math.min(block.end, end)
      text += slice.text.slice(at - slice.start, rowStart - slice.start)
      text += slice.text.slice(rowStart - slice.start, rowEnd - slice.start).replaceAll(cellBorder, '\t')
      at = rowEnd
    }
    const until = Math.min(slice.end, end)
    text += slice.text.slice(at - slice.start, until - slice.start)
    at = until
  }
  return at >= end ? text : null
}
