import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { DocumentId } from '../shared/ids.ts'
import type { DocumentStore } from './interfaces.ts'

/** The file that a document was read from, proven to hold the same bytes still. */
export interface Original {
  readonly path: string
  readonly sizeBytes: number
}

/** `gone`: no file at any known place. `changed`: files are there, none with the document's bytes. */
export type OriginalState = Original | 'gone' | 'changed'

/**
 * Finds the file behind a document, by its bytes and not by its name: anchors hold for exactly these bytes. A file is
 * hashed once; as long as its size and time stay the same it is not hashed again.
 * @throws the signal's reason on abort
 */
export interface Originals {
  find(documentId: DocumentId, options: { readonly signal: AbortSignal }): Promise<OriginalState>
}

export function createOriginals({ documents }: { readonly documents: Pick<DocumentStore, 'summaries'> }): Originals {
  const proven = new Map<string, string>()
  return {
    async find(documentId, { signal }) {
      const [summary] = documents.summaries([documentId])
      let isThere = false
      for (const path of summary?.paths ?? []) {
        const facts = await factsOf(path)
        if (facts === null) continue
        isThere = true
        const key = `${path}\0${facts.sizeBytes}\0${facts.modifiedAt}`
        const hash = proven.get(key) ?? (facts.sizeBytes === summary?.sizeBytes ? await hashOf(path, signal) : null)
        if (hash === null) continue
        proven.set(key, hash)
        if (hash === documentId) return { path, sizeBytes: facts.sizeBytes }
      }
      return isThere ? 'changed' : 'gone'
    },
  }
}

async function factsOf(path: string): Promise<{ readonly sizeBytes: number; readonly modifiedAt: number } | null> {
  try {
    const facts = await stat(path)
    return facts.isFile() ? { sizeBytes: facts.size, modifiedAt: facts.mtimeMs } : null
  } catch (error) {
    // Moved, no permission, an unplugged drive: for the reader it is not there.
    if (error instanceof Error && 'code' in error) return null
    throw error
  }
}

/** Null where the file cannot be read to its end. */
async function hashOf(path: string, signal: AbortSignal): Promise<string | null> {
  const hash = createHash('sha256')
  try {
    for await (const piece of createReadStream(path, { signal, highWaterMark: 1024 * 1024 }))
      hash.update(piece as Buffer)
    return hash.digest('hex')
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof Error && 'code' in error) return null
    throw error
  }
}
