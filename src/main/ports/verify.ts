/** Both stores agree, and SQLite is sound. `problems` are plain sentences; empty means clean. */
export interface VerifyReport {
  readonly documents: number
  readonly chunks: number
  readonly vectors: number
  readonly problems: readonly string[]
}
