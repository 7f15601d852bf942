import { AppError } from '../../../shared/errors.ts'
import { decodeText } from './decode-text.ts'
import { openZip } from './zip-entries.ts'

/** The parts of a document that is a zip archive, by name. Read in order of asking; each part once. */
export interface OfficeArchive {
  readonly names: readonly string[]
  has(name: string): boolean
  /**
   * A part as text; null where there is none.
   * @throws AppError `unreadable-file` for a damaged part, `file-too-large` where the parts read so far unpack beyond reason
   */
  text(name: string): Promise<string | null>
  close(): void
}

/** All parts read of one document, together. A book of a thousand pages has 20 MB. */
const maxPartBytes = 300 * 1024 * 1024

/** @throws AppError `unreadable-file` where the archive itself is damaged. */
export async function openOfficeArchive(bytes: Uint8Array): Promise<OfficeArchive> {
  const zip = await openZip(bytes).catch((error: unknown) => {
    throw damaged(error)
  })
  const entries = new Map(zip.entries.map((entry) => [entry.fileName, entry]))
  let leftBytes = maxPartBytes
  return {
    names: [...entries.keys()],
    has: (name) => entries.has(name),
    async text(name) {
      const entry = entries.get(name)
      if (entry === undefined) return null
      leftBytes -= entry.uncompressedSize
      if (leftBytes < 0) {
        throw new AppError(
          'file-too-large',
          'This file unpacks to more text than Carrel reads. Split it into smaller documents and add those.',
        )
      }
      try {
        return decodeText(await zip.read(entry)).text
      } catch (error) {
        throw error instanceof AppError ? error : damaged(error)
      }
    },
    close: () => zip.close(),
  }
}

/** Resolves the relative target of a part (`../notes/n1.xml` beside `ppt/slides/s1.xml`) to a part's name. */
export function resolvePart(from: string, target: string): string {
  if (target.startsWith('/')) return target.slice(1)
  const steps = from.split('/').slice(0, -1)
  for (const step of target.split('/')) {
    if (step === '..') steps.pop()
    else if (step !== '.' && step !== '') steps.push(step)
  }
  return steps.join('/')
}

export function damaged(cause: unknown): AppError {
  return new AppError(
    'unreadable-file',
    'This file is damaged or cut off. Open it in the program that wrote it, save it again and add it once more.',
    { cause },
  )
}
