import { AppError } from '../../../shared/errors.ts'

/** Larger files are refused: reading one would hold several times its size in memory. */
export const largestFileBytes = 200 * 1024 * 1024

export function fileTooLarge(sizeBytes: number): AppError {
  return new AppError('file-too-large', 'The file is over 200 MB. Split it into smaller files and add those.', {
    details: { sizeBytes },
  })
}

/** Plain words for what the file system said. */
export function unreadableFile(cause: unknown): AppError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  const failure = (reason: string, message: string): AppError =>
    new AppError('unreadable-file', message, { retryable: true, details: { reason }, cause })
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return failure('vanished', 'The file is no longer there. Put it back and try again, or remove it here.')
  if (code === 'EACCES' || code === 'EPERM')
    return failure('permission', 'Carrel may not read this file. Change its permissions and try again.')
  if (code === 'EISDIR')
    return failure('folder', 'This is a folder, not a file. Add the folder itself to read what is in it.')
  return failure('disk', 'The file could not be read from the disk. Check the drive and try again.')
}

/** A folder, a pipe, a device: there are no bytes to read to an end. */
export function notAnOrdinaryFile(): AppError {
  return new AppError('unreadable-file', 'This is not an ordinary file. Add a document instead.', {
    details: { reason: 'not-a-file' },
  })
}
