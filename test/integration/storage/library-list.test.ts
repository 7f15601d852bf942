import { describe, expect, test } from 'vitest'
import type { TextSlice } from '../../../src/shared/anchor.ts'
import type { CollectionId, DocumentId } from '../../../src/shared/ids.ts'
import { beginFile, openTestStorage, readFileInto, sha256, temporaryFolder } from './storage-fixture.ts'

describe('the list', () => {
  test('newest first, in pages, filtered by name without case or width', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    for (const name of ['Alpha report.txt', '年度报告.txt', 'beta REPORT.txt', '100%_done.txt']) {
      readFileInto(storage, { path: `/files/${name}`, paragraphs: [`text of ${name}`] })
    }
    const names = (filter: string, offset = 0, limit = 10) =>
      storage.documents.list({ offset, limit, filter }).documents.map(({ name }) => name)
    expect(names('')).toEqual(['100%_done.txt', 'beta REPORT.txt', '年度报告.txt', 'Alpha report.txt'])
    expect(names('', 1, 2)).toEqual(['beta REPORT.txt', '年度报告.txt'])
    expect(names(' Report')).toEqual(['beta REPORT.txt', 'Alpha report.txt'])
    expect(names('ｒｅｐｏｒｔ', 1)).toEqual(['Alpha report.txt'])
    expect(names('报告')).toEqual(['年度报告.txt'])
    expect(names('%_')).toEqual(['100%_done.txt'])
    expect(storage.documents.list({ offset: 0, limit: 1, filter: 'report' }).total).toBe(2)
    expect(storage.documents.list({ offset: 9, limit: 1, filter: '' })).toEqual({ total: 4, documents: [] })
  })

  test('what needs attention or is held alone, also of one collection', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const { documents, collections } = storage
    const held = readFileInto(storage, { path: '/files/held report.txt', paragraphs: ['held'] })
    documents.holdDocument(held.documentKey, { code: 'self-check-failed', message: 'not found', retryable: true })
    readFileInto(storage, { path: '/files/sound.txt', paragraphs: ['sound'] })
    const begun = beginFile(storage, { path: '/files/Broken REPORT.txt', paragraphs: ['broken'] })
    documents.failDocument(begun?.documentKey ?? 0, { code: 'empty-file', message: 'empty', retryable: false })
    const attention = (filter = '', collectionId: CollectionId | null = null) => {
      const { total, documents: rows } = documents.list({
        offset: 0,
        limit: 10,
        filter,
        collectionId,
        onlyAttention: true,
      })
      expect(rows).toHaveLength(total)
      return rows.map(({ name }) => name)
    }
    expect(attention()).toEqual(['Broken REPORT.txt', 'held report.txt'])
    expect(attention('broken')).toEqual(['Broken REPORT.txt'])
    const { id } = collections.create('Some')
    collections.addDocuments(id, [held.documentId])
    expect(attention('report', id)).toEqual(['held report.txt'])
    expect(documents.importCounts().documentsHeld).toBe(1)
  })

  test('an id, its beginning or a path names a document', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const { documentId } = readFileInto(storage, { path: '/a/b c.txt', paragraphs: ['x'] })
    storage.documents.queueFile({ path: '/queued.txt', sizeBytes: 1, modifiedAt: 1 })
    const fileId = storage.documents.resolve('/queued.txt')[0]
    expect(fileId).toMatch(/^file-\d+$/)
    expect(storage.documents.resolve(fileId ?? '')).toEqual([fileId])
    expect(storage.documents.resolve(documentId)).toEqual([documentId])
    expect(storage.documents.resolve(documentId.slice(0, 8))).toEqual([documentId])
    expect(storage.documents.resolve(documentId.slice(0, 7))).toEqual([])
    expect(storage.documents.resolve('/a/b c.txt')).toEqual([documentId])
    expect(storage.documents.resolve("x' OR 1=1 --")).toEqual([])
  })

  test('10,000 documents: pages, filter, totals and queue agree', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const { documents } = storage
    for (let index = 0; index < 10_000; index += 1)
      documents.queueFile({ path: `/many/file ${index}.txt`, sizeBytes: index, modifiedAt: index })
    for (let index = 0; index < 50; index += 1) {
      const queued = documents.nextQueuedFile()
      expect(queued?.path).toBe(`/many/file ${index}.txt`)
      const hash = sha256(String(index))
      const identified = documents.identifyFile(queued?.locationKey ?? 0, hash)
      if (identified.action === 'read')
        documents.finishReading(identified.documentKey, {
          kind: 'text',
          title: null,
          pageCount: null,
          notices: [],
          hash,
        })
    }
    expect(documents.totals().byState).toMatchObject({ queued: 9_950, ready: 50 })
    expect(documents.list({ offset: 9_999, limit: 5, filter: '' }).documents.map(({ name }) => name)).toEqual([
      'file 0.txt',
    ])
    expect(documents.list({ offset: 0, limit: 100, filter: 'FILE 99' })).toMatchObject({
      total: 111,
      documents: { length: 100 },
    })
    const ids: DocumentId[] = []
    for (let offset = 0; offset < 10_000; offset += 500)
      ids.push(...documents.list({ offset, limit: 500, filter: '' }).documents.map(({ id }) => id))
    expect(new Set(ids).size).toBe(10_000)
    expect(documents.remove(ids)).toBe(10_000)
    expect(documents.totals()).toMatchObject({ documents: 0 })
  })
})

