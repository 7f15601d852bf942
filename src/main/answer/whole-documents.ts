import type { SearchTrace } from '../../shared/search-trace.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import { wholePassage } from '../evidence/whole-passage.ts'
import type { AnswerDraft } from './draft.ts'
import type { PassagePreset } from './presets.ts'
import type { FoundPassage } from './search-passages.ts'
import { asksForWhole } from './whole-document-request.ts'

/** In more documents nobody means all of them by "this document": the question is searched. */
const mostDocuments = 3

/** What is read of whole documents, in their own order, where that is what was asked for. */
export interface WholeDocuments {
  readonly found: readonly FoundPassage[]
  readonly overview: NonNullable<SearchTrace['overview']>
}

/**
 * A request for all of a document, where the scope (or the library) holds one or a few: chunks spread evenly over them, as many
 * tokens as an answer's passages may have. Null: the question is to be searched.
 */
export function readWholeDocuments(
  draft: Pick<AnswerDraft, 'request'>,
  documents: Pick<DocumentStore, 'spreadChunks'>,
  { documentKeys, preset }: { readonly documentKeys: Int32Array | null; readonly preset: PassagePreset },
): WholeDocuments | null {
  if (!asksForWhole(draft.request.condensedQuestion ?? draft.request.question)) return null
  const tokens = preset.passageCount * preset.passageTokens
  const spread = documents.spreadChunks(documentKeys, { mostDocuments, tokens })
  if (spread === null) return null
  const found = spread.chunks.map((chunk, index) => ({
    passage: wholePassage(chunk, index + 1),
    ordinal: chunk.ordinal,
    tokenCount: chunk.tokenCount,
    closeness: 1,
    similarity: null,
    coverage: null,
  }))
  return { found, overview: { read: spread.chunks.length, of: spread.total } }
}
