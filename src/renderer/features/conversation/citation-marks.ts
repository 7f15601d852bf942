/**
 * How citation marks travel through Markdown. Main sends `[3]`; a mark that Carrel added itself is kept apart as
 * `[\uE0003]`: the private-use character survives every Markdown rule and cannot come from a model, because
 * {@link withoutPrivateMarks} takes it out of everything that arrives.
 */
const addedMark = '\uE000'

/** A citation mark in text: group 1 holds the private mark or nothing, group 2 the number (1-999). */
export const citationPattern = /\[(\uE000?)([1-9]\d{0,2})\]/g

/** @returns text in which nothing pretends to be a mark of Carrel's own. */
export function withoutPrivateMarks(text: string): string {
  return text.replaceAll(addedMark, '')
}

/** Marks every citation in `text` as added by Carrel. */
export function markAddedCitations(text: string): string {
  return text.replace(/\[([1-9]\d{0,2})\]/g, `[${addedMark}$1]`)
}

/** The pieces of a text: plain strings and citations, in order. Their texts put together are the input. */
export type CitedPiece =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'citation'; readonly number: number; readonly isAdded: boolean }

/** Cuts a text at its citation marks. */
export function splitCitations(text: string): readonly CitedPiece[] {
  const pieces: CitedPiece[] = []
  let at = 0
  for (const match of text.matchAll(citationPattern)) {
    if (match.index > at) pieces.push({ type: 'text', text: text.slice(at, match.index) })
    pieces.push({ type: 'citation', number: Number(match[2]), isAdded: match[1] === addedMark })
    at = match.index + match[0].length
  }
  if (at < text.length) pieces.push({ type: 'text', text: text.slice(at) })
  return pieces
}
