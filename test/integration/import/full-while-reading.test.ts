import { expect, test } from 'vitest'
import { storageFull } from '../../../src/main/storage/sqlite-errors.ts'
import { never, startImport } from './queue-fixture.ts'

test(
  'a file that a full disk cut off is read to its end, although the disk was still full at the next attempt',
  { timeout: 120_000 },
  async () => {
    await using run = await startImport()
    const { documents } = run.storage
    const { appendBatch, identifyFile } = documents
    let attempts = 0
    documents.appendBatch = (...batch) => {
      if (attempts === 1) throw storageFull()
      appendBatch(...batch)
    }
    documents.identifyFile = (...file) => {
      attempts += 1
      // Not even this could be written.
      if (attempts === 2) throw storageFull()
      return identifyFile(...file)
    }
    const paths = [await run.write('a.txt', ['The harbour freezes.']), await run.write('b.txt', ['The pilot waits.'])]
    await run.importer.add(paths, { signal: never })
    await expect(run.importer.idle({ signal: never })).rejects.toMatchObject({ code: 'storage-full' })
    await run.until(() => run.rows().length === 2 && run.rows().every(({ state }) => state === 'ready'))
    expect(attempts).toBe(4)
    await run.importer.idle({ signal: never })
    expect(run.importer.problem).toBeNull()
  },
)
