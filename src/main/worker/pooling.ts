/**
 * One vector of a text from the vectors of its tokens (`values`: tokens x dimensions, row after row): their mean, or the
 * first one ([CLS]), as the model was trained; L2-normalised. One text at a time, so there is no padding to leave out.
 * @returns null when a value is not finite or all are zero.
 */
export function poolVector(values: Float32Array, dimensions: number, pooling: 'mean' | 'cls'): Float32Array | null {
  const vector = new Float32Array(dimensions)
  const tokens = pooling === 'cls' ? 1 : values.length / dimensions
  for (let token = 0; token < tokens; token += 1) {
    for (let index = 0; index < dimensions; index += 1) {
      vector[index] = (vector[index] ?? 0) + (values[token * dimensions + index] ?? 0)
    }
  }
  const length = Math.hypot(...vector)
  if (!Number.isFinite(length) || length === 0) return null
  return vector.map((value) => value / length)
}
