/** Offsets where a text may be cut, each after the white space that follows the border; the last is the text's length. */
export type BorderFinder = (text: string) => readonly number[]

/** Words that end with a full stop in the middle of a sentence. */
const abbreviations: ReadonlySet<string> = new Set(
  `al approx apr art arts aug ca cf ch chap co col corp dec dept dr ed eds eg eq eqs esp est etc feb fig figs gen gov hon ie
  inc jan jr jul jun ltd mar messrs mr mrs ms mt no nos nov oct op para paras pp prof pt rep rev sec sect sen sep sept sr st
  tab univ viz vol vols vs z.b bzw usw d.h m.e p.ex`.split(/\s+/),
)

const terminators = /[.!?。！？；｡\n]/g
const closers: ReadonlySet<string> = new Set('"\'”’」』）】》)]〕〉»')
const fullWidthEnds: ReadonlySet<string> = new Set('。！？；｡')
const halfWidthEnds: ReadonlySet<string> = new Set('.!?')

/**
 * Sentence ends: 。！？； anywhere; `.` `!` `?` before white space, a full stop not after an abbreviation, an initial or before a
 * small letter; empty lines. An own scanner: Intl.Segmenter knows neither abbreviations nor ； and ends a sentence at each line.
 */
export function sentenceBorders(text: string): readonly number[] {
  const borders: number[] = []
  terminators.lastIndex = 0
  for (let match = terminators.exec(text); match !== null; match = terminators.exec(text)) {
    const mark = match[0]
    const afterMarks = skipWhile(
      text,
      match.index,
      (character) => halfWidthEnds.has(character) || fullWidthEnds.has(character),
    )
    const end = mark === '\n' ? match.index : skipWhile(text, afterMarks, (character) => closers.has(character))
    const next = skipWhile(text, end, isSpace)
    terminators.lastIndex = Math.max(next, match.index + 1)
    if (endsSentence(text, match.index, end, next)) borders.push(next)
  }
  return closed(borders, text)
}

function endsSentence(text: string, mark: number, end: number, next: number): boolean {
  const gap = text.slice(end, Math.min(next, end + 200))
  if (text.charAt(mark) === '\n') return /\n[^\n]*\n/.test(gap)
  if (fullWidthEnds.has(text.charAt(mark))) return true
  if (next === end) return next === text.length
  if (text.charAt(mark) !== '.' || end - mark > 1) return true
  if (/^\p{Ll}/u.test(text.slice(next, next + 2))) return false
  const word = /[\p{L}.]{1,12}$/u.exec(text.slice(Math.max(0, mark - 12), mark))?.[0] ?? ''
  return !(/^\p{Lu}$/u.test(word) || abbreviations.has(word.toLowerCase()) || /^(?:\p{L}\.)+\p{L}$/u.test(word))
}

/** Ends of lines: for code, tables and text without sentences. */
export function lineBorders(text: string): readonly number[] {
  return bordersAfter(text, /\n\s*/g)
}

/** Commas, colons, dashes and closing brackets. */
export function clauseBorders(text: string): readonly number[] {
  return bordersAfter(text, /[，、：；）】」』]\s*|[,;:)\]]\s+|[–—]\s*/g)
}

/** White space. */
export function wordBorders(text: string): readonly number[] {
  return bordersAfter(text, /\s+/g)
}

/** Units looked at in one piece by {@link characterBorders}; no cut piece is longer. */
const windowUnits = 64
const words = new Intl.Segmenter(undefined, { granularity: 'word' })
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** At most every 64 units: at the last word border by dictionary (Chinese, Japanese, Thai), else between characters as people see them. */
export function characterBorders(text: string): readonly number[] {
  const borders: number[] = []
  let start = 0
  while (text.length - start > windowUnits) {
    // One unit more than may be used: whether the last character is complete shows only there.
    const window = text.slice(start, start + windowUnits + 1)
    const cut =
      lastStart(words, window, windowUnits / 2) ??
      lastStart(graphemes, window, 1) ??
      wholeCodePoints(text, start + windowUnits) - start
    start += cut
    borders.push(start)
  }
  return closed(borders, text)
}

function lastStart(segmenter: Intl.Segmenter, window: string, minimum: number): number | null {
  let last = 0
  for (const { index } of segmenter.segment(window)) last = index
  return last >= minimum ? last : null
}

function wholeCodePoints(text: string, offset: number): number {
  return /[\uDC00-\uDFFF]/.test(text.charAt(offset)) ? offset - 1 : offset
}

function bordersAfter(text: string, pattern: RegExp): readonly number[] {
  const borders: number[] = []
  for (const match of text.matchAll(pattern)) borders.push(match.index + match[0].length)
  return closed(borders, text)
}

function closed(borders: number[], text: string): readonly number[] {
  if (borders.at(-1) !== text.length && text.length > 0) borders.push(text.length)
  return borders
}

function skipWhile(text: string, from: number, isWanted: (character: string) => boolean): number {
  let position = from
  while (position < text.length && isWanted(text.charAt(position))) position += 1
  return position
}

function isSpace(character: string): boolean {
  return /\s/.test(character)
}
