import { simplifiedCharacter } from './simplified-characters.ts'
import { stopWords } from './stop-words.ts'

const mostCodes = 16
/** A longer run of letters (base64, a hostile file) becomes pieces of this many code points. */
const longestTerm = 64

/** Scripts written without spaces between words: their runs become overlapping pairs of characters. */
const unspaced = String.raw`[[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}ー\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]&&[\p{L}\p{N}]]`
/** Accents, vowel signs, variation selectors, soft hyphens and joiners: inside a word, but no part of a term. */
const insideWords = String.raw`[\p{M}\u00AD\u200C\u200D\u2060]`
// Both alternatives are one character class repeated, so that the scan is linear whatever the input.
const unspacedClass = String.raw`[${unspaced}${insideWords}]`
const wordClass = String.raw`[[[\p{L}\p{N}]--${unspaced}]${insideWords}]`
const runPattern = new RegExp(String.raw`(${unspaced}${unspacedClass}*)|(${wordClass}+)`, 'gv')
const codeClass = String.raw`[[\p{L}\p{N}]--${unspaced}]`
/** Runs of letters and digits with marks inside, or of many digits. Begins where a run begins, so that a run is looked at once. */
export const codePattern = new RegExp(
  String.raw`(?<!${codeClass})(?:${codeClass}+(?:[\-.,_\/:·]${codeClass}+)+|[0-9]{4,15}(?!${codeClass}))`,
  'gv',
)
const insideWordsPattern = new RegExp(`${insideWords}+`, 'gv')

/** What English puts after an apostrophe: "John's", "don't", "we'll". */
const clitics: ReadonlySet<string> = new Set(['s', 't', 're', 've', 'll', 'd', 'm'])
const apostrophes: ReadonlySet<string> = new Set(["'", '\u2019', '\u02BC'])

/**
 * Splits text into the terms that the keyword index stores, in order, repetitions kept. Terms hold only letters and
 * digits, lower case, width and compatibility forms folded (NFKC), accents removed, Traditional Chinese characters as
 * Simplified. Chinese, Japanese, Korean and Thai runs become overlapping character pairs (a run of one character
 * stays alone; a single line break inside a run is ignored, because PDF lines break anywhere); other words stay whole.
 * `AB-1234`, `3.14` and `v2.1` become their parts, so that a phrase search finds them. Time grows linearly.
 */
export function keywordTerms(text: string): string[] {
  return termsOfFolded(fold(text))
}

/** What a query searches for, see {@link queryTerms}. */
export interface QueryTerms {
  /** Without stop words (unless nothing else is there) and without repetitions, in order of appearance. */
  readonly terms: string[]
  /** Terms of each part in quotation marks, in order, stop words kept. */
  readonly phrases: string[][]
  /** Terms of each code or number that marks cut into several (`AB-1234`, `3.14`): they belong side by side. */
  readonly codes: string[][]
  /** The same numbers as others write them: `1,000` is also `1000`, and the reverse. */
  readonly otherForms: string[][]
}

/**
 * Terms of a question, by the rules of {@link keywordTerms}. Text inside "…", “…”, „…“, «…», 「…」 or 『…』 is also a phrase; so is a
 * book title in 《…》 among the codes: it belongs together, but need not be there.
 */
export function queryTerms(query: string): QueryTerms {
  const folded = fold(query)
  const all = [...new Set(termsOfFolded(folded))]
  const telling = all.filter((term) => !stopWords.has(term))
  const tokens = codeTokens(folded)
  return {
    terms: telling.length === 0 ? all : telling,
    phrases: quotedParts(folded)
      .map(termsOfFolded)
      .filter((phrase) => phrase.length > 0),
    codes: [...tokens, ...titles(folded)].map(termsOfFolded).filter((terms) => terms.length > 1),
    otherForms: tokens.flatMap(otherForm),
  }
}

/** Runs of letters and digits with marks inside, or of many digits; at least one digit each. A sentence has few of them. */
function codeTokens(folded: string): readonly string[] {
  return [...new Set(folded.match(codePattern))].filter((token) => /\p{N}/u.test(token)).slice(0, mostCodes)
}

function titles(folded: string): readonly string[] {
  return [...folded.matchAll(/《([^《》]{1,100})》/g)].map(([, title]) => title ?? '').slice(0, mostCodes)
}

/** The same number as others write it: `1,000` is also `1000`, and the reverse. Terms side by side; empty for what is no number. */
export function otherForm(token: string): readonly string[][] {
  const [, whole = '', rest = ''] = /^([0-9,]+)((?:\.[0-9]+)?)$/.exec(token) ?? []
  const fraction = rest === '' ? [] : [rest.slice(1)]
  if (/^[0-9]{1,3}(?:,[0-9]{3})+$/.test(whole)) return [[whole.replaceAll(',', ''), ...fraction]]
  if (!/^[1-9][0-9]{3,14}$/.test(whole)) return []
  return [[...whole.replaceAll(/(?<=[0-9])(?=(?:[0-9]{3})+$)/g, ',').split(','), ...fraction]]
}

