import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { type DocumentId, documentIdSchema } from '../../shared/ids.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import type { Log } from '../ports/log.ts'

/** As for any other file. */
const maxFileBytes = 200 * 1024 * 1024
const longestNameBytes = 200

/**
 * Documents that came over the API: the library keeps paths, not files, so these get a place in the data folder, one folder
 * a document, named by its id. It is removed with the document.
 */
export interface Uploads extends AsyncDisposable {
  /**
   * Keeps the bytes under this name. @returns where, and the id the document will have.
   * @throws AppError `invalid-request` `file-too-large` `empty-file` `storage-full`; nothing is kept then.
   */
  keep(name: string, bytes: AsyncIterable<Buffer>): Promise<{ readonly path: string; readonly documentId: DocumentId }>
}

export function createUploads(parts: {
  readonly folder: string
  readonly documents: Pick<DocumentStore, 'onChange' | 'summaries' | 'resolve'>
  readonly log: Log
}): Uploads {
  const { folder, documents, log } = parts
  const arriving = new Set<string>()

  const removeUnused = async (name: string): Promise<void> => {
    if (arriving.has(name)) return
    const place = join(folder, name)
    const files = await namesIn(place)
    const isKnown =
      isDocumentId(name) &&
      (documents.summaries([name]).length > 0 || files.some((file) => documents.resolve(join(place, file)).length > 0))
    if (!isKnown) await rm(place, { recursive: true, force: true })
  }
  const warn = (cause: unknown): void => log.warn('uploaded files could not be cleared', cause)

  // One change at a time, since the same bytes may be removed and sent again at once. First what a crash left.
  let last: Promise<unknown> = namesIn(folder)
    .then(async (names) => {
      for (const name of names) await removeUnused(name)
    })
    .catch(warn)
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }
  const stop = documents.onChange(({ removed }) => {
    for (const id of removed) inTurn(() => removeUnused(id)).catch(warn)
  })

  return {
    async keep(name, bytes) {
      checkName(name)
      const arrivingName = `arriving-${randomUUID()}`
      const incoming = join(folder, arrivingName)
      arriving.add(arrivingName)
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        const documentId = await writeFile(incoming, bytes)
        const place = join(folder, documentId)
        const path = join(place, name)
        await inTurn(async () => {
          await mkdir(place, { recursive: true, mode: 0o700 })
          await rename(incoming, path)
        })
        return { path, documentId }
      } catch (cause) {
        throw isFull(cause) ? diskFull(cause) : cause
      } finally {
        await rm(incoming, { force: true })
        arriving.delete(arrivingName)
      }
    },
    async [Symbol.asyncDispose]() {
      stop()
      await last
    },
  }
}

function diskFull(cause: unknown): AppError {
  return new AppError(
    'storage-full',
    'The disk is full, so this file was not kept. Free some space, then send it again.',
    { cause },
  )
}

async function writeFile(path: string, bytes: AsyncIterable<Buffer>): Promise<DocumentId> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  await using file = await open(path, 'wx', 0o600)
  for await (const part of bytes) {
    sizeBytes += part.length
    if (sizeBytes > maxFileBytes)
      throw new AppError('file-too-large', 'Carrel reads files of up to 200 MB. Split this one, then send its parts.')
    hash.update(part)
    await file.writeFile(part)
  }
  if (sizeBytes === 0) throw new AppError('empty-file', 'This file is empty. Send one with text in it.')
  return documentIdSchema.parse(hash.digest('hex'))
}

/** The name as a file's name on any system: no way out of the folder, nothing hidden, nothing that a system keeps for itself. */
function checkName(name: string): void {
  const isFine =
    Buffer.byteLength(name) <= longestNameBytes &&
    name === name.normalize('NFC').trim() &&
    !/^\.|[.]$|[\p{Cc}<>:"/\\|?*]/u.test(name) &&
    !/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name) &&
    name !== ''
  if (!isFine)
    throw new AppError(
      'invalid-request',
      'This is not the name of a file. Give its last part alone, such as "report.pdf", up to 200 bytes.',
      { details: { field: 'name' } },
    )
}

function isDocumentId(name: string): name is DocumentId {
  return documentIdSchema.safeParse(name).success
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
    throw error
  })
}

function isFull(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT')
}
