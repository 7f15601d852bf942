import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { DocumentId } from '../shared/ids.ts'
import type { MissingOriginal } from '../shared/original-state.ts'
import type { DocumentStore } from './ports/document-store.ts'
import { driveOf } from './original-drive.ts'

/** The file that a document was read from, proven to hold the same bytes still. */
export interface Original {
  readonly path: string
  readonly sizeBytes: number
}

/**
 * Finds the file behind a document, by its bytes and not by its name: anchors hold for exactly these bytes. A file is
 * hashed once; as long as its size and time stay the same it is not hashed again. Where it is at none of its known places, the
 * state that tells most is given: what is there before what is not.
 * @throws the signal's reason on abort
 */
export interface Originals {
  find(documentId: DocumentId, options: { readonly signal: AbortSignal }): Promise<Original | MissingOriginal>
  /** The known places of a document at which some file is now, whatever it holds. */
  occupied(documentId: DocumentId): Promise<readonly string[]>
}

/** What is asked of the file system; paths are absolute. Rejections carry the system's `code`. */
export interface OriginalFiles {
  stat(path: string): Promise<{ readonly sizeBytes: number; readonly modifiedAt: number; readonly isFile: boolean }>
  /** The bytes, piece by piece; abort ends the reading. */
  read(path: string): AsyncIterable<Uint8Array>
  /** Resolves when the file may be read. */
  tryToOpen(path: string): Promise<void>
  list(folder: string): Promise<readonly string[]>
}

const nodeFiles: OriginalFiles = {
  async stat(path) {
    const facts = await stat(path)
    return { sizeBytes: facts.size, modifiedAt: facts.mtimeMs, isFile: facts.isFile() }
  },
  // Without a signal: a stream that is begun while it aborts throws at nobody, which would end the process.
  read: (path) => createReadStream(path, { highWaterMark: 1024 * 1024 }),
  async tryToOpen(path) {
    await (await open(path, 'r')).close()
  },
  list: (folder) => readdir(folder),
}

/** Most telling first. */
const tellingOrder: readonly MissingOriginal[] = ['locked', 'replaced', 'drive-away', 'folder-gone', 'moved']
const missingCodes: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR'])
/** A drive or a share that went while it was asked. */
const driveCodes: ReadonlySet<string> = new Set(
  'EIO ENODEV ENXIO ESTALE EHOSTDOWN EHOSTUNREACH ENETUNREACH ETIMEDOUT ENOTCONN EREMOTEIO ENOMEDIUM'.split(' '),
)

export function createOriginals({
  documents,
  files = nodeFiles,
  platform = process.platform,
}: {
  readonly documents: Pick<DocumentStore, 'summaries'>
  readonly files?: OriginalFiles
  readonly platform?: NodeJS.Platform
}): Originals {
  const proven = new Map<string, string>()

  const kindOf = async (path: string): Promise<'file' | 'folder' | null> => {
    try {
      return (await files.stat(path)).isFile ? 'file' : 'folder'
    } catch (error) {
      if (codeOf(error) === null) throw error
      return null
    }
  }

  /** Of a path at which nothing is. */
  const whyMissing = async (path: string): Promise<MissingOriginal> => {
    const drive = driveOf(path, platform)
    if (drive !== null && (await isUnplugged(drive))) return 'drive-away'
    return (await kindOf(dirname(path))) === null ? 'folder-gone' : 'moved'
  }

  const isUnplugged = async (drive: string): Promise<boolean> => {
    try {
      const names = await files.list(drive)
      // Linux may keep the empty folder that a drive was mounted on.
      return platform === 'linux' && names.length === 0
    } catch (error) {
      if (codeOf(error) === null) throw error
      return true
    }
  }

  const whyUnreadable = async (path: string, error: unknown): Promise<MissingOriginal> => {
    const code = codeOf(error)
    if (code === null) throw error
    if (missingCodes.has(code)) return whyMissing(path)
    return driveCodes.has(code) ? 'drive-away' : 'locked'
  }

  const hashOf = async (path: string, signal: AbortSignal): Promise<string> => {
    const hash = createHash('sha256')
    for await (const piece of files.read(path)) {
      signal.throwIfAborted()
      hash.update(piece)
    }
    return hash.digest('hex')
  }

  const findAt = async (
    path: string,
    wanted: { readonly hash: string; readonly sizeBytes: number },
    signal: AbortSignal,
  ): Promise<Original | MissingOriginal> => {
    try {
      const { sizeBytes, modifiedAt, isFile } = await files.stat(path)
      if (!isFile) return 'moved'
      if (sizeBytes !== wanted.sizeBytes) return 'replaced'
      const key = `${path}\0${sizeBytes}\0${modifiedAt}`
      let hash = proven.get(key)
      if (hash === undefined) {
        hash = await hashOf(path, signal)
        proven.set(key, hash)
      } else await files.tryToOpen(path)
      return hash === wanted.hash ? { path, sizeBytes } : 'replaced'
    } catch (error) {
      signal.throwIfAborted()
      return whyUnreadable(path, error)
    }
  }

  return {
    async find(documentId, { signal }) {
      const [summary] = documents.summaries([documentId])
      const missing: MissingOriginal[] = []
      for (const path of summary?.paths ?? []) {
        const found = await findAt(path, { hash: documentId, sizeBytes: summary?.sizeBytes ?? -1 }, signal)
        if (typeof found === 'object') return found
        missing.push(found)
      }
      return tellingOrder.find((state) => missing.includes(state)) ?? 'moved'
    },
    async occupied(documentId) {
      const paths = documents.summaries([documentId])[0]?.paths ?? []
      const kinds = await Promise.all(paths.map(kindOf))
      return paths.filter((_path, index) => kinds[index] === 'file')
    },
  }
}

/** Null for what is no failure of the file system. */
function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null
}
