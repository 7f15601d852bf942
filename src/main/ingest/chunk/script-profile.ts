/** Letters of a text by script; digits, punctuation and white space are not counted. */
export interface ScriptProfile {
  readonly han: number
  readonly kana: number
  readonly hangul: number
  readonly latin: number
  /** Letters of every other script: Cyrillic, Arabic, Greek, Thai and so on. */
  readonly other: number
}

/** One Chinese character says about as much as this many Latin letters. */
const lettersPerHan = 4
/** Japanese has at least this share of kana among its Han and kana characters. */
const japaneseKanaShare = 0.1

/** Counts letters by script in one pass. */
export function profileScripts(text: string): ScriptProfile {
  let han = 0
  let kana = 0
  let hangul = 0
  let latin = 0
  let other = 0
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) {
      if ((unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a)) latin += 1
    } else if (unit < 0xc0 || unit === 0xd7 || unit === 0xf7) continue
    else if (unit < 0x250 || (unit >= 0x1e00 && unit <= 0x1eff) || (unit >= 0xff21 && unit <= 0xff5a)) latin += 1
    else if (
      (unit >= 0x3400 && unit <= 0x4dbf) ||
      (unit >= 0x4e00 && unit <= 0x9fff) ||
      (unit >= 0xf900 && unit <= 0xfaff)
    )
      han += 1
    else if ((unit >= 0x3041 && unit <= 0x30fa) || (unit >= 0xff66 && unit <= 0xff9d)) kana += 1
    else if ((unit >= 0xac00 && unit <= 0xd7a3) || (unit >= 0x1100 && unit <= 0x11ff)) hangul += 1
    else if (unit >= 0xd840 && unit <= 0xd888) {
      // High surrogates of the supplementary ideographic planes.
      han += 1
      index += 1
    } else if (/\p{L}/u.test(text.charAt(index))) other += 1
  }
  return { han, kana, hangul, latin, other }
}

/** All letters, Chinese characters weighed by what they say: comparable between languages. */
export function weighLetters({ han, kana, hangul, latin, other }: ScriptProfile): number {
  return han * lettersPerHan + kana * 2 + hangul * 2 + latin + other
}

/** More Chinese than anything else; Japanese is told apart by its kana. */
export function isChinese(profile: ScriptProfile): boolean {
  const { han, kana, hangul, latin, other } = profile
  return han > 0 && !isJapanese(profile) && han * lettersPerHan >= latin + other + hangul * 2 + kana * 2
}

export function isJapanese({ han, kana }: ScriptProfile): boolean {
  return kana > 0 && kana >= (han + kana) * japaneseKanaShare
}

/** Letters that all-MiniLM-L6-v2 cannot make sense of: it learnt from English, every other script is single letters to it. */
export function lettersUnknownToMiniLm({ han, kana, hangul, other }: ScriptProfile): number {
  return han + kana + hangul + other
}

/** Letters that bge-small-zh-v1.5 cannot make sense of; it knows Chinese, and English a little. */
export function lettersUnknownToBge({ kana, hangul, other }: ScriptProfile): number {
  return kana + hangul + other
}

export function countLetters({ han, kana, hangul, latin, other }: ScriptProfile): number {
  return han + kana + hangul + latin + other
}
