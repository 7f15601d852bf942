/** A text of fewer units is not what a limit is about. */
const leastUnits = 32

/**
 * The vector of a text that is too long for its embedder: of its two halves, each behind the embedder's prefix and cut at white
 * space where there is some near the middle, the mean by their length, L2-normalised. A half that is still too long is halved again.
 * @param embed null for a text that is too long. Whatever it throws is passed on.
 * @returns null where a text of a few characters is still too long
 */
export async function embedInHalves(
  text: string,
  { prefix, embed }: { readonly prefix: string; readonly embed: (text: string) => Promise<Float32Array | null> },
): Promise<Float32Array | null> {
  const body = text.startsWith(prefix) ? text.slice(prefix.length) : text
  if (body.length < leastUnits) return null
  const cut = nearMiddle(body)
  const halves = [body.slice(0, cut), body.slice(cut)]
  let sum: Float32Array | null = null
  for (const half of halves) {
    const given = prefix + half
    const vector: Float32Array | null = (await embed(given)) ?? (await embedInHalves(given, { prefix, embed }))
    if (vector === null) return null
    sum ??= new Float32Array(vector.length)
    for (const [index, value] of vector.entries()) sum[index] = (sum[index] ?? 0) + value * half.length
  }
  const length = sum === null ? 0 : Math.hypot(...sum)
  return sum === null || length === 0 ? null : sum.map((value) => value / length)
}

/** Behind the white space nearest to the middle within a quarter of the text; else the middle, never inside a character. */
function nearMiddle(text: string): number {
  const middle = Math.floor(text.length / 2)
  const reach = Math.floor(text.length / 4)
  for (let distance = 0; distance < reach; distance += 1) {
    if (/\s/.test(text.charAt(middle + distance))) return middle + distance + 1
    if (/\s/.test(text.charAt(middle - distance - 1))) return middle - distance
  }
  return /[\uDC00-\uDFFF]/.test(text.charAt(middle)) ? middle - 1 : middle
}