describe('the stored text', () => {
  const pages = ['First page. ', '', 'Third page, a word. ', 'Last.']

  async function readPages(storage: Awaited<ReturnType<typeof openTestStorage>>) {
    const begun = beginFile(storage, { path: '/a.pdf', paragraphs: pages })
    if (begun === null) throw new Error('expected to read')
    let start = 0
    const slices = pages.map((text, ordinal): TextSlice => {
      const slice: TextSlice = {
        ordinal,
        start,
        end: start + text.length,
        text,
        page: { number: ordinal + 1, width: 612, height: 792.5 },
        blocks: [{ kind: 'paragraph', level: 0, start, end: start + text.length }],
        runs:
          text === ''
            ? []
            : [{ start, end: start + text.length, x: 72, y: 100.25, width: text.length * 5, height: 12 }],
      }
      start += text.length
      return slice
    })
    storage.documents.appendBatch(begun.documentKey, { slices, chunks: [] })
    storage.documents.finishReading(begun.documentKey, {
      kind: 'pdf',
      title: null,
      pageCount: 4,
      notices: [{ code: 'pages-without-text', values: { pages: 1 } }],
      hash: begun.hash,
    })
    return { ...begun, slices }
  }

  test('comes back as it was stored, with neighbours', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const { documentId, slices } = await readPages(storage)
    const read = (start: number, end: number, neighbours = 0) =>
      storage.documents.readSlices(documentId, { start, end, neighbours }).slices.map(({ ordinal }) => ordinal)
    expect(storage.documents.readSlices(documentId, { start: 0, end: 99, neighbours: 0 })).toEqual({
      slices,
      sliceCount: 4,
      parserVersion: 3,
    })
    expect(read(0, 0)).toEqual([0])
    expect(read(12, 13)).toEqual([2])
    expect(read(11, 13)).toEqual([0, 1, 2])
    expect(read(13, 14, 1)).toEqual([1, 2, 3])
    expect(read(5_000, 6_000)).toEqual([3])
    expect(storage.documents.summaries([documentId])[0]).toMatchObject({
      pageCount: 4,
      notices: [{ code: 'pages-without-text', values: { pages: 1 } }],
    })
  })

  test('has boxes on its pages', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const { documentId } = await readPages(storage)
    expect(storage.documents.boxes(documentId, 6, 18)).toEqual([
      { page: 1, x: 102, y: 100.25, width: 30, height: 12 },
      { page: 3, x: 72, y: 100.25, width: 30, height: 12 },
    ])
    expect(storage.documents.boxes(sha256('nothing') as DocumentId, 0, 9)).toEqual([])
  })

  test('an unknown or removed document is not found', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const { documentId } = await readPages(storage)
    storage.documents.remove([documentId])
    expect(() => storage.documents.readSlices(documentId, { start: 0, end: 1, neighbours: 0 })).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    )
    expect(() => storage.documents.retry(documentId)).toThrow(expect.objectContaining({ code: 'not-found' }))
  })
})
