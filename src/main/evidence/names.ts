import { foldWidth } from './fold-width.ts'

/** A name as a text states it: what must stand in a source for the name to be there. `[start, end)` in UTF-16 units. */
export interface StatedName {
  readonly start: number
  readonly end: number
  /** As written. */
  readonly text: string
  /** Folded parts; each must stand in the source. */
  readonly keys: readonly string[]
}

const wordPattern =
  /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}][\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}\p{M}’'.-]*/gu
const titlePattern = /《([^《》\n]{1,60})》/g
const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })
const suffix = /(?:公司|集团|银行|大学|学院|医院|法院|检察院|委员会|研究所|省|市|县|自治区)$/u
const titled = /([\p{Script=Han}]{2,3})(?=先生|女士|教授|博士|医生|律师|经理|法官)/gu
/** Capitals that say no name: the calendar, which is among the numbers, and words that begin sentences inside a sentence. */
const noNames = new Set(
  `i january february march april may june july august september october november december monday tuesday wednesday thursday
friday saturday sunday the a an this that these those it in on at by for from to of and or but if when while where who what which
how why yes no not there here he she they we you his her its their our my your however although also as with after before during
because since under over both each all some many most such table figure section chapter article part page`.split(/\s+/),
)

/**
 * The names of a sentence, in order: capitalised words that follow each other (not a single one that only begins the
 * sentence), codes of letters and digits (IL-6, AB-1234), words in capitals; in Chinese titles in 《》, Latin words, and words
 * that end as institutions and places do. Rules, not knowledge: names of people in Chinese are found only before a title.
 */
export function readNames(given: string): readonly StatedName[] {
  const text = foldWidth(given)
  const isChinese = (text.match(/\p{Script=Han}/gu)?.length ?? 0) > 4
  const names: StatedName[] = []
  const add = (start: number, end: number, keys: readonly string[]): void => {
    const telling = keys.filter((key) => key !== '')
    if (telling.length > 0) names.push({ start, end, text: given.slice(start, end), keys: telling })
  }
  for (const { 1: title = '', index } of text.matchAll(titlePattern))
    add(index + 1, index + 1 + title.length, [foldName(title)])
  if (isChinese) addChinese(text, add)
  addLatin(text, isChinese, add)
  return names.toSorted((one, other) => one.start - other.start)
}

/** Whether every part of the name stands in a folded text, see {@link foldName}; a plural or a possessive is the same. */
export function holdsName(name: StatedName, foldedText: string, foldedWords: ReadonlySet<string>): boolean {
  return name.keys.every(
    (key) =>
      (/^[\p{Script=Latin}\p{N}]+$/u.test(key)
        ? foldedWords.has(key) || foldedWords.has(`${key}s`)
        : foldedText.includes(key)) ||
      (key.endsWith('s') && foldedWords.has(key.slice(0, -1))),
  )
}

/** Lower case, accents and signs removed: U.S. and US, IL-6 and IL6 are the same. */
export function foldName(text: string): string {
  return foldWidth(text)
    .normalize('NFD')
    .replace(/['’]s\b/gu, '')
    .replace(/[\p{M}\p{P}\p{Z}]/gu, '')
    .toLowerCase()
}

/** The words of a source as {@link holdsName} compares them: whole, and the parts of what a hyphen joins. */
export function foldedWordsOf(text: string): ReadonlySet<string> {
  const words = new Set<string>()
  for (const { 0: word } of foldWidth(text).matchAll(wordPattern)) {
    words.add(foldName(word))
    for (const part of word.split(/[-.]/)) words.add(foldName(part))
  }
  return words
}

function addLatin(
  text: string,
  isChinese: boolean,
  add: (start: number, end: number, keys: readonly string[]) => void,
): void {
  const words = [...text.matchAll(wordPattern)].map(({ 0: word, index }) => ({
    word: word.replace(/[’'.-]+$/u, ''),
    start: index,
    isFirst: /(?:^|[.!?:;"“(]\s*)$/u.test(text.slice(Math.max(0, index - 3), index)),
  }))
  const isCapital = (word: string): boolean => /^\p{Lu}/u.test(word) && !noNames.has(word.toLowerCase())
  const letters = words.filter(({ word }) => /^\p{L}/u.test(word))
  // A heading in capitals tells no names.
  const isTitleCase =
    !isChinese && letters.length > 3 && letters.filter(({ word }) => isCapital(word)).length > letters.length * 0.6
  const isCode = (word: string): boolean =>
    (/\p{L}/u.test(word) && /\p{N}/u.test(word) && !/^\p{N}+(?:st|nd|rd|th|s|km|cm|mm|kg|mg|ml|m|g|l)$/u.test(word)) ||
    (!isTitleCase && /^\p{Lu}{2,}s?$/u.test(word.replaceAll(/[.-]/g, '')) && word.length <= 12)
  for (let index = 0; index < words.length; index += 1) {
    const first = words[index]
    if (first === undefined) continue
    if (isCode(first.word) || (isChinese && /^\p{L}{2,}$/u.test(first.word) && !isTitleCase)) {
      add(first.start, first.start + first.word.length, [foldName(first.word)])
      continue
    }
    if (isTitleCase || isChinese || !isCapital(first.word)) continue
    let last = index
    while (last + 1 < words.length) {
      const next = words[last + 1]
      const end = words[last]
      if (next === undefined || end === undefined || !isCapital(next.word) || isCode(next.word)) break
      if (!/^[ ’'-]{1,3}$/u.test(text.slice(end.start + end.word.length, next.start))) break
      last += 1
    }
    const row = words.slice(index, last + 1)
    index = last
    if (row.length === 1 && first.isFirst) continue
    const end = row.at(-1) ?? first
    add(
      first.start,
      end.start + end.word.length,
      row.map(({ word }) => foldName(word)),
    )
  }
}

function addChinese(text: string, add: (start: number, end: number, keys: readonly string[]) => void): void {
  let before = ''
  for (const { segment, index } of segmenter.segment(text)) {
    if (suffix.test(segment) && /^\p{Script=Han}+$/u.test(segment)) {
      // A bare suffix takes the word before it: 腾讯 公司.
      const isBare = suffix.exec(segment)?.index === 0
      const name = isBare && /^\p{Script=Han}{2,}$/u.test(before) ? `${before}${segment}` : segment
      if (!isBare || name !== segment)
        add(index - (name.length - segment.length), index + segment.length, [foldName(name)])
    }
    before = segment
  }
  for (const { 1: name = '', index } of text.matchAll(titled)) add(index, index + name.length, [foldName(name)])
}
