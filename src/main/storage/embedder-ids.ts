import type { EmbedderId } from '../ports/embedding.ts'

/** What chunks are filed under. */
export const embedderIds: readonly EmbedderId[] = ['all-MiniLM-L6-v2', 'bge-small-zh-v1.5']
