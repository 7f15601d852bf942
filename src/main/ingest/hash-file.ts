import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { AppError } from '../../shared/errors.ts'
import { fileTooLarge, largestFileBytes, notAnOrdinaryFile, unreadableFile } from './parse/file-failures.ts'

/**
 * SHA-256 of a file's bytes, 64 lower-case hex digits, read in pieces.
 * @throws AppError `file-too-large` `empty-file` `unreadable-file`; on abort, the signal's reason.
 */
export async function hashFile(
  path: string,
  { sizeBytes, signal }: { readonly sizeBytes: number; readonly signal: AbortSignal },
): Promise<string> {
  if (sizeBytes > largestFileBytes) throw fileTooLarge(sizeBytes)
  const hash = createHash('sha256')
  let readBytes = 0
  try {
    // Not blocking: a named pipe without a writer would otherwise hold the open, and the whole import, for ever.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    if (!(await file.stat()).isFile()) throw notAnOrdinaryFile()
    // Without the signal: a stream that is begun while it aborts throws at nobody, which would end the process.
    for await (const piece of file.createReadStream({ highWaterMark: 256 * 1024, autoClose: false })) {
      signal.throwIfAborted()
      readBytes += piece.length
      if (readBytes > largestFileBytes) throw fileTooLarge(readBytes)
      hash.update(piece)
    }
  } catch (cause) {
    signal.throwIfAborted()
    throw cause instanceof AppError ? cause : unreadableFile(cause)
  }
  if (readBytes === 0)
    throw new AppError('empty-file', 'The file is empty. Remove it here, or add it again when it has content.')
  return hash.digest('hex')
}
