/**
 * Area under the ROC curve: how often an answerable question scores above one that is not, ties counting half. 0..1; 0.5 is chance.
 * By ranks (Mann and Whitney 1947).
 */
export function rocArea(answerable: readonly number[], others: readonly number[]): number {
  const all = [
    ...answerable.map((score) => ({ score, isAnswerable: true })),
    ...others.map((score) => ({ score, isAnswerable: false })),
  ].sort((a, b) => a.score - b.score)
  let rankSum = 0
  for (let first = 0; first < all.length;) {
    let end = first
    while (end < all.length && all[end]?.score === all[first]?.score) end += 1
    const meanRank = (first + 1 + end) / 2
    rankSum += meanRank * all.slice(first, end).filter(({ isAnswerable }) => isAnswerable).length
    first = end
  }
  const pairs = answerable.length * others.length
  return (rankSum - (answerable.length * (answerable.length + 1)) / 2) / pairs
}
