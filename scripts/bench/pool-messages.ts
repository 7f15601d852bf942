import type { EmbedderId } from '../../src/main/ports/embedding.ts'

/** Between the bench and the processes of a bare pool. */
export interface PoolText {
  readonly text: string
  readonly embedder: EmbedderId
}
export interface ToPool {
  readonly texts: readonly PoolText[]
}
export interface FromPool {
  readonly type: 'done'
  readonly count: number
}
