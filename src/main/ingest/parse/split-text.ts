const sentenceEnds = new Set(['。', '！', '？', '；', '!', '?', ';', '…', '\n'])

/** No sentence worth keeping whole is longer. */
const maxLookBackUnits = 4_000

/** `[start, end)` ranges of at most `maxUnits`, white space at their borders left out. */
export interface TextRange {
  readonly start: number
  readonly end: number
}

/**
 * Cuts a long text into ranges of at most `maxUnits` UTF-16 units: at the last sentence end near each window's end, else at
 * the last white space there, else anywhere but inside a character. Linear; white space between ranges belongs to none.
 */
export function* splitText(text: string, maxUnits: number): Generator<TextRange> {
  let start = skipSpace(text, 0)
  while (start < text.length) {
    const cut = text.length - start <= maxUnits ? text.length : findCut(text, start, start + maxUnits)
    let end = cut
    while (end > start && isSpace(text, end - 1)) end -= 1
    yield { start, end }
    start = skipSpace(text, cut)
  }
}

function findCut(text: string, start: number, limit: number): number {
  const middle = limit - Math.min(Math.floor((limit - start) / 2), maxLookBackUnits)
  let spaceAt = -1
  for (let at = limit; at > middle; at -= 1) {
    const before = text.charAt(at - 1)
    if (sentenceEnds.has(before) || (before === '.' && isSpace(text, at))) return at
    if (spaceAt < 0 && isSpace(text, at - 1)) spaceAt = at
  }
  if (spaceAt > 0) return spaceAt
  for (let at = limit; at > middle && at > limit - 64; at -= 1) {
    if (!isInsideCharacter(text, at)) return at
  }
  return isLowSurrogate(text, limit) && limit - 1 > start ? limit - 1 : limit
}

function isInsideCharacter(text: string, at: number): boolean {
  return isLowSurrogate(text, at) || /^[\p{M}\u200D]/u.test(text.slice(at, at + 2)) || text.charAt(at - 1) === '\u200D'
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff
}

function isSpace(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  // Beyond U+3000 only the byte order mark counts as white space, and none is left here: Chinese text is passed over quickly.
  return unit === 32 || (unit >= 9 && unit <= 13) || (unit >= 0xa0 && unit <= 0x3000 && /\s/.test(text.charAt(at)))
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (at < text.length && isSpace(text, at)) at += 1
  return at
}
