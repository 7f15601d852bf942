import { codePattern, fold, foldedRuns, otherForm, termsOfFolded } from './keyword-terms.ts'
import { stopWords } from './stop-words.ts'

/** One thing that must be there: any of these rows of terms, each side by side and in this order. Never empty. */
export type Requirement = readonly (readonly string[])[]

/** What a query demands of a document that is to be found by it. */
export interface RequiredTerms {
  readonly requirements: readonly Requirement[]
  /** Single characters of an unspaced script, which stand in too many words to be looked for: they are not among the requirements. */
  readonly loneCharacters: readonly string[]
}

/** In quotation marks, or a title: in one piece. */
const onePiece =
  /"([^"]*)"|\u201C([^\u201D]*)\u201D|\u201E([^\u201C]*)\u201C|«([^»]*)»|「([^」]*)」|『([^』]*)』|《([^《》]*)》/g
/** Chinese characters that only join others: words end there. */
const joiningCharacters = new Set('的了在和与及或是有被把之其吗呢吧啊也都而就对于从为以')
const joiningWords = new Set('关于 以及 或者 如果 我们 他们 什么 哪些 所有 全部 任何 一个 这个 那个'.split(' '))
const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })

/**
 * What must stand in a document that mentions all of a query: each part in quotation marks in one piece; each code and number in
 * one piece, also as others write it; every other word that says something; of a Chinese run every word of it. Words are found in
 * every form that the keyword index takes for the same (case, width, accents, Simplified and Traditional, inflection).
 */
export function requiredTerms(query: string): RequiredTerms {
  const requirements: Requirement[] = []
  const lone: string[] = []
  const seen = new Set<string>()
  const demand = (alternatives: Requirement): void => {
    const telling = alternatives.filter((terms) => terms.length > 0)
    const key = JSON.stringify(telling)
    if (telling.length === 0 || seen.has(key)) return
    seen.add(key)
    requirements.push(telling)
  }
  const withoutPieces = fold(query).replace(onePiece, (_whole, ...groups: readonly unknown[]) => {
    const inside = groups.find((group): group is string => typeof group === 'string' && group !== '')
    demand([termsOfFolded(inside ?? '')])
    return ' '
  })
  const words = withoutPieces.replace(codePattern, (token) => {
    if (!/\p{N}/u.test(token)) return token
    demand([termsOfFolded(token), ...otherForm(token)])
    return ' '
  })
  const runs = [...foldedRuns(words)]
  const telling = runs.filter((run) => 'characters' in run || !stopWords.has(run.word))
  // "The Who": nothing but words that say little is still something to look for.
  for (const run of telling.length === 0 && requirements.length === 0 ? runs : telling) {
    if ('word' in run) demand([[run.word]])
    else if (run.characters.length === 1) lone.push(...run.characters)
    else for (const word of wordsOfRun(run.characters)) demand([termsOfFolded(word)])
  }
  return { requirements, loneCharacters: lone }
}

/** The words of a Chinese run, each of two characters or more; a run of another script, or one without such a word, stays whole. */
function wordsOfRun(characters: readonly string[]): readonly string[] {
  const run = characters.join('')
  if (!/^\p{Script=Han}+$/u.test(run)) return [run]
  const words: string[] = []
  let isOpen = false
  for (const { segment } of segmenter.segment(run)) {
    const isLone = Array.from(segment).length === 1
    if (joiningWords.has(segment) || (isLone && joiningCharacters.has(segment))) {
      isOpen = false
      continue
    }
    const before = words.at(-1)
    // A character by itself belongs to the word beside it.
    if (isOpen && before !== undefined && (isLone || Array.from(before).length === 1))
      words[words.length - 1] = `${before}${segment}`
    else words.push(segment)
    isOpen = true
  }
  const found = words.filter((word) => Array.from(word).length > 1)
  return found.length === 0 ? [run] : found
}
