import type { Passage } from '../../shared/passage.ts'
import type { StoredChunk } from '../ports/document-store.ts'

/** A chunk as a passage that was asked for as such, or holds all that was looked for: no method ranked it. `rank` from 1. */
export function wholePassage(chunk: StoredChunk, rank: number): Passage {
  return {
    id: chunk.id,
    documentId: chunk.documentId,
    documentName: chunk.documentName,
    title: chunk.title,
    path: chunk.path,
    kind: chunk.kind,
    parserVersion: chunk.parserVersion,
    page: chunk.page,
    lastPage: chunk.lastPage,
    headingPath: [...chunk.headingPath],
    start: chunk.start,
    end: chunk.end,
    text: chunk.text,
    language: chunk.language,
    rank,
    score: 1,
    vectorRank: null,
    keywordRank: null,
    modifiedAt: chunk.modifiedAt,
    versions: [],
  }
}
