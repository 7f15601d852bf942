import { createHash } from 'node:crypto'
import { chunkIdSchema } from '../../../shared/ids.ts'
import type { DocumentId } from '../../../shared/ids.ts'
import { keywordTerms } from '../../../shared/keyword-terms.ts'
import type { Chunk } from '../../ports/chunks.ts'
import type { EmbedderId } from '../../ports/embedding.ts'
import { detectLanguage } from './detect-language.ts'
import type { ScriptProfile } from './script-profile.ts'

/** A chunk as cut, before what follows from its text. */
export interface ChunkDraft {
  readonly ordinal: number
  readonly start: number
  readonly end: number
  readonly page: number | null
  readonly headingPath: readonly string[]
  readonly text: string
  readonly embeddingText: string
  readonly embedder: EmbedderId
  readonly tokenCount: number
  readonly profile: ScriptProfile
}

/** Adds id, language, keyword terms and hash. Pure. */
export function completeChunk(draft: ChunkDraft, documentId: DocumentId): Chunk {
  const { profile, page, ...rest } = draft
  return {
    ...rest,
    id: chunkIdSchema.parse(`${documentId.slice(0, 16)}-${draft.ordinal}`),
    page,
    lastPage: page,
    language: draft.embedder === 'bge-small-zh-v1.5' ? 'zh' : detectLanguage(draft.text, profile),
    keywordText: keywordTerms(draft.embeddingText).join(' '),
    hash: createHash('sha256').update(`${draft.embedder}\n${draft.embeddingText}`).digest('hex'),
  }
}
