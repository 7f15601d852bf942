import { basename } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { cutChunks, initialCutState, keywordsOnlyNotice, type TokenCounter } from '../ingest/chunk/cut-chunks.ts'
import { parseDocument } from '../ingest/parse/parse-document.ts'
import type { ParserResources } from '../ingest/parse/parser-resources.ts'
import type { ParsedBatch, ParsedFile } from '../ports/parsing.ts'
import { createBatchBuilder } from './batch-chunks.ts'
import type { ParseInput } from './protocol.ts'
import { readDocumentBytes } from './read-document-bytes.ts'

export interface ParseFileOptions {
  readonly resources: ParserResources
  readonly countTokens: TokenCounter
  /** The next batch is made when this has resolved. */
  readonly sendBatch: (batch: ParsedBatch) => Promise<void>
  /** Told of each part before anything is done for it: should it end the process, main knows which one it was. */
  readonly begin: (part: number) => void
  readonly signal: AbortSignal
}

/**
 * Reads one file, cuts it into chunks and hands both on in batches; memory holds the bytes and one batch.
 * @throws AppError of the parsers, `unreadable-file` for whatever else goes wrong with this file; on abort the signal's reason.
 */
export async function parseFile(
  input: ParseInput,
  { resources, countTokens, sendBatch, begin, signal }: ParseFileOptions,
): Promise<ParsedFile> {
  const { bytes, hash } = await readDocumentBytes(input.path, { signal })
  const isLeftOut = (part: number): boolean =>
    'only' in input.parts ? part !== input.parts.only : input.parts.leaveOut.includes(part)
  let pageCount: number | null = null
  const reading = parseDocument(
    { name: basename(input.path), bytes, passwords: input.passwords, resources },
    { isLeftOut, signal, onPageCount: (count) => (pageCount = count) },
  )
  const send = (batch: ParsedBatch): Promise<void> => sendBatch({ ...batch, pageCount })
  const batches = createBatchBuilder()
  let state = initialCutState
  let chunkCount = 0
  try {
    for (let part = 0; ; part += 1) {
      begin(part)
      const step = await reading.next()
      if (step.done === true) {
        const rest = batches.finish()
        if (rest !== null) await send(rest)
        const notice = keywordsOnlyNotice(state)
        const { notices, ...end } = step.value
        const isWhole = 'leaveOut' in input.parts && input.parts.leaveOut.length === 0
        if (isWhole && chunkCount === 0 && (end.scanPages ?? []).length === 0) throw withoutText()
        return { ...end, notices: notice === null ? notices : [...notices, notice], hash }
      }
      const cut = isLeftOut(part)
        ? { chunks: [], state }
        : cutChunks(step.value, state, { documentId: input.documentId, countTokens })
      state = cut.state
      chunkCount += cut.chunks.length
      for (const batch of batches.add(step.value, cut.chunks)) await send(batch)
    }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof AppError) throw error
    throw new AppError(
      'unreadable-file',
      'Carrel could not read this file. Open it in its own program, save it again and add that.',
      { cause: error },
    )
  } finally {
    await reading.return({ kind: 'text', title: null, pageCount: null, notices: [], passwordUsed: null })
  }
}

/** Brackets, rules or pictures alone: nothing in it could ever be found. */
function withoutText(): AppError {
  return new AppError('empty-file', 'This file has no words or numbers in it: there is nothing to read or search.')
}
