import { splitSentences } from '../evidence/split-sentences.ts'
import { saysNothing } from './leaders.ts'

/** In words, or in characters where a script writes no spaces; a shorter sentence is found everywhere, a longer one is a list. */
const lengths = { words: { fewest: 8, most: 40 }, characters: { fewest: 14, most: 90 } } as const

/**
 * A question out of a passage's own sentences, without a model: of its most telling sentence the beginning and the end, so that no search
 * finds it only because it is the very same. Null where the passage has no sentence that says enough. Pure, and always the same.
 */
export function questionFrom(text: string): string | null {
  let best: { readonly parts: readonly string[]; readonly glue: string } | null = null
  for (const { text: sentence } of splitSentences(text)) {
    if (saysNothing(sentence)) continue
    const read = partsOf(sentence.replaceAll(/["“”„«»「」『』＂]/g, ' '))
    if (read !== null && (best === null || read.parts.length > best.parts.length)) best = read
  }
  if (best === null) return null
  const { parts, glue } = best
  const third = Math.ceil(parts.length / 3)
  return [...parts.slice(0, third), ...(glue === '' ? [' '] : []), ...parts.slice(-third)].join(glue).trim()
}

function partsOf(sentence: string): { readonly parts: readonly string[]; readonly glue: string } | null {
  const han = sentence.match(/\p{Script=Han}/gu)?.length ?? 0
  const isUnspaced = han * 2 > sentence.replaceAll(/\s/g, '').length
  const parts = isUnspaced
    ? Array.from(sentence.replaceAll(/\s/g, ''))
    : sentence.split(/\s+/).filter((word) => word !== '')
  const { fewest, most } = isUnspaced ? lengths.characters : lengths.words
  return parts.length < fewest || parts.length > most ? null : { parts, glue: isUnspaced ? '' : ' ' }
}
