import {
  type BorderFinder,
  characterBorders,
  clauseBorders,
  lineBorders,
  sentenceBorders,
  wordBorders,
} from './text-borders.ts'

/** A part of a text that fits, `[start, end)` within it, white space at its ends left out. */
export interface FittingPiece {
  readonly start: number
  readonly end: number
  readonly tokens: number
  /** Cut inside a run of letters: neighbouring pieces do not add up to the token count of both. */
  readonly isInexact: boolean
}

const prose: readonly BorderFinder[] = [sentenceBorders, lineBorders, clauseBorders, wordBorders, characterBorders]
const lines: readonly BorderFinder[] = [lineBorders, sentenceBorders, clauseBorders, wordBorders, characterBorders]

/**
 * Cuts a text at the coarsest borders that give pieces of at most `maxTokens` and `maxUnits`: sentences, lines, clauses, words,
 * at last characters (for code and tables lines come first). Every stretch is counted at most once a level, hence linear.
 */
export function splitToFit(
  text: string,
  limits: {
    readonly maxTokens: number
    readonly maxUnits: number
    readonly countTokens: (text: string) => number
    readonly byLines: boolean
  },
): readonly FittingPiece[] {
  const finders = limits.byLines ? lines : prose
  const pieces: FittingPiece[] = []
  const split = (start: number, end: number, level: number): void => {
    const finder = finders[level]
    if (finder === undefined) return
    const isLast = level === finders.length - 1
    let from = start
    for (const border of finder(text.slice(start, end))) {
      const to = start + border
      const piece = trimmed(text, from, to)
      from = to
      if (piece.start === piece.end) continue
      const tokens =
        !isLast && piece.end - piece.start > limits.maxUnits
          ? Infinity
          : limits.countTokens(text.slice(piece.start, piece.end))
      if (tokens <= limits.maxTokens || isLast) pieces.push({ ...piece, tokens, isInexact: isLast })
      else split(piece.start, piece.end, level + 1)
    }
  }
  split(0, text.length, 0)
  return pieces
}

/** The range without white space at its ends. */
export function trimmed(text: string, start: number, end: number): { readonly start: number; readonly end: number } {
  let first = start
  let last = end
  while (first < last && /\s/.test(text.charAt(first))) first += 1
  while (last > first && /\s/.test(text.charAt(last - 1))) last -= 1
  return { start: first, end: last }
}
