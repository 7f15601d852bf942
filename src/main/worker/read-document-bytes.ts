import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { AppError } from '../../shared/errors.ts'
import { fileTooLarge, largestFileBytes, notAnOrdinaryFile, unreadableFile } from '../ingest/parse/file-failures.ts'

/**
 * All bytes of a file and their SHA-256 (hex).
 * @throws AppError `file-too-large` (before anything is read) `unreadable-file`; on abort, the signal's reason.
 */
export async function readDocumentBytes(
  path: string,
  { signal }: { readonly signal: AbortSignal },
): Promise<{ readonly bytes: Uint8Array; readonly hash: string }> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const facts = await file.stat()
    if (!facts.isFile()) throw notAnOrdinaryFile()
    if (facts.size > largestFileBytes) throw fileTooLarge(facts.size)
    const buffer = await file.readFile({ signal })
    // A plain array of its own memory: pdf.js refuses Node's Buffer.
    const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    return { bytes, hash: createHash('sha256').update(bytes).digest('hex') }
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof AppError ? error : unreadableFile(error)
  }
}
