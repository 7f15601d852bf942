import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppError, isAbortError } from '../../shared/errors.ts'

/**
 * Writes a file piece by piece. Until it is whole it stands beside `path` under a passing name, so that what was there before
 * is replaced by all of it or not at all. @throws AppError `storage-full` `file-not-written`; what `pieces` throws.
 */
export async function writeExport(path: string, pieces: AsyncIterable<string | Uint8Array>): Promise<void> {
  const partial = join(dirname(path), `.${basename(path).slice(0, 40)}.${randomUUID()}.partial`)
  try {
    {
      await using file = await open(partial, 'wx')
      for await (const piece of pieces) await file.writeFile(piece)
      await file.sync()
    }
    await rename(partial, path)
  } catch (error) {
    await rm(partial, { force: true })
    throw error instanceof AppError || isAbortError(error) ? error : writeFailure(error)
  }
}

function writeFailure(cause: unknown): AppError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new AppError('storage-full', 'The disk is full. Free some space, then save again.', {
      retryable: true,
      cause,
    })
  return new AppError('file-not-written', 'The file could not be written there. Choose another folder.', { cause })
}
