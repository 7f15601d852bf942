/** Token ids of one text: with what the model puts around every text, and without. */
export interface EncodedText {
  readonly whole: readonly number[]
  readonly plain: readonly number[]
}

/**
 * What a model is given of a text that is longer than its limit: the text in pieces of about equal length, each between the
 * special tokens and behind the prefix that the embedder wants, so that nothing of it goes unread. A text that fits is one piece, as it is.
 * Pure.
 * @param prefix tokens at the beginning of `plain` that are repeated before each piece; left out where they take more than half the room
 */
export function tokenWindows(
  { whole, plain }: EncodedText,
  { limitTokens, prefix }: { readonly limitTokens: number; readonly prefix: readonly number[] },
): readonly (readonly number[])[] {
  if (whole.length <= limitTokens) return [whole]
  const { before, after } = around(whole, plain)
  const room = Math.max(1, limitTokens - before.length - after.length)
  const isRepeated = prefix.length <= room / 2 && prefix.every((id, index) => plain[index] === id)
  const repeated = isRepeated ? prefix : []
  const body = plain.slice(repeated.length)
  const count = Math.ceil(body.length / (room - repeated.length))
  return Array.from({ length: count }, (_, index) => [
    ...before,
    ...repeated,
    ...body.slice(Math.round((index * body.length) / count), Math.round(((index + 1) * body.length) / count)),
    ...after,
  ])
}

/** Special tokens before and after: where the text itself begins in the whole is told by its own ids. */
function around(
  whole: readonly number[],
  plain: readonly number[],
): { readonly before: readonly number[]; readonly after: readonly number[] } {
  const extra = Math.max(0, whole.length - plain.length)
  const start = Array.from({ length: extra + 1 }, (_, index) => index).find((index) =>
    plain.every((id, place) => whole[index + place] === id),
  )
  // A tokenizer that treats a text otherwise when it stands alone: then as most do, one before and the rest behind.
  const first = start ?? Math.min(1, extra)
  return { before: whole.slice(0, first), after: extra === first ? [] : whole.slice(first - extra) }
}
