import type { Block, BlockKind, TextSlice } from '../../../shared/anchor.ts'

/** A piece of one block's text, inside the passage or not. Offsets are those of the canonical text. */
export interface Segment {
  readonly start: number
  readonly end: number
  readonly text: string
  readonly isMarked: boolean
  /** It carries the claim that the passage is cited for. */
  readonly isStrong: boolean
}

/** A block as drawn: its own text only (what blocks inside it own is drawn by them), in segments. */
export interface MarkedBlock {
  readonly kind: BlockKind
  readonly level: number
  readonly start: number
  readonly segments: readonly Segment[]
  /** Where the file says so, see Block; only of the piece that its block begins with. */
  readonly line: number | null
  readonly columns: readonly number[] | null
  readonly firstIndent: number
}

/** Half-open `[start, end)` in the canonical text; an empty range marks nothing. */
export interface TextRange {
  readonly start: number
  readonly end: number
}

interface OwnedRun extends TextRange {
  readonly block: Block | null
}

/**
 * Turns a slice of stored text into blocks whose segments are marked exactly on `range`, and more strongly where `strong` ranges (in
 * order) lie within it. Every character that is not
 * white space between blocks appears once, in order, whatever the parser recorded: text outside all blocks becomes
 * paragraphs, text inside nested blocks belongs to the innermost.
 */
export function markRange(
  slice: Pick<TextSlice, 'start' | 'end' | 'text' | 'blocks'>,
  range: TextRange,
  strong: readonly TextRange[] = [],
): readonly MarkedBlock[] {
  return ownedRuns(slice)
    .filter((run) => slice.text.slice(run.start - slice.start, run.end - slice.start).trim() !== '')
    .map((run) => {
      const begun = run.block?.start === run.start ? run.block : null
      return {
        kind: run.block?.kind ?? 'paragraph',
        level: run.block?.level ?? 0,
        start: run.start,
        segments: cutSegments(slice, run, range, strong),
        line: begun?.line ?? null,
        columns: begun?.columns ?? null,
        firstIndent: begun?.firstIndent ?? 0,
      }
    })
}

/** The text of all marked segments, put together: what the reader sees under the marker. */
export function markedText(blocks: readonly MarkedBlock[]): string {
  return blocks
    .flatMap((block) => block.segments.filter((segment) => segment.isMarked).map((segment) => segment.text))
    .join('')
}

/** `[start, end)` of the canonical text as the slices hold it, or null when they do not hold all of it. */
export function textInSlices(
  slices: readonly Pick<TextSlice, 'start' | 'end' | 'text'>[],
  range: TextRange,
): string | null {
  let text = ''
  let at = range.start
  for (const slice of slices) {
    if (slice.end <= at || slice.start >= range.end) continue
    if (slice.start > at) return null
    const until = Math.min(slice.end, range.end)
    text += slice.text.slice(at - slice.start, until - slice.start)
    at = until
  }
  return at >= range.end ? text : null
}

function ownedRuns(slice: Pick<TextSlice, 'start' | 'end' | 'blocks'>): readonly OwnedRun[] {
  const blocks = slice.blocks
    .map((block) => ({ ...block, start: Math.max(block.start, slice.start), end: Math.min(block.end, slice.end) }))
    .filter((block) => block.start < block.end)
    // Outer before inner, so that walking forward the last one that still covers a place is the innermost.
    .toSorted((left, right) => left.start - right.start || right.end - left.end)
  const runs: OwnedRun[] = []
  const push = (start: number, end: number, block: Block | null): void => {
    if (start < end) runs.push({ start, end, block })
  }
  const open: Block[] = []
  let at = slice.start
  const closeUntil = (offset: number): void => {
    for (let top = open.at(-1); top !== undefined && top.end <= offset; top = open.at(-1)) {
      push(at, top.end, top)
      at = Math.max(at, top.end)
      open.pop()
    }
  }
  for (const block of blocks) {
    closeUntil(block.start)
    push(at, block.start, open.at(-1) ?? null)
    at = Math.max(at, block.start)
    open.push(block)
  }
  closeUntil(slice.end)
  push(at, slice.end, null)
  return runs
}

function cutSegments(
  slice: Pick<TextSlice, 'start' | 'text'>,
  run: TextRange,
  range: TextRange,
  strong: readonly TextRange[],
): readonly Segment[] {
  const from = Math.min(Math.max(range.start, run.start), run.end)
  const until = Math.max(from, Math.min(range.end, run.end))
  const piece = (start: number, end: number, isMarked: boolean, isStrong = false): Segment[] =>
    start < end
      ? [{ start, end, text: slice.text.slice(start - slice.start, end - slice.start), isMarked, isStrong }]
      : []
  const marked: Segment[] = []
  let at = from
  for (const { start, end } of strong) {
    const first = Math.max(at, Math.min(start, until))
    const last = Math.max(first, Math.min(end, until))
    marked.push(...piece(at, first, true), ...piece(first, last, true, true))
    at = last
  }
  return [...piece(run.start, from, false), ...marked, ...piece(at, until, true), ...piece(until, run.end, false)]
}
