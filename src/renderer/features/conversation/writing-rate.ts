/**
 * Tokens a second while an answer is written, estimated from its text (tokens cross the bridge joined, so they cannot be
 * counted): a Han character is about 0.7 token in present vocabularies, other text about four characters a token.
 * Null during the first second, when the figure would jump.
 */
export function writingRate(text: string, firstTextAt: number | null, lastTextAt: number | null): number | null {
  if (firstTextAt === null || lastTextAt === null) return null
  const seconds = (lastTextAt - firstTextAt) / 1000
  if (seconds < 1) return null
  const hanCount = text.match(/\p{Script=Han}/gu)?.length ?? 0
  const tokens = hanCount * 0.7 + (text.length - hanCount) / 4
  return Math.max(1, Math.round(tokens / seconds))
}
