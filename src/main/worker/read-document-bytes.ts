import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { AppError } from '../../shared/errors.ts'

/** Larger files are refused: reading one would hold several times its size in memory. */
const largestFileBytes = 200 * 1024 * 1024

/**
 * All bytes of a file and their SHA-256 (hex).
 * @throws AppError `file-too-large` (before anything is read) `unreadable-file`; on abort, the signal's reason.
 */
export async function readDocumentBytes(path: string, { signal }: { readonly signal: AbortSignal }): Promise<{ readonly bytes: Uint8Array; readonly hash: string }> {
  try {
    await using file = await open(path, 'r')
    const facts = await file.stat()
    if (facts.isDirectory()) throw new AppError('unreadable-file', 'This is a folder, not a file. Add the folder itself to read what is in it.')
    if (!facts.isFile()) throw new AppError('unreadable-file', 'This is not an ordinary file. Add a document instead.')
    if (facts.size > largestFileBytes) {
      throw new AppError('file-too-large', 'The file is over 200 MB. Split it into smaller files and add those.', { details: { sizeBytes: facts.size } })
    }
    const bytes = await file.readFile({ signal })
    return { bytes, hash: createHash('sha256').update(bytes).digest('hex') }
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof AppError ? error : unreadable(error)
  }
}

function unreadable(cause: unknown): AppError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  const [reason, message] =
    code === 'ENOENT' || code === 'ENOTDIR'
      ? ['vanished', 'The file is no longer there. Put it back and try again, or remove it here.']
      : code === 'EACCES' || code === 'EPERM'
        ? ['permission', 'Carrel may not read this file. Change its permissions and try again.']
        : ['disk', 'The file could not be read from the disk. Check the drive and try again.']
  return new AppError('unreadable-file', message, { retryable: true, details: { reason }, cause })
}
