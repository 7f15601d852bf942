/** Case, width and accents do not matter, white space counts as one space; each unit keeps its place in the original. */
interface FoldedText {
  readonly text: string
  /** Place in the original of each folded unit, and the original's length at the end. */
  readonly places: readonly number[]
}

/** Folding one character takes a microsecond, and characters repeat. A full map begins anew. */
const known = new Map<string, string>()
const mostKnown = 20_000

/** Nothing to fold but case; most texts consist of it, and go through in runs. */
const plainRun = /[\x21-\x7e]+/y

function fold(original: string): FoldedText {
  const pieces: string[] = []
  const places: number[] = []
  let isAfterSpace = false
  let at = 0
  while (at < original.length) {
    plainRun.lastIndex = at
    const run = plainRun.exec(original)?.[0]
    if (run !== undefined) {
      pieces.push(run.toLowerCase())
      for (let unit = 0; unit < run.length; unit += 1) places.push(at + unit)
      at += run.length
      isAfterSpace = false
      continue
    }
    const character = String.fromCodePoint(original.codePointAt(at) ?? 0)
    const isSpace = character.trim() === ''
    if (!isSpace || !isAfterSpace) {
      const folded = isSpace ? ' ' : foldCharacter(character)
      pieces.push(folded)
      for (let unit = 0; unit < folded.length; unit += 1) places.push(at)
    }
    isAfterSpace = isSpace
    at += character.length
  }
  places.push(original.length)
  return { text: pieces.join(''), places }
}

function foldCharacter(character: string): string {
  const found = known.get(character)
  if (found !== undefined) return found
  const folded = character.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  if (known.size >= mostKnown) known.clear()
  known.set(character, folded)
  return folded
}

/** Where `query` stands in `text`, as half-open ranges of UTF-16 units, in order, without overlap. */
export function findInText(text: string, query: string): readonly { readonly start: number; readonly end: number }[] {
  const wanted = fold(query).text.trim()
  if (wanted === '') return []
  const folded = fold(text)
  const found: { start: number; end: number }[] = []
  for (let at = folded.text.indexOf(wanted); at >= 0; at = folded.text.indexOf(wanted, at + wanted.length))
    found.push({ start: folded.places[at] ?? 0, end: folded.places[at + wanted.length] ?? text.length })
  return found
}
