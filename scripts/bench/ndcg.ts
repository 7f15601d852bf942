/**
 * Documents by best rank: passages may repeat a document, and one document may have several names (equal files), which are
 * all credited in the order given.
 */
export function collapseToDocuments(passages: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(passages.flat())]
}

/** nDCG@`depth` with linear gain (Järvelin and Kekäläinen 2002), 0..1; `judged`: relevance by document, 0 where absent. */
export function ndcg(ranked: readonly string[], judged: ReadonlyMap<string, number>, depth = 10): number {
  const gain = (relevance: number, index: number): number => relevance / Math.log2(index + 2)
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  const ideal = [...judged.values()].sort((a, b) => b - a).slice(0, depth)
  const best = sum(ideal.map(gain))
  return best === 0 ? 0 : sum(ranked.slice(0, depth).map((id, index) => gain(judged.get(id) ?? 0, index))) / best
}
