import type { TokenRatios } from '../ports/token-ratio-store.ts'

/** For a model that nothing is known of: the built-in weights are already those of a small, English vocabulary. */
export const unknownModel: TokenRatios = { narrow: 1, wide: 1 }

/**
 * The estimate in its two parts, before any ratio. Vocabularies differ most in the second: a Chinese character is two tokens to
 * one model and half a token to another.
 */
export type TokenWeights = TokenRatios

const asciiPiece = /[A-Za-z]+|\d|\s+(?=\d)|\s{2,}|\n|([^\sA-Za-z\d])\1*/g
/** An accented letter also cuts its word in two. */
const hanKanaOrLatin = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Latin}]/u
const alphabetic = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Arabic}\p{Script=Hebrew}]/u
const nonAscii = /\P{ASCII}/gu

/** Letters of a word that are one token: short words are whole; long ones, and those in capitals, fall into pieces. */
const lettersPerToken = { short: 4.5, long: 3.2, capitals: 2.4 }
const longWord = 9
const capitals = /^[A-Z]{2,}$/
/** Equal signs in a row (`-----`, `====`) that are one token. */
const repeatedSigns = 4

/**
 * The built-in estimate, measured on the tokenizer of smollm2 (49,152 entries, made for English), which splits every digit, and
 * is on the high side for prose, code, tables and numbers alike. Linear in the text.
 */
export function weighTokens(text: string): TokenWeights {
  let narrow = 0
  for (const [piece] of text.replaceAll(nonAscii, ' ').matchAll(asciiPiece)) {
    const first = piece.charCodeAt(0)
    const isLetter = (first >= 65 && first <= 90) || (first >= 97 && first <= 122)
    if (isLetter) narrow += Math.max(1, piece.length / lettersPerToken[wordKind(piece)])
    else narrow += Math.max(1, piece.length / repeatedSigns)
  }
  let wide = 0
  for (const [character] of text.matchAll(nonAscii)) {
    if (hanKanaOrLatin.test(character)) wide += 2
    else if (alphabetic.test(character)) wide += 1.2
    else wide += character.length > 1 ? 4 : 2.4
  }
  return { narrow: narrow * 1.1, wide }
}

function wordKind(word: string): keyof typeof lettersPerToken {
  if (capitals.test(word)) return 'capitals'
  return word.length >= longWord ? 'long' : 'short'
}

/** Tokens that a chat model will count for a text, on the high side; `prompt_eval_count` of the server is what corrects it. */
export function estimateTokens(text: string, ratios: TokenRatios = unknownModel): number {
  const { narrow, wide } = weighTokens(text)
  return Math.ceil(narrow * ratios.narrow + wide * ratios.wide)
}
