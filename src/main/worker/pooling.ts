/**
 * One vector of a text from the vectors of its tokens (`values`: tokens x dimensions, row after row): their mean, or the
 * first one ([CLS]) or the last one, as the model was trained; L2-normalised. One text at a time, so there is no padding to leave out.
 * @returns null when a value is not finite or all are zero.
 */
export function poolVector(
  values: Float32Array,
  dimensions: number,
  pooling: 'mean' | 'cls' | 'last',
): Float32Array | null {
  const vector = new Float32Array(dimensions)
  const tokens = values.length / dimensions
  const first = pooling === 'last' ? tokens - 1 : 0
  const end = pooling === 'cls' ? 1 : tokens
  for (let token = first; token < end; token += 1) {
    for (let index = 0; index < dimensions; index += 1) {
      vector[index] = (vector[index] ?? 0) + (values[token * dimensions + index] ?? 0)
    }
  }
  return normalised(vector)
}

export interface WeighedVector {
  readonly vector: Float32Array
  readonly weight: number
}

/** The L2-normalised mean of a text's pieces; a single piece as it is. @returns null where they cancel each other out or there is none. */
export function joinVectors(pieces: readonly WeighedVector[]): Float32Array | null {
  const [first, second] = pieces
  if (first === undefined || second === undefined) return first?.vector ?? null
  const sum = new Float32Array(first.vector.length)
  for (const { vector, weight } of pieces)
    for (const [index, value] of vector.entries()) sum[index] = (sum[index] ?? 0) + value * weight
  return normalised(sum)
}

function normalised(vector: Float32Array): Float32Array | null {
  const length = Math.hypot(...vector)
  if (!Number.isFinite(length) || length === 0) return null
  return vector.map((value) => value / length)
}
