const unspaced =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303F\uFF01-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65]/u

/**
 * True where `text` has, at the given UTF-16 index, a character of a script written without spaces (Chinese, Japanese) or its
 * full-width punctuation. Between two of those a line break means nothing; between other characters it means a space.
 */
export function isUnspacedAt(text: string, index: number): boolean {
  const codePoint = text.codePointAt(index)
  return codePoint !== undefined && codePoint > 0x2e7f && unspaced.test(String.fromCodePoint(codePoint))
}

/** As {@link isUnspacedAt}, for the character that ends before `end`. */
export function isUnspacedBefore(text: string, end: number): boolean {
  if (end <= 0) return false
  const last = text.charCodeAt(end - 1)
  return isUnspacedAt(text, last >= 0xdc00 && last <= 0xdfff && end > 1 ? end - 2 : end - 1)
}
