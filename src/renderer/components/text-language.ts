/**
 * The language a piece of text is set in, for the `lang` attribute: its own where it is known, else by its script.
 * `language`: ISO 639-1, or `und`.
 */
export function textLanguage(text: string, language = 'und'): string {
  if (language !== 'und' && language !== '') return language === 'zh' ? 'zh-CN' : language
  const sample = text.slice(0, 2000)
  const count = (pattern: RegExp): number => sample.match(pattern)?.length ?? 0
  if (count(/[\p{Script=Hiragana}\p{Script=Katakana}]/gu) > 4) return 'ja'
  if (count(/\p{Script=Hangul}/gu) > 4) return 'ko'
  const letters = count(/\p{Letter}/gu)
  return letters > 0 && count(/\p{Script=Han}/gu) / letters > 0.25 ? 'zh-CN' : 'en'
}
