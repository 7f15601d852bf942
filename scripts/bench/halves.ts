import { createHash } from 'node:crypto'

/** Settings are chosen on the first half of a set's questions and reported on both: the second one is what they promise elsewhere. */
export type Half = 'first' | 'second'

/** By a hash of the id, so that a question stays in its half whatever else is in the file. */
export function halfOf(id: string): Half {
  return (createHash('sha256').update(id).digest()[0] ?? 0) % 2 === 0 ? 'first' : 'second'
}

/** A figure of each question. */
export interface ScoredQuestion {
  readonly id: string
  readonly score: number
}

/** Mean over all, and "first half 0.712, second half 0.701". */
export function summariseHalves(scored: readonly ScoredQuestion[]): { readonly mean: number; readonly note: string } {
  const meanOf = (half: Half): string => {
    const scores = scored.filter(({ id }) => halfOf(id) === half).map(({ score }) => score)
    return scores.length === 0 ? 'empty' : mean(scores).toFixed(3)
  }
  return {
    mean: mean(scored.map(({ score }) => score)),
    note: `first half ${meanOf('first')}, second half ${meanOf('second')}`,
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
