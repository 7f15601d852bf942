import type { ConversationHits } from '../../shared/conversation-search.ts'
import type { NamedScope } from '../../shared/collection.ts'
import type { SerializedAppError } from '../../shared/errors.ts'
import type { Unread } from '../../shared/findings.ts'
import type { DocumentSet } from '../ports/collection-store.ts'
import type { SearchedDocuments, SliceMatches } from '../ports/findings-index.ts'
import type { KeywordHit } from '../ports/indexes.ts'
import type { ConversationQuery } from './conversation-search.ts'
import type { MatchSlice } from './find-matches.ts'
import type { ScopeKeys } from './scope-documents.ts'
import type { RecordsReport } from './verify-records.ts'

/** What the search thread is asked, and what it answers: one reply a request, in the order of the requests. */
export interface ThreadAnswers {
  readonly search: readonly KeywordHit[]
  /** Chunk keys with their coverage. */
  readonly coverage: readonly (readonly [number, number])[]
  readonly 'documents-in-scope': DocumentSet
  readonly 'search-conversations': ConversationHits
  readonly 'searched-documents': SearchedDocuments
  readonly 'find-matches': SliceMatches
  readonly 'unread-documents': Unread
  readonly verify: RecordsReport
  readonly checkpoint: null
}

export type ThreadQuestion =
  | {
      readonly kind: 'search'
      readonly query: string
      readonly limit: number
      readonly within: DocumentSet | null
    }
  | { readonly kind: 'coverage'; readonly query: string; readonly chunkKeys: readonly number[] }
  | { readonly kind: 'documents-in-scope'; readonly scope: ScopeKeys }
  | { readonly kind: 'search-conversations'; readonly query: ConversationQuery }
  | { readonly kind: 'searched-documents'; readonly scope: NamedScope | null }
  | { readonly kind: 'unread-documents'; readonly scope: NamedScope | null }
  | { readonly kind: 'find-matches'; readonly slice: MatchSlice }
  | { readonly kind: 'verify' }
  | { readonly kind: 'checkpoint' }

export type ThreadRequest = ThreadQuestion & { readonly id: number }

export type ThreadReply =
  | { readonly id: number; readonly ok: true; readonly value: ThreadAnswers[keyof ThreadAnswers] }
  | { readonly id: number; readonly ok: false; readonly error: SerializedAppError }

export interface ThreadData {
  readonly databasePath: string
}
