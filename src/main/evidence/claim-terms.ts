import { keywordTerms } from '../../shared/keyword-terms.ts'
import { stopWords } from '../../shared/stop-words.ts'

/**
 * The words of a sentence that say something, each once: no stop words, no bare numbers (those are compared by value), English
 * endings taken off; Chinese as pairs of characters. Function pairs of Chinese that hold a stop character go too.
 */
export function claimTerms(text: string): ReadonlySet<string> {
  const terms = new Set<string>()
  for (const term of keywordTerms(text)) {
    if (stopWords.has(term) || /^\p{N}+$/u.test(term)) continue
    if (/^\p{Script=Han}{2}$/u.test(term) && Array.from(term).some((character) => emptyHan.has(character))) continue
    if (/^[a-z]$/.test(term)) continue
    terms.add(stem(term))
  }
  return terms
}

/** Share of `terms` that `others` holds, 0..1; 0 where there is none. */
export function coverage(terms: ReadonlySet<string>, others: ReadonlySet<string>): number {
  if (terms.size === 0) return 0
  let held = 0
  for (const term of terms) if (others.has(term)) held += 1
  return held / terms.size
}

const emptyHan = new Set('的了吗呢吧啊是在和与及或就都也而被把对这那之其所以为于不您好')

/** Takes the commonest English endings off, so that inflected forms meet; no dictionary form. */
export function stem(word: string): string {
  if (!/^[a-z]{4,}$/.test(word)) return word
  const base = word
    .replace(/(?:sses|shes|ches|xes)$/, (end) => end.slice(0, -2))
    .replace(/ies$/, 'y')
    .replace(/(?<=[^su])s$/, '')
    .replace(/(?<=[a-z]{3})(?:ing|ed|ly)$/, '')
    .replace(/([b-df-hj-np-tv-z])\1$/, '$1')
  return base.replace(/(?<=[a-z]{3})[ey]$/, '')
}
