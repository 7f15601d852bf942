/**
 * A piece of text that the model server sent, made fit for a sentence: one line, no control characters, at most
 * `maxLength` characters.
 */
export function shownServerText(text: string, maxLength = 300): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  return line.length > maxLength ? `${line.slice(0, maxLength)}...` : line
}
