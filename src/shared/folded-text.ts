import { simplifiedCharacter } from './simplified-characters.ts'

/** Text as searches compare it, and where each of its UTF-16 units comes from. */
export interface FoldedText {
  readonly text: string
  /** By unit of `text`: the half-open range of the original it came from. */
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

/** Inside a word, but no part of it: accents, soft hyphens, joiners. */
const insideWords = /^(?:\p{M}|\u00AD|\u200C|\u200D|\u2060)$/u
const marks = /\p{M}+/gu
/** Characters repeat; folding one takes a microsecond. A full map begins anew, so that no text can make it grow for ever. */
const known = new Map<string, string>()
const mostKnown = 20_000

/**
 * Folds character by character with the rules of keyword-terms.ts (width and compatibility forms, case, accents, Traditional
 * Chinese), keeping the way back to the original. For marking what a search found; time grows linearly.
 */
export function foldWithOffsets(original: string): FoldedText {
  let text = ''
  const starts: number[] = []
  const ends: number[] = []
  let position = 0
  for (const character of original) {
    const start = position
    position += character.length
    if (insideWords.test(character)) {
      // An accent belongs to the letter before it.
      if (ends.length > 0) ends[ends.length - 1] = position
      continue
    }
    const folded = foldCharacter(character)
    text += folded
    for (let unit = 0; unit < folded.length; unit += 1) {
      starts.push(start)
      ends.push(position)
    }
  }
  return { text, starts, ends }
}

function foldCharacter(character: string): string {
  const found = known.get(character)
  if (found !== undefined) return found
  const plain = character.normalize('NFKC').toLowerCase().normalize('NFD').replace(marks, '').normalize('NFC')
  const folded = Array.from(plain.replaceAll('ς', 'σ'), simplifiedCharacter).join('')
  if (known.size >= mostKnown) known.clear()
  known.set(character, folded)
  return folded
}
