/** Case, width and accents do not matter, white space counts as one space; each unit keeps its place in the original. */
interface FoldedText {
  readonly text: string
  /** Place in the original of each folded unit, and the original's length at the end. */
  readonly places: readonly number[]
}

function fold(original: string): FoldedText {
  let text = ''
  const places: number[] = []
  let isAfterSpace = false
  let at = 0
  for (const character of original) {
    const isSpace = /\s/.test(character)
    const folded = isSpace ? ' ' : character.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
    if (!(isSpace && isAfterSpace)) {
      text += folded
      for (let unit = 0; unit < folded.length; unit += 1) places.push(at)
    }
    isAfterSpace = isSpace
    at += character.length
  }
  places.push(original.length)
  return { text, places }
}

/** Where `query` stands in `text`, as half-open ranges of UTF-16 units, in order, without overlap. */
export function findInText(text: string, query: string): readonly { readonly start: number; readonly end: number }[] {
  const wanted = fold(query).text.trim()
  if (wanted === '') return []
  const folded = fold(text)
  const found: { start: number; end: number }[] = []
  for (let at = folded.text.indexOf(wanted); at >= 0; at = folded.text.indexOf(wanted, at + wanted.length)) {
    found.push({ start: folded.places[at] ?? 0, end: folded.places[at + wanted.length] ?? text.length })
  }
  return found
}
