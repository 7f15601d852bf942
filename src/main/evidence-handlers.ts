import type { RequestChannel } from '../shared/channels.ts'
import { AppError } from '../shared/errors.ts'
import type { DocumentId } from '../shared/ids.ts'
import type { MissingOriginal } from '../shared/original-state.ts'
import { isDocumentToOpen } from './documents-to-open.ts'
import type { HandlerParts, Handlers } from './handlers.ts'
import { readPassageNow } from './passage-now.ts'

type EvidenceChannel = Extract<
  RequestChannel,
  'document:original' | 'document:passage-now' | 'document:read-again' | 'document:open' | 'document:reveal'
>

const missingSentences: Readonly<Record<Exclude<MissingOriginal, 'locked' | 'replaced'>, string>> = {
  moved: 'The file is no longer in its folder: it was moved, renamed or deleted. Add it again from where it is.',
  'folder-gone': 'The folder of this file is no longer there. Add the file again from where it is.',
  'drive-away': 'The drive that this file is on is not connected. Connect it and try again.',
}

/** What the evidence pane asks about the files behind documents, and about passages that answers keep. @throws AppError, which becomes the reply. */
export function createEvidenceHandlers(
  parts: Pick<HandlerParts, 'documents' | 'originals' | 'importer' | 'desktop' | 'signal'>,
): Handlers<EvidenceChannel> {
  const { documents, originals, importer, desktop, signal } = parts
  /** Of the file behind a document, changed or not. */
  const pathOf = async (documentId: DocumentId): Promise<string> => {
    const [path] = documents.summaries([documentId])[0]?.paths ?? []
    if (path === undefined) throw new AppError('not-found', 'This document is no longer in the library.')
    const found = await originals.find(documentId, { signal })
    if (found === 'moved' || found === 'folder-gone' || found === 'drive-away')
      throw new AppError('not-found', missingSentences[found], { details: { reason: `original-${found}` } })
    return typeof found === 'object' ? found.path : path
  }
  return {
    'document:original': async ({ documentId }) => {
      const found = await originals.find(documentId, { signal })
      return { state: typeof found === 'object' ? 'there' : found }
    },
    'document:passage-now': (kept) => readPassageNow(kept, documents, { signal }),
    'document:read-again': async ({ documentId }) => ({
      queued: await importer.add(await originals.occupied(documentId), { signal }),
    }),
    'document:open': async ({ documentId }) => {
      const path = await pathOf(documentId)
      if (!isDocumentToOpen(path))
        throw new AppError(
          'forbidden',
          'Opening this file could run it as a program, so Carrel does not. Use Show in folder and decide there.',
          { details: { reason: 'may-run' } },
        )
      await desktop.openFile(path)
      return {}
    },
    'document:reveal': async ({ documentId }) => {
      await desktop.revealFile(await pathOf(documentId))
      return {}
    },
  }
}
