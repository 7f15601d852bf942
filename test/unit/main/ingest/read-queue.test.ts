import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createImportGate } from '../../../../src/main/ingest/import-gate.ts'
import { createPasswords } from '../../../../src/main/ingest/passwords.ts'
import { createQueueReader } from '../../../../src/main/ingest/read-queue.ts'
import type { DocumentStore } from '../../../../src/main/ports/document-store.ts'
import type { ParsedBatch, Parser } from '../../../../src/main/ports/parsing.ts'
import { AppError } from '../../../../src/shared/errors.ts'
import type { DocumentId } from '../../../../src/shared/ids.ts'
import { createRecordingLog } from '../../../support/recording-log.ts'
import { temporaryFolder } from '../../../support/run-carrel.ts'

const batchOf = (pageCount: number): ParsedBatch => ({ slices: [], chunks: [], pageCount })

test('a batch that waits while its process ends is not stored beside the second reading', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'a.txt')
  await writeFile(path, 'text')
  const hash = createHash('sha256').update('text').digest('hex') as DocumentId
  const gate = createImportGate(true)
  const stored: (number | null | undefined)[] = []
  const documents: Partial<DocumentStore> = {
    identifyFile: () => ({ action: 'read', documentKey: 1, documentId: hash }),
    appendBatch: (_key, batch) => void stored.push(batch.pageCount),
    finishReading: () => undefined,
  }
  let readings = 0
  const parser: Partial<Parser> = {
    async parse(_file, { parts, onBatch }) {
      const end = { kind: 'text', title: null, pageCount: null, notices: [], hash, passwordUsed: null } as const
      if ('only' in parts) return end
      readings += 1
      if (readings === 1) {
        // Import is paused: this one waits for main, and the process ends in the part after it.
        void onBatch(batchOf(1))
        throw new AppError('worker-crashed', 'Ended.', { details: { reason: 'ended', blame: 'this', part: 1 } })
      }
      gate.setPaused(false)
      await onBatch(batchOf(2))
      return end
    },
  }
  const reader = createQueueReader({
    documents: documents as DocumentStore,
    parser: parser as Parser,
    passwords: createPasswords(),
    log: createRecordingLog(),
    gate,
    onProgress: () => undefined,
  })
  await reader.read({ locationKey: 1, path, sizeBytes: 4, modifiedAt: 0 }, { signal: new AbortController().signal })
  expect(readings).toBe(2)
  expect(stored).toEqual([2])
})
