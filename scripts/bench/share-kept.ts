/**
 * Which share of the words of `reference` is in `text` as often, 0..1; characters where a script has no spaces. Order, case,
 * width and hyphens at line ends do not count. Null: the reference has no word.
 */
export function shareKept(reference: string, text: string): number | null {
  const wanted = countWords(reference)
  const found = countWords(text)
  let all = 0
  let kept = 0
  for (const [word, count] of wanted) {
    all += count
    kept += Math.min(count, found.get(word) ?? 0)
  }
  return all === 0 ? null : kept / all
}

function countWords(text: string): ReadonlyMap<string, number> {
  const folded = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('\u00ad', '')
    .replace(/(\p{L})[-\u2010]\s*\n\s*(\p{L})/gu, '$1$2')
  const words = folded.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{M}\p{N}]+/gu) ?? []
  const counts = new Map<string, number>()
  for (const word of words.flatMap(splitUnspaced)) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

/** `2024年` is one run of letters for the expression above, and several words. */
function splitUnspaced(word: string): readonly string[] {
  return (
    word.match(
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu,
    ) ?? []
  )
}
