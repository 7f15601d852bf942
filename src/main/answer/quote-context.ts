import { keywordTerms } from '../../shared/keyword-terms.ts'

/** Sentences that begin so say little without the one before them. */
const leaningEnglish =
  /^(?:["“(]?)(?:he|she|it|they|this|these|those|that|his|her|hers|its|their|such|however|but|also|then|thus|therefore|otherwise|instead|both|the (?:former|latter|same))\b/i
const leaningInside = /^(?:perhaps|in|for|because of|after|during|under|among) (?:his|her|its|their|this|these|such)\b/i
const leaningChinese =
  /^(?:其|该|这|此|它|他|她|前款|前项|前述|上述|违反前|但是|但|而|并且|因此|同时|否则|另外|此外|[\p{Script=Han}]{1,6}违反前款)/u

/** Whether a sentence leans on the one before it: a reader of a quotation would ask "who?" or "which?". */
export function leansBack(sentence: string): boolean {
  return leaningEnglish.test(sentence) || leaningInside.test(sentence) || leaningChinese.test(sentence)
}

/** Whether a line answers nothing: it has no end of a sentence and no word that question, title and headings have not. */
export function onlyRepeats(line: string, known: ReadonlySet<string>): boolean {
  return !/[.。！？!?…;；:：|\t]["'”’)）」』】]*\s*$/.test(line) && keywordTerms(line).every((term) => known.has(term))
}

/** Two sentences that follow each other, as one quotation. */
export function joinedSentences(before: string, sentence: string): string {
  return /[\u2e80-\u9fff\uff00-\uffef]$/.test(before) ? `${before}${sentence}` : `${before} ${sentence}`
}
