/**
 * A piece of text that the model server sent, made fit for a sentence: one line, no control characters, at most
 * `maxLength` characters.
 */
export function shownServerText(text: string, maxLength = 300): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  return line.length > maxLength ? `${line.slice(0, maxLength)}...` : line
}

/** The words of an error as servers write it: a string, or an object with a `message`. Null for anything else. */
export function errorText(error: unknown): string | null {
  if (typeof error === 'string') return error
  if (typeof error !== 'object' || error === null || !('message' in error)) return null
  return typeof error.message === 'string' ? error.message : null
}
