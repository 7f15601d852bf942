/** What Carrel can tell apart by script alone, for questions of a few words: `other` is every further script. */
export type QuestionLanguage = 'zh' | 'latin' | 'other'

/** One Chinese character says about as much as this many Latin letters. */
const lettersPerHan = 4

/**
 * The language a question is asked in, by the script that says most of it (names in Latin letters inside a Chinese question
 * leave it Chinese); null without a letter ("2023?").
 */
export function questionLanguage(text: string): QuestionLanguage | null {
  const han = count(text, /\p{Script=Han}/gu)
  const kana = count(text, /[\p{Script=Hiragana}\p{Script=Katakana}]/gu)
  const latin = count(text, /\p{Script=Latin}/gu)
  const other = count(text, /\p{L}/gu) - han - kana - latin
  if (han + kana + latin + other === 0) return null
  if (kana > 0 && kana * 9 >= han) return 'other'
  const weights = { zh: han * lettersPerHan, latin, other: other + kana }
  if (weights.zh >= weights.latin && weights.zh >= weights.other) return 'zh'
  return weights.latin >= weights.other ? 'latin' : 'other'
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}
