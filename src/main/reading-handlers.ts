import type { IpcResponse } from '../shared/ipc.ts'
import { findInText } from '../shared/find-in-text.ts'
import { AppError } from '../shared/errors.ts'
import { documentSlices } from './document-slices.ts'
import { isDocumentToOpen } from './documents-to-open.ts'
import type { HandlerParts, Handlers } from './handlers.ts'
import { createDocumentMapper } from './map-slices.ts'

/** Nobody steps through more places. */
const mostMatches = 2_000

/** Reading a document in the evidence pane: its map, and words in it, each a few milliseconds of main at a time; or elsewhere. */
export function createReadingHandlers({
  documents,
  desktop,
  signal,
}: Pick<HandlerParts, 'documents' | 'desktop' | 'signal'>): Pick<
  Handlers,
  'document:map' | 'document:find' | 'document:open'
> {
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
    'document:open': async ({ documentId }) => {
      const path = documents.summaries([documentId])[0]?.paths[0]
      if (path === undefined) throw new AppError('not-found', 'This document is no longer in the library.')
      if (!isDocumentToOpen(path))
        throw new AppError(
          'forbidden',
          'Opening this file could run it as a program, so Carrel does not. Use Show in folder and decide there.',
          { details: { reason: 'may-run' } },
        )
      await desktop.openFile(path)
      return {}
    },
  }
}
