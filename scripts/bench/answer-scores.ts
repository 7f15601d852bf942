import { splitSentences } from '../../src/main/evidence/split-sentences.ts'

/**
 * Citations of one answer against gold sentences, on sentences (as CLAP NQ marks them, Rosenthal et al. 2024).
 * Precision: share of the cited sentences that are gold. Recall: share of the gold sentences that are cited. F1: their harmonic
 * mean. Sentences are compared by letters and digits alone; one that holds the other counts as the same, since both sides cut
 * in their own way. Nothing cited: all 0.
 */
export function citationScore(
  cited: readonly string[],
  gold: readonly string[],
): { readonly precision: number; readonly recall: number; readonly f1: number } {
  const citedKeys = [...new Set(cited.map(keyOf).filter((key) => key !== ''))]
  const goldKeys = [...new Set(gold.map(keyOf).filter((key) => key !== ''))]
  if (citedKeys.length === 0 || goldKeys.length === 0) return { precision: 0, recall: 0, f1: 0 }
  const isSame = (one: string, other: string): boolean => one.includes(other) || other.includes(one)
  const shareOf = (keys: readonly string[], others: readonly string[]): number =>
    keys.filter((key) => others.some((other) => isSame(key, other))).length / keys.length
  const precision = shareOf(citedKeys, goldKeys)
  const recall = shareOf(goldKeys, citedKeys)
  return { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) }
}

/** Several people marked gold sentences: the one that fits best counts, as usual with several references. */
export function bestCitationScore(
  cited: readonly string[],
  golds: readonly (readonly string[])[],
): ReturnType<typeof citationScore> {
  const scores = golds.map((gold) => citationScore(cited, gold))
  return scores.reduce((best, score) => (score.f1 > best.f1 ? score : best), citationScore([], []))
}

/** Sentences of some texts, in order. */
export function sentencesOf(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => splitSentences(text).map((sentence) => sentence.text))
}

/** The quoted sentences of an answer in quotes mode: its text without marks of quotation and citation. */
export function quotedSentences(answer: string): readonly string[] {
  return sentencesOf([answer.replaceAll(/\s*\[\d+\]/g, '').replaceAll(/^>\s?/gm, '')])
}

/**
 * The numbers in a text that say something by themselves: amounts with a thousands comma or a decimal point, percentages, and whole
 * numbers from 100 on, without commas. Years, days, quarters and numbers of sections are left out, for they stand everywhere.
 */
export function numbersOf(text: string): ReadonlySet<string> {
  const numbers = new Set<string>()
  for (const [match, digits = '', percent = ''] of text.matchAll(
    /(?<![\w.])(\d+(?:,\d{3})*(?:\.\d+)?)(\s?%)?(?![\w])/g,
  )) {
    const plain = digits.replaceAll(',', '')
    const isYear = /^(?:19|20)\d\d$/.test(digits) && percent === ''
    const saysSomething = digits !== plain || plain.includes('.') || percent !== '' || plain.length >= 3
    if (match !== '' && !isYear && saysSomething) numbers.add(plain)
  }
  return numbers
}

/** Share of the numbers that stand in the text; null where there are none to find. */
export function numbersFound(wanted: ReadonlySet<string>, text: string): number | null {
  if (wanted.size === 0) return null
  const there = numbersOf(text)
  return [...wanted].filter((number) => there.has(number)).length / wanted.size
}

function keyOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '')
}
