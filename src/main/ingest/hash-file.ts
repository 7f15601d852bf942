import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { AppError } from '../../shared/errors.ts'

/** Larger files are refused: reading one would hold several times its size in memory. */
export const largestFileBytes = 200 * 1024 * 1024

/**
 * SHA-256 of a file's bytes, 64 lower-case hex digits, read in pieces.
 * @throws AppError `file-too-large` `empty-file` `unreadable-file`; on abort, the signal's reason.
 */
export async function hashFile(path: string, { sizeBytes, signal }: { readonly sizeBytes: number; readonly signal: AbortSignal }): Promise<string> {
  if (sizeBytes > largestFileBytes) throw tooLarge(sizeBytes)
  const hash = createHash('sha256')
  let readBytes = 0
  try {
    for await (const piece of createReadStream(path, { signal, highWaterMark: 256 * 1024 })) {
      readBytes += piece.length
      if (readBytes > largestFileBytes) throw tooLarge(readBytes)
      hash.update(piece)
    }
  } catch (cause) {
    signal.throwIfAborted()
    throw cause instanceof AppError ? cause : unreadableFile(cause)
  }
  if (readBytes === 0) throw new AppError('empty-file', 'The file is empty. Remove it here, or add it again when it has content.')
  return hash.digest('hex')
}

/** Plain words for what the file system said. */
export function unreadableFile(cause: unknown): AppError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  const options = { retryable: true, cause }
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new AppError('unreadable-file', 'The file is no longer there. Put it back and try again, or remove it here.', { ...options, details: { reason: 'vanished' } })
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new AppError('unreadable-file', 'Carrel may not read this file. Change its permissions and try again.', { ...options, details: { reason: 'permission' } })
  }
  return new AppError('unreadable-file', 'The file could not be read from the disk. Check the drive and try again.', { ...options, details: { reason: 'disk' } })
}

function tooLarge(sizeBytes: number): AppError {
  return new AppError('file-too-large', 'The file is over 200 MB. Split it into smaller files and add those.', { details: { sizeBytes } })
}
