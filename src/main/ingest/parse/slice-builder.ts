import type { Block, BlockKind, TextSlice } from '../../../shared/anchor.ts'
import { normaliseFlow, readCode } from './normalise-text.ts'
import { splitText } from './split-text.ts'

/** One block as a format reads it, its text not yet normalised. `tight`: one line break after the block before, not two. */
export interface RawBlock {
  readonly kind: BlockKind
  readonly level: number
  readonly text: string
  readonly tight?: boolean
  /** See the same fields of Block. */
  readonly line?: number
  readonly columns?: readonly number[]
}

/** What a block has besides its kind and its text. */
type BlockDetails = Pick<Block, 'line' | 'columns' | 'firstIndent'>

interface Piece {
  readonly text: string
  /** White space that parts it from the next piece of the same block. */
  readonly gap: string
  readonly level: number
  readonly details: BlockDetails
}

/** A slice holds whole blocks up to about this many UTF-16 units. */
export const maxSliceUnits = 32_000

/** A heading that would come this late in a slice opens the next one, so that it is not parted from what it heads. */
const lateHeadingShare = 0.75
/** Longer raw texts are normalised piece by piece: a file of one endless line needs no second copy of itself. */
const maxNormalisedUnits = 1_000_000

/**
 * Builds the canonical text of a document without pages. Blocks are parted by an empty line (tight ones by a line break), which
 * belongs to the slice before; slices follow each other without a gap; a block's range is trimmed and never crosses a slice. A
 * block longer than a slice becomes several of its kind, cut at sentence ends. Lazy and linear: each slice is yielded as soon
 * as it is full. Blocks without text are left out; a document without text yields nothing.
 */
export function* buildSlices(
  blocks: Iterable<RawBlock>,
  options: { readonly maxUnits?: number } = {},
): Generator<TextSlice> {
  const maxUnits = options.maxUnits ?? maxSliceUnits
  let parts: string[] = []
  let sliceBlocks: Block[] = []
  let start = 0
  let end = 0
  let ordinal = 0

  const close = (): TextSlice => {
    const slice = { ordinal, start, end, text: parts.join(''), page: null, blocks: sliceBlocks, runs: [] }
    ordinal += 1
    start = end
    parts = []
    sliceBlocks = []
    return slice
  }
  const append = (text: string): void => {
    parts.push(text)
    end += text.length
  }

  for (const raw of blocks) {
    let separator = raw.tight === true ? '\n' : '\n\n'
    for (const piece of piecesOf(raw, maxUnits)) {
      if (end > start) {
        const used = end - start
        const isLateHeading = raw.kind === 'heading' && used > maxUnits * lateHeadingShare
        append(separator)
        if (isLateHeading || used + separator.length + piece.text.length > maxUnits) yield close()
      }
      sliceBlocks.push({
        kind: raw.kind,
        level: piece.level,
        start: end,
        end: end + piece.text.length,
        ...piece.details,
      })
      append(piece.text)
      separator = piece.gap
    }
  }
  if (end > start) yield close()
}

/** The block's normalised text in pieces of at most `maxUnits`. */
function* piecesOf(raw: RawBlock, maxUnits: number): Generator<Piece> {
  const windows =
    raw.text.length > maxNormalisedUnits
      ? splitText(raw.text, maxNormalisedUnits)
      : [{ start: 0, end: raw.text.length }]
  let isFirstWindow = true
  for (const window of windows) {
    const rawText = raw.text.slice(window.start, window.end)
    const code = raw.kind === 'code' ? readCode(rawText) : null
    const text = code?.text ?? normaliseFlow(rawText)
    let line = isFirstWindow && raw.line !== undefined ? raw.line + (code?.skippedLines ?? 0) : null
    let counted = 0
    for (const { start, end } of splitText(text, maxUnits)) {
      if (line !== null && code !== null) line += text.slice(counted, start).split('\n').length - 1
      counted = start
      yield {
        text: text.slice(start, end),
        gap: gapAt(text, end, raw.text, window.end),
        level: code?.indent ?? raw.level,
        details: {
          ...(line === null ? {} : { line }),
          ...(raw.columns === undefined || end < text.length || start > 0 ? {} : { columns: [...raw.columns] }),
          ...(code !== null && start === 0 && code.firstIndent > 0 ? { firstIndent: code.firstIndent } : {}),
        },
      }
    }
    isFirstWindow = false
  }
}

function gapAt(text: string, end: number, rawText: string, windowEnd: number): string {
  const after = end < text.length ? text.charAt(end) : rawText.charAt(windowEnd)
  if (after === '\n' || after === '\r') return '\n'
  return /\s/.test(after) ? ' ' : ''
}
