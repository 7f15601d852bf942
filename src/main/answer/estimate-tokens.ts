const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu

/**
 * Tokens a chat model will count for a text, estimated on the high side: one a CJK character, one for 3 other units.
 * The server's own `prompt_eval_count` is stored with the answer.
 */
export function estimateTokens(text: string): number {
  const wide = text.match(cjk)?.length ?? 0
  return Math.ceil(wide * 1.2 + (text.length - wide) / 3)
}
