/** Cosine similarity, -1..1, of two vectors of length 1, as embedders give them, and of equally many dimensions. */
export function cosineSimilarity(one: Float32Array, other: Float32Array): number {
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0)
}
