/** An `@` that is being written: what stands after it up to the caret, and where it begins. */
export interface Mention {
  readonly start: number
  readonly query: string
}

const longestQuery = 60
/** An `@` right after these belongs to an address. */
const inAddress = /[A-Za-z0-9._%+-]$/

/** The mention that the caret (a UTF-16 offset) stands in, or null. */
export function mentionAt(text: string, caret: number): Mention | null {
  const before = text.slice(0, caret)
  const start = Math.max(before.lastIndexOf('@'), before.lastIndexOf('＠'))
  if (start < 0 || inAddress.test(before.slice(0, start))) return null
  const query = before.slice(start + 1)
  return query.length > longestQuery || /[\n\r]|^\s/.test(query) ? null : { start, query }
}

/** The text without the mention, and where the caret goes. */
export function withoutMention(text: string, mention: Mention): { readonly text: string; readonly caret: number } {
  const before = text.slice(0, mention.start)
  const after = text.slice(mention.start + 1 + mention.query.length)
  return { text: before.endsWith(' ') ? before + after.trimStart() : before + after, caret: before.length }
}
