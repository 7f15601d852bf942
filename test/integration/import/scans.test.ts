import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DocumentSummary } from '../../../src/shared/document.ts'
import { type ImportUnderTest, openImport } from './import-fixture.ts'
import { temporaryFolder } from '../../support/run-carrel.ts'
import { scanPage, scanPdf } from '../../support/scans/draw-scan.ts'
import { neverAborted } from '../worker/workers.ts'

const lines = ['The ferry to the lighthouse leaves at noon', 'from the northern quay, every second Sunday.']

describe('scans', { timeout: 300_000 }, () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let carrel: ImportUnderTest
  beforeEach(async () => {
    folder = await temporaryFolder()
    carrel = await openImport(folder.path)
  })
  afterEach(async () => {
    await carrel[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })
  const put = async (name: string, bytes: Uint8Array | string): Promise<string> => {
    const path = join(folder.path, name)
    await writeFile(path, bytes)
    return path
  }
  const listed = (): DocumentSummary | undefined =>
    carrel.storage.documents.list({ offset: 0, limit: 10, filter: '' }).documents[0]
  const only = (): DocumentSummary => {
    const document = listed()
    if (document === undefined) throw new Error('there is no document')
    return document
  }
  const search = (words: string) => carrel.storage.keywordIndex.search(words, { limit: 5, signal: neverAborted })
  /** Resolves when the store tells of a change after which `isSo` holds. */
  const until = (isSo: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!isSo()) return
        stop()
        resolve()
      }
      const stop = carrel.storage.documents.onChange(() => setImmediate(look))
      setImmediate(look)
    })

  it('are found by their words, page by page, with boxes on the page', async () => {
    await carrel.add(
      await put('ferry.pdf', scanPdf([{ lines }, { lines: [] }, { lines: ['港口的渡轮每周日中午开往灯塔。'] }])),
    )
    expect(only()).toMatchObject({
      state: 'ready',
      kind: 'pdf',
      pageCount: 3,
      scan: { pages: 3, read: 2, empty: 1, waiting: 0 },
    })
    const [hit] = await search('lighthouse ferry')
    const [chunk] = carrel.storage.documents.chunksByKey([hit?.chunkKey ?? 0])
    expect(chunk).toMatchObject({ page: 1, text: expect.stringContaining('lighthouse leaves at noon') })
    const { id } = only()
    const boxes = carrel.storage.documents.boxes(id, chunk?.start ?? 0, chunk?.end ?? 0)
    expect(boxes.map(({ page }) => page)).toEqual([1, 1])
    expect(await search('渡轮')).toHaveLength(1)
    expect((await carrel.storage.verify()).problems).toEqual([])
  })

  it('that hold nothing to read say so', async () => {
    await carrel.add(await put('sky.png', scanPage({ lines: [] }).png))
    expect(only()).toMatchObject({
      kind: 'image',
      state: 'needs-attention',
      problem: { code: 'empty-file', details: { reason: 'nothing-recognised' } },
    })
  })

  it('can be stopped, and read after all; a removed one leaves nothing', async () => {
    const adding = carrel.add(await put('ferry.pdf', scanPdf(Array.from({ length: 4 }, () => ({ lines })))))
    await until(() => (listed()?.scan?.read ?? 0) > 0)
    const { id } = only()
    expect(only().state).toBe('searchable')
    carrel.importer.stopScan(id)
    await adding
    const { scan, state } = only()
    expect(state).toBe('ready')
    expect(scan).toMatchObject({ waiting: 0, pages: 4 })
    expect(scan?.stopped).toBeGreaterThan(0)
    carrel.storage.documents.startScan(id)
    expect(only().state).toBe('searchable')
    carrel.importer.wake()
    await carrel.importer.idle({ signal: neverAborted })
    expect(only()).toMatchObject({ state: 'ready', scan: { read: 4, stopped: 0 } })
    expect((await carrel.storage.verify()).problems).toEqual([])
    carrel.storage.documents.remove([id])
    carrel.importer.wake()
    await carrel.importer.idle({ signal: neverAborted })
    expect(carrel.storage.documents.removedDocumentKeys(10)).toEqual([])
  })

  it('stopped before the first page, say so and can be read again', async () => {
    const adding = carrel.add(await put('ferry.pdf', scanPdf([{ lines }, { lines }])))
    await until(() => (listed()?.scan?.waiting ?? 0) === 2)
    const { id } = only()
    carrel.importer.stopScan(id)
    await adding
    expect(only()).toMatchObject({
      state: 'needs-attention',
      problem: { code: 'unreadable-file', retryable: true, details: { reason: 'scan-stopped' } },
    })
    carrel.storage.documents.retry(id)
    carrel.importer.wake()
    await carrel.importer.idle({ signal: neverAborted })
    expect(only()).toMatchObject({ state: 'ready', scan: { read: 2 } })
  })

  it('of a file that goes away meanwhile stop with the reason', async () => {
    carrel.holdEmbedding(true)
    const path = await put('ferry.pdf', scanPdf([{ lines }]))
    const adding = carrel.add(path, await put('note.md', '# Note\n\nA note that waits for its vector.'))
    await until(() => carrel.storage.documents.totals().byState.searchable === 2)
    await writeFile(path, 'other bytes')
    carrel.holdEmbedding(false)
    await adding
    const row = carrel.storage.documents.list({ offset: 0, limit: 10, filter: 'ferry' }).documents[0]
    expect(row).toMatchObject({ state: 'needs-attention', problem: { details: { reason: 'changed' } } })
  })
})
