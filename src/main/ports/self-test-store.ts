import type { Expectation, ExpectationId, FoundPlace, SelfTestSetup } from '../../shared/self-test.ts'

export type NewExpectation = Omit<Expectation, 'id'>

export interface SelfTestRun {
  readonly key: number
  readonly finishedAt: number
  readonly setup: SelfTestSetup
}

/** Questions with the passage that each should find, and where each came in the last runs. Synchronous and short. */
export interface SelfTestStore {
  /** In the order they were kept. */
  expectations(): readonly Expectation[]
  counts(): { readonly kept: number; readonly generated: number }
  /** Null: the same question already expects the same words. */
  keep(expectation: NewExpectation): ExpectationId | null
  /** In place of all that were generated before. @returns how many. */
  replaceGenerated(expectations: readonly NewExpectation[]): number
  /** With its results. @returns false for an unknown one. */
  remove(id: ExpectationId): boolean
  /** A run that did not finish is forgotten. */
  beginRun(setup: SelfTestSetup): number
  /** Nothing for an expectation that was removed meanwhile. */
  record(runKey: number, id: ExpectationId, place: FoundPlace): void
  finishRun(runKey: number, finishedAt: number): void
  /** Finished ones, newest first. */
  lastRuns(limit: number): readonly SelfTestRun[]
  results(runKey: number): ReadonlyMap<ExpectationId, FoundPlace>
}