/**
 * Terms by the rules of {@link keywordTerms}, for a search by beginnings while somebody types: the last character of each
 * unspaced run stands alone after its pairs, so that every single character begins a term.
 */
export function prefixTerms(text: string): string[] {
  const terms: string[] = []
  for (const run of foldedRuns(fold(text))) {
    if ('word' in run) appendWord(terms, run.word)
    else {
      appendPairs(terms, run.characters)
      const last = run.characters.at(-1)
      if (last !== undefined && run.characters.length > 1) terms.push(last)
    }
  }
  return terms
}

/** A word somebody typed, perhaps not to its end; `isUnspaced`: a run of Chinese and the like, which may stand anywhere. */
export interface TypedWord {
  readonly text: string
  readonly isUnspaced: boolean
}

/** The words and unspaced runs of a search field, folded as {@link keywordTerms} folds, each once, in order. */
export function typedWords(query: string): readonly TypedWord[] {
  const words = new Map<string, TypedWord>()
  for (const run of foldedRuns(fold(query))) {
    const text = 'word' in run ? run.word : run.characters.join('')
    if (text !== '') words.set(text, { text, isUnspaced: 'characters' in run })
  }
  return [...words.values()]
}

/**
 * Text as terms are cut from it. At most 30 combining marks in a row, as Unicode's stream-safe format has it (UAX #15, section 13): normalisation
 * sorts marks and takes quadratic time on a run of millions.
 */
export function fold(text: string): string {
  return text
    .replace(/(\p{M}{30})\p{M}+/gu, '$1')
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('\r\n', '\n')
    .replaceAll('ς', 'σ')
}

/** A word, or the characters of a run without spaces, in order of appearance. */
export type FoldedRun = { readonly word: string } | { readonly characters: readonly string[] }

/** Terms of a text that {@link fold} has folded. */
export function termsOfFolded(folded: string): string[] {
  const terms: string[] = []
  for (const run of foldedRuns(folded)) {
    if ('word' in run) appendWord(terms, run.word)
    else appendPairs(terms, run.characters)
  }
  return terms
}

/** The words and unspaced runs of a text that {@link fold} has folded, in order. */
export function* foldedRuns(folded: string): Generator<FoldedRun> {
  let pendingRun = ''
  let previousEnd = -1
  let previousWasWord = false
  for (const match of folded.matchAll(runPattern)) {
    const gap = previousEnd === -1 ? '' : folded.slice(previousEnd, Math.min(match.index, previousEnd + 2))
    const [run, characters, word] = match
    previousEnd = match.index + run.length
    if (characters !== undefined) {
      if (gap !== '\n') {
        if (pendingRun !== '') yield unspacedRun(pendingRun)
        pendingRun = ''
      }
      pendingRun += characters
      previousWasWord = false
      continue
    }
    if (pendingRun !== '') yield unspacedRun(pendingRun)
    pendingRun = ''
    const plain = plainWord(word ?? '')
    const isClitic = previousWasWord && apostrophes.has(gap) && clitics.has(plain)
    if (!isClitic && plain !== '') yield { word: plain }
    previousWasWord = plain !== ''
  }
  if (pendingRun !== '') yield unspacedRun(pendingRun)
}

function unspacedRun(run: string): FoldedRun {
  return { characters: Array.from(run.replace(insideWordsPattern, ''), simplifiedCharacter) }
}

function plainWord(word: string): string {
  // oxlint-disable-next-line no-control-regex -- the plain ASCII words are most words and need no folding
  if (/^[\x00-\x7F]*$/.test(word)) return word
  return word.normalize('NFD').replace(insideWordsPattern, '').normalize('NFC')
}

function appendWord(terms: string[], word: string): void {
  if (word.length <= longestTerm) {
    terms.push(word)
    return
  }
  const characters = Array.from(word)
  for (let start = 0; start < characters.length; start += longestTerm) {
    terms.push(characters.slice(start, start + longestTerm).join(''))
  }
}

function appendPairs(terms: string[], characters: readonly string[]): void {
  const [first] = characters
  if (first !== undefined && characters.length === 1) terms.push(first)
  for (let index = 0; index + 1 < characters.length; index += 1) {
    terms.push(`${characters[index]}${characters[index + 1]}`)
  }
}

const closingMarks: Readonly<Record<string, string>> = {
  '"': '"',
  '\u201C': '\u201D',
  '\u201E': '\u201C',
  '«': '»',
  '「': '」',
  '『': '』',
}

/** The parts in quotation marks, without the marks, in order. Time grows linearly. */
export function quotedParts(text: string): string[] {
  const parts: string[] = []
  const unclosed = new Set<string>()
  let position = 0
  for (const match of text.matchAll(/["\u201C\u201E«「『]/g)) {
    const closing = closingMarks[match[0]]
    if (match.index < position || closing === undefined || unclosed.has(closing)) continue
    const end = text.indexOf(closing, match.index + 1)
    if (end === -1) {
      // Asked once a kind of mark, so that a text of nothing but opening marks takes linear time.
      unclosed.add(closing)
      continue
    }
    parts.push(text.slice(match.index + 1, end))
    position = end + 1
  }
  return parts
}
