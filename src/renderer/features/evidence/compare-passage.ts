import { type DiffPiece, diffWords } from './word-diff.ts'

/** A kept passage beside what stands in its place. `[start, end)` of the standing text is what is compared; the rest is around it. */
export interface PassageComparison {
  readonly pieces: readonly DiffPiece[]
  readonly start: number
  readonly end: number
  /** Places at which they differ: a removal and the addition in its stead count once. */
  readonly differences: number
}

/** So few words beyond a long addition stand there by chance. */
const chanceWords = 3

/**
 * Compares a passage with a stretch of a later text that has more text around it. What the stretch has before the passage's
 * beginning and behind its end is no addition, and left out; where words at an edge were replaced, about as much stays.
 */
export function comparePassage(kept: string, standing: string): PassageComparison {
  const whole = diffWords(kept, standing)
  const { edge: lead, rest } = cutEdge(whole, 'lead', kept, standing)
  const { edge: tail, rest: middle } = cutEdge(rest, 'tail', kept, standing)
  const pieces = [...lead, ...middle, ...tail]
  const later = pieces.filter(({ kind }) => kind !== 'removed')
  const differences = pieces.filter(
    ({ kind }, index) => kind === 'removed' || (kind === 'added' && pieces[index - 1]?.kind !== 'removed'),
  ).length
  return { pieces, start: later[0]?.start ?? 0, end: later.at(-1)?.end ?? 0, differences }
}

/** `edge`: what differs there, without what only surrounds the passage. `rest` begins (or ends) with words of both. */
function cutEdge(
  pieces: readonly DiffPiece[],
  side: 'lead' | 'tail',
  kept: string,
  standing: string,
): { readonly edge: readonly DiffPiece[]; readonly rest: readonly DiffPiece[] } {
  const depth = edgeDepth(side === 'lead' ? pieces : pieces.toReversed())
  const rest = side === 'lead' ? pieces.slice(depth) : pieces.slice(0, pieces.length - depth)
  const inner = side === 'lead' ? rest[0] : rest.at(-1)
  if (inner == null || inner.earlier === null) return { edge: [], rest: pieces }
  const gone = side === 'lead' ? { start: 0, end: inner.earlier.start } : { start: inner.earlier.end, end: kept.length }
  const removed = pieceOf('removed', gone, kept)
  if (removed === null) return { edge: [], rest }
  const beyond = side === 'lead' ? { start: 0, end: inner.start } : { start: inner.end, end: standing.length }
  const added = pieceOf('added', inSteadOf(standing, beyond, removed.text.length, side), standing)
  return { edge: added === null ? [removed] : [removed, added], rest }
}

function pieceOf(
  kind: 'removed' | 'added',
  { start, end }: { readonly start: number; readonly end: number },
  whole: string,
): DiffPiece | null {
  const text = whole.slice(start, end)
  return text.trim() === '' ? null : { kind, start, end, text, earlier: null }
}

/** How many pieces, from the edge on, come before the first words that both texts have by more than chance. */
function edgeDepth(inwards: readonly DiffPiece[]): number {
  let at = 0
  for (;;) {
    while (at < inwards.length && inwards[at]?.kind !== 'same') at += 1
    const same = inwards[at]
    if (same === undefined) return at
    let gap = 0
    let next = at + 1
    for (; next < inwards.length && inwards[next]?.kind !== 'same'; next += 1)
      if (inwards[next]?.kind === 'added') gap += inwards[next]?.text.length ?? 0
    const isChance = next < inwards.length && wordCount(same.text) <= chanceWords && gap > 40 + 4 * same.text.length
    if (!isChance) return at
    at = next
  }
}

/** Of `[start, end)` the whole sentences next to the passage that are about as long as what they replaced. */
function inSteadOf(
  standing: string,
  { start, end }: { readonly start: number; readonly end: number },
  replacedLength: number,
  side: 'lead' | 'tail',
): { readonly start: number; readonly end: number } {
  const borders = [...standing.slice(start, end).matchAll(/[.!?;]\s+|[。！？；]\s*|\n+/gu)].map(
    ({ 0: sign, index }) => start + index + sign.length,
  )
  const parts =
    side === 'lead'
      ? [start, ...borders].map((border) => ({ start: border, end }))
      : [...borders, end].map((border) => ({ start, end: border }))
  const farOff = (part: { readonly start: number; readonly end: number }): number =>
    Math.abs(part.end - part.start - replacedLength)
  const nearest = parts.reduce((best, part) => (farOff(part) < farOff(best) ? part : best))
  const most = 2 * replacedLength + 40
  if (nearest.end - nearest.start <= most) return nearest
  return side === 'lead'
    ? { start: wordStart(standing, end - most), end }
    : { start, end: wordStart(standing, start + most) }
}

/** The beginning of the next word at or behind a place. */
function wordStart(text: string, from: number): number {
  const space = text.slice(from).search(/\s/u)
  return space === -1 || space > 40 ? from : from + space + 1
}

function wordCount(text: string): number {
  return text.match(/[\p{Script=Han}]|[\p{L}\p{N}]+/gu)?.length ?? 0
}
