import type { TextRun, TextSlice } from '../../shared/anchor.ts'

/** Shares of the font's size that letters take in common proportional faces; all others take `usual`. */
const shares: readonly (readonly [share: number, characters: string])[] = [
  [0.23, "ijl|'"],
  [0.28, ' .,:;!/\\ftI[]\u00a0'],
  [0.33, 'r()-`"*°'],
  [0.5, 'ckvxyzsJ'],
  [0.67, 'ABEKPSVXY&'],
  [0.72, 'wCDHNRU'],
  [0.78, 'GOQ'],
  [0.85, 'mM%—…'],
  [1, 'W@'],
]
const usual = 0.55
const byCharacter = new Map(
  shares.flatMap(([share, characters]) => [...characters].map((one) => [one, share] as const)),
)
const fullWidth = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60]/u

/** How wide a text is drawn, in some unit of its own: for shares of a whole. */
export type WidthOf = (text: string) => number

/** Every UTF-16 unit as wide as the others: a typewriter's face. */
const even: WidthOf = (text) => text.length

/** By the letters' shares in common faces; a full-width character takes the whole size. */
const proportional: WidthOf = (text) => {
  let width = 0
  for (const character of text) width += byCharacter.get(character) ?? (fullWidth.test(character) ? 1 : usual)
  return width
}

/**
 * How the letters of a page share its runs' widths: as in a typewriter's face or as in a proportional one, whichever makes the
 * widths of its runs fit better. A PDF's own widths of letters are not kept.
 */
export function widthsOf(slice: Pick<TextSlice, 'start' | 'text' | 'runs'>): WidthOf {
  const runs = slice.runs.filter((run) => run.width > run.height && run.end - run.start > 3)
  return spread(slice, runs, proportional) < spread(slice, runs, even) ? proportional : even
}

/** How far the runs' widths lie from those expected for their text and height: the relative variance. */
function spread(
  { start, text }: Pick<TextSlice, 'start' | 'text'>,
  runs: readonly TextRun[],
  widthOf: WidthOf,
): number {
  const ratios = runs.map(
    (run) => run.width / Math.max(0.01, widthOf(text.slice(run.start - start, run.end - start)) * run.height),
  )
  const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / Math.max(1, ratios.length)
  return mean === 0 ? 0 : ratios.reduce((sum, ratio) => sum + (ratio / mean - 1) ** 2, 0) / Math.max(1, ratios.length)
}
