import type { IpcResponse } from '../shared/ipc.ts'
import { findInText } from '../shared/find-in-text.ts'
import { AppError } from '../shared/errors.ts'
import { documentSlices } from './document-slices.ts'
import type { HandlerParts, Handlers } from './handlers.ts'
import { createDocumentMapper } from './map-slices.ts'

/** Nobody steps through more places. */
const mostMatches = 2_000

/** Reading a document in the evidence pane: its map, and words in it, each a few milliseconds of main at a time. */
export function createReadingHandlers({
  documents,
  signal,
}: Pick<HandlerParts, 'documents' | 'signal'>): Pick<Handlers, 'document:map' | 'document:find'> {
  return {
    'document:map': async ({ documentId }) => {
      const [document] = documents.summaries([documentId])
      if (document === undefined) throw new AppError('not-found', 'This document is no longer in the library.')
      const mapper = createDocumentMapper(document.kind)
      for await (const slice of documentSlices(documents, documentId, { signal })) mapper.add(slice)
      return mapper.finish()
    },
    'document:find': async ({ documentId, query }) => {
      const matches: IpcResponse<'document:find'>['matches'] = []
      for await (const { start, text } of documentSlices(documents, documentId, { signal })) {
        for (const found of findInText(text, query)) {
          if (matches.length === mostMatches) return { matches, isCut: true }
          matches.push({ start: start + found.start, end: start + found.end })
        }
      }
      return { matches, isCut: false }
    },
  }
}
