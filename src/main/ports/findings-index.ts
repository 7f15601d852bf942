import type { NamedScope } from '../../shared/collection.ts'
import type { Unread } from '../../shared/findings.ts'
import type { Requirement } from '../../shared/required-terms.ts'

/** The documents that a look for every match covers, by ascending key, and the ends of the stretch of keys that their chunks stand in. */
export interface SearchedDocuments {
  readonly keys: Int32Array
  readonly firstChunk: number
  /** Less than `firstChunk` where there is none. */
  readonly lastChunk: number
}

/** What a stretch of chunks holds, by live document; lists side by side. Bit n of a number stands for requirement n. */
export interface SliceMatches {
  readonly documentKeys: Int32Array
  /** By any of its chunks. */
  readonly held: Int32Array
  /** Chunks that hold every requirement. */
  readonly together: Int32Array
  /** The first chunk that holds the most of them, and those it holds. */
  readonly bestChunks: Int32Array
  readonly bestHeld: Int32Array
}

/** Every match of a query, where a search ranks the best. Off the main thread, and between the searches of others; abort as there. */
export interface FindingsIndex {
  /** `scope` null: everything. Never rejects for want of documents. */
  searched(scope: NamedScope | null, options: { readonly signal: AbortSignal }): Promise<SearchedDocuments>
  /** Chunks by key, both ends included; a few thousand at a time. At most 30 requirements. */
  matches(
    slice: {
      readonly requirements: readonly Requirement[]
      readonly firstChunk: number
      readonly lastChunk: number
    },
    options: { readonly signal: AbortSignal },
  ): Promise<SliceMatches>
  /** What of a scope could not be searched. */
  unread(scope: NamedScope | null, options: { readonly signal: AbortSignal }): Promise<Unread>
}
