import type { BlockKind } from '../../../shared/anchor.ts'
import { isBulletStart, isItemStart, isNumberedHeading, isSentenceEnd } from './heading-pattern.ts'
import type { Line } from './pdf-lines.ts'

/** Lines of one page that belong together. */
export interface LineGroup {
  readonly kind: BlockKind
  readonly level: number
  readonly lines: readonly Line[]
}

/** Text this much larger than the document's body is a heading, of the level beside it. */
const headingScales: readonly { readonly scale: number; readonly level: number }[] = [
  { scale: 1.8, level: 1 },
  { scale: 1.4, level: 2 },
  { scale: 1.13, level: 3 },
]
const numberedHeadingLevel = 4
const maxHeadingUnits = 200
const maxHeadingLines = 4

/** Characters seen at each font size so far, in a document: the size most of them have is the body's. */
export class BodySize {
  readonly #unitsBySize = new Map<number, number>()

  add(lines: readonly Line[]): void {
    for (const line of lines) {
      const size = Math.round(line.size * 2) / 2
      this.#unitsBySize.set(size, (this.#unitsBySize.get(size) ?? 0) + line.text.length)
    }
  }

  get points(): number {
    let body = 0
    let most = 0
    for (const [size, units] of this.#unitsBySize) {
      if (units > most) [body, most] = [size, units]
    }
    return body
  }
}

/** Groups a page's lines into paragraphs, list items and headings by gaps, indents and sizes. Order stays; every line is in one group. */
export function groupLines(lines: readonly Line[], bodySize: number): readonly LineGroup[] {
  const leading = usualLeading(lines)
  const groups: LineGroup[] = []
  let open: Line[] = []
  const close = (): void => {
    if (open.length > 0) groups.push(classify(open, bodySize))
    open = []
  }
  for (const [at, line] of lines.entries()) {
    if (isTableRow(lines, at)) {
      close()
      groups.push({ kind: 'table-row', level: 0, lines: [line] })
      continue
    }
    if (open.length > 0 && startsGroup(open, line, leading)) close()
    open.push(line)
  }
  close()
  return groups
}

/** Three cells make a row; two do where a neighbour has cells too. "(a)" and what follows it are no cells. */
function isTableRow(lines: readonly Line[], at: number): boolean {
  const line = lines[at]
  if (line === undefined || line.cells < 2 || isItemStart(line.text)) return false
  return line.cells > 2 || (lines[at - 1]?.cells ?? 1) > 1 || (lines[at + 1]?.cells ?? 1) > 1
}

function startsGroup(open: readonly Line[], line: Line, leading: (size: number) => number): boolean {
  const first = open[0]
  const last = open.at(-1)
  if (first === undefined || last === undefined) return true
  if (line.angle !== last.angle || Math.abs(line.size - last.size) > last.size * 0.12) return true
  const step = line.across - last.across
  // Upwards: the next column, or a new place on the page.
  if (step < -line.size * 0.5 || step > leading(line.size) * 1.35) return true
  if (isBulletStart(line.text)) return true
  const widest = open.reduce((end, each) => Math.max(end, each.end), line.end)
  const isLastShort = last.end < widest - last.size * 3
  if (isItemStart(line.text) && (isLastShort || isSentenceEnd(last.text) || isItemStart(first.text))) return true
  if (isNumberedHeading(line.text) && (isLastShort || isSentenceEnd(last.text))) return true
  if (isLastShort && isSentenceEnd(last.text)) return true
  // A heading and the text after it may have one size: the heading is what is alone on its line and numbered.
  if (open.length === 1 && isLastShort && isNumberedHeading(last.text)) return true
  const indent = line.start - last.start
  const isHanging = open.length === 1 && isItemStart(first.text)
  return indent > line.size * 0.8 && indent < line.size * 8 && !isHanging && isSentenceEnd(last.text)
}

function classify(lines: readonly Line[], bodySize: number): LineGroup {
  const text = lines.map((line) => line.text).join(' ')
  const size = lines[0]?.size ?? bodySize
  if (lines.length <= maxHeadingLines && text.length <= maxHeadingUnits && /\p{L}/u.test(text)) {
    const larger = bodySize > 0 ? headingScales.find(({ scale }) => size >= bodySize * scale) : undefined
    if (larger !== undefined) return { kind: 'heading', level: larger.level, lines }
    if (lines.length === 1 && isNumberedHeading(text) && size >= bodySize * 0.95)
      return { kind: 'heading', level: numberedHeadingLevel, lines }
  }
  if (isItemStart(text)) return { kind: 'list-item', level: 1, lines }
  return { kind: 'paragraph', level: 0, lines }
}

/** The usual distance between baselines for text of a size: the median of what the page shows, else 1.3 sizes. */
function usualLeading(lines: readonly Line[]): (size: number) => number {
  const stepsBySize = new Map<number, number[]>()
  for (const [at, line] of lines.entries()) {
    const last = lines[at - 1]
    if (last === undefined || last.angle !== line.angle || Math.round(last.size) !== Math.round(line.size)) continue
    const step = line.across - last.across
    if (step < line.size * 0.8 || step > line.size * 2.6) continue
    const steps = stepsBySize.get(Math.round(line.size)) ?? []
    steps.push(step)
    stepsBySize.set(Math.round(line.size), steps)
  }
  const medians = new Map<number, number>()
  for (const [size, steps] of stepsBySize) {
    // With few steps the smallest is the safer guess: a page of one-line paragraphs has only gaps.
    const sorted = steps.toSorted((a, b) => a - b)
    const middle = sorted[Math.floor((sorted.length - 1) / (sorted.length < 4 ? 4 : 2))]
    if (middle !== undefined) medians.set(size, Math.min(middle, size * 2))
  }
  return (size) => medians.get(Math.round(size)) ?? size * 1.3
}
