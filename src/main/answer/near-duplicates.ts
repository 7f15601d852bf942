import { keywordTerms } from '../../shared/keyword-terms.ts'

/** Terms of a shingle: two sentences that share a few words share hardly any of these. */
const shingleTerms = 3
/** A shorter text is a title or a line of figures: it is the same only when it is equal. */
const fewestShingles = 8
/** A text this many times longer says more than the other: it is another one. */
const mostTimesLonger = 2

/** Letters and digits alone, width, case and composition folded: equal for texts that differ in layout only. */
export function plainWords(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '')
}

/** All digits of a text, in order: equal for texts that state the same figures in digits. */
export function digitsOf(text: string): string {
  return (text.normalize('NFKC').match(/\p{Nd}+/gu) ?? []).join(' ')
}

/** Runs of three terms, every number as one sign: what the words are, whatever the figures. Time grows linearly. */
export function shinglesOf(text: string): ReadonlySet<string> {
  const terms = keywordTerms(text).map((term) => (/^\p{Nd}+$/u.test(term) ? '#' : term))
  const shingles = new Set<string>()
  for (let at = 0; at + shingleTerms <= terms.length; at += 1)
    shingles.add(terms.slice(at, at + shingleTerms).join(' '))
  return shingles
}

/** Share of the shorter text's shingles that the other one has, 0..1; 0 where one is too short, or much longer than the other. */
export function shingleOverlap(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const [shorter, longer] = one.size <= other.size ? [one, other] : [other, one]
  return longer.size > shorter.size * mostTimesLonger ? 0 : sharedShingles(shorter, longer)
}

/** Share of the shorter text's shingles, however long the longer one is; 0 where it is too short. */
function sharedShingles(shorter: ReadonlySet<string>, longer: ReadonlySet<string>): number {
  if (shorter.size < fewestShingles) return 0
  let shared = 0
  for (const shingle of shorter) if (longer.has(shingle)) shared += 1
  return shared / shorter.size
}

/** Half of the words of one stand in the other: the same passage, cut otherwise. */
const samePassageShare = 0.5

/** Whether two texts are one passage, or one a good part of the other: whatever cut them, whatever the layout. */
export function isSamePassage(one: string, other: string): boolean {
  const [words, otherWords] = [plainWords(one), plainWords(other)]
  if (words === '' || otherWords === '') return false
  if (words.includes(otherWords) || otherWords.includes(words)) return true
  const [shingles, otherShingles] = [shinglesOf(one), shinglesOf(other)]
  return shingles.size <= otherShingles.size
    ? sharedShingles(shingles, otherShingles) >= samePassageShare
    : sharedShingles(otherShingles, shingles) >= samePassageShare
}
