import { describe, expect, test } from 'vitest'
import type { Storage } from '../../../src/main/storage/open-storage.ts'
import { AppError, serializeError } from '../../../src/shared/errors.ts'
import type { DocumentId } from '../../../src/shared/ids.ts'
import {
  batchOf,
  beginFile,
  embedAll,
  never,
  openTestStorage,
  readFileInto,
  steppedClock,
  temporaryFolder,
} from './storage-fixture.ts'

const row = (storage: Storage, id: DocumentId) => storage.documents.summaries([id])[0]
const waiting = (storage: Storage) =>
  storage.documents.pendingChunks(100).map(({ embeddingText }) => embeddingText.slice('Heading\n'.length))

describe('what is wanted last goes first', () => {
  test('the files of the newest drop are read first, in their order', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const { documents } = storage
    const queue = (path: string, wantedAt?: number) =>
      documents.queueFile({ path, sizeBytes: 1, modifiedAt: 1 }, wantedAt === undefined ? {} : { wantedAt })
    queue('/watched')
    queue('/old/1', 10)
    queue('/old/2', 10)
    queue('/new/1', 20)
    queue('/new/2', 20)
    // Dropped again while it waits.
    expect(queue('/old/2', 30)).toBe(false)
    // Nobody asked: its place stays.
    expect(queue('/new/1')).toBe(false)
    const order: string[] = []
    for (let next = documents.nextQueuedFile(); next !== null; next = documents.nextQueuedFile()) {
      order.push(next.path)
      documents.failFile(next.locationKey, serializeError(new AppError('empty-file', 'Empty.')))
    }
    expect(order).toEqual(['/old/2', '/new/1', '/new/2', '/old/1', '/watched'])
  })

  test('what is tried again by itself waits at the end of its drop; what somebody wants again goes first', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const { documents } = storage
    const problem = serializeError(new AppError('unreadable-file', 'Bad.', { retryable: true }))
    for (const path of ['/a', '/b', '/c']) documents.queueFile({ path, sizeBytes: 1, modifiedAt: 1 }, { wantedAt: 10 })
    const fail = () => {
      const next = documents.nextQueuedFile()
      documents.failFile(next?.locationKey ?? 0, problem)
      const [id] = documents.resolve(next?.path ?? '')
      if (id === undefined) throw new Error('not listed')
      documents.retry(id)
      return id
    }
    fail()
    expect(documents.nextQueuedFile()?.path).toBe('/b')
    const second = fail()
    documents.want([second])
    expect(documents.nextQueuedFile()?.path).toBe('/b')
  })

  test('a document is embedded to its end before the next; the newest drop, and what was asked about, before all', async () => {
    await using folder = await temporaryFolder()
    const clock = steppedClock()
    await using storage = await openTestStorage(folder.path, { clock })
    const read = (name: string, wantedAt: number) => {
      storage.documents.queueFile({ path: `/${name}`, sizeBytes: 8, modifiedAt: 1 }, { wantedAt })
      return readFileInto(storage, { path: `/${name}`, paragraphs: [`${name} one`, `${name} two`] })
    }
    const first = read('first', 100)
    read('second', 100)
    read('third', 200)
    expect(waiting(storage)).toEqual(['third one', 'third two', 'first one', 'first two', 'second one', 'second two'])
    storage.documents.want([first.documentId])
    expect(waiting(storage).slice(0, 3)).toEqual(['first one', 'first two', 'third one'])
    // A drop after the question goes before it.
    read('fourth', clock.now())
    expect(waiting(storage).slice(0, 3)).toEqual(['fourth one', 'fourth two', 'first one'])
  })
})

describe('stopping', () => {
  test('a file that waits needs attention, says why, and is read when it is wanted again', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const file = { path: '/a.txt', sizeBytes: 5, modifiedAt: 1 }
    storage.documents.queueFile(file)
    const [id] = storage.documents.resolve('/a.txt')
    if (id === undefined) throw new Error('not listed')
    expect(storage.documents.stopImport([id])).toBe(1)
    expect(storage.documents.stopImport([id])).toBe(0)
    expect(row(storage, id)).toMatchObject({
      state: 'needs-attention',
      problem: { code: 'import-stopped', retryable: true },
    })
    expect(storage.documents.nextQueuedFile()).toBeNull()
    // A look at its folder does not bring it back, a person does.
    expect(storage.documents.queueFile(file)).toBe(false)
    expect(storage.documents.failedDocuments(0, 10)).toEqual([])
    expect(storage.documents.queueFile(file, { wantedAt: 7 })).toBe(true)
    storage.documents.stopImport([id])
    storage.documents.retry(id)
    expect(storage.documents.nextQueuedFile()?.path).toBe('/a.txt')
  })

  test('one that is being read is given up with what was read of it', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const begun = beginFile(storage, { path: '/a.txt', paragraphs: ['half ', 'of it'] })
    if (begun === null) throw new Error('expected to read')
    storage.documents.appendBatch(begun.documentKey, batchOf(begun.hash, ['half ']))
    const place = { locationKey: 1, documentKey: begun.documentKey }
    expect(storage.documents.isAwaited(place)).toBe(true)
    expect(storage.documents.stopImport([begun.documentId])).toBe(1)
    expect(storage.documents.isAwaited(place)).toBe(false)
    expect(row(storage, begun.documentId)).toMatchObject({
      state: 'needs-attention',
      chunkCount: 0,
      problem: { code: 'import-stopped' },
    })
    expect(() => storage.documents.appendBatch(begun.documentKey, batchOf(begun.hash, ['of it']))).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    )
    storage.documents.retry(begun.documentId)
    const again = beginFile(storage, { path: '/a.txt', paragraphs: ['half ', 'of it'] })
    expect(again?.documentId).toBe(begun.documentId)
  })

  test('one that is being embedded stays searchable, is left alone, and goes on where it was', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const { documentId } = readFileInto(storage, { path: '/a.txt', paragraphs: ['alpha ', 'beta ', 'gamma'] })
    storage.documents.markEmbedded([storage.documents.pendingChunks(1)[0]?.chunkKey ?? 0])
    expect(storage.documents.stopImport([documentId])).toBe(1)
    expect(row(storage, documentId)).toMatchObject({
      state: 'searchable',
      embeddedChunkCount: 1,
      problem: { code: 'import-stopped', details: { reason: 'embedding' } },
    })
    expect(waiting(storage)).toEqual([])
    expect(storage.documents.importCounts().passagesToEmbed).toBe(0)
    const hits = await storage.keywordIndex.search('gamma', { limit: 5, signal: never })
    expect(storage.documents.chunksByKey(hits.map(({ chunkKey }) => chunkKey)).map(({ text }) => text)).toEqual([
      'gamma',
    ])
    storage.documents.retry(documentId)
    expect(waiting(storage)).toEqual(['beta ', 'gamma'])
    await embedAll(storage)
    expect(row(storage, documentId)).toMatchObject({ state: 'ready', problem: null })
    expect(storage.documents.stopImport([documentId])).toBe(0)
  })

  test('a changed file that waits keeps what was read of it before', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const { documentId } = readFileInto(storage, { path: '/a.txt', paragraphs: ['still here'] })
    await embedAll(storage)
    storage.documents.queueFile({ path: '/a.txt', sizeBytes: 99, modifiedAt: 2 })
    expect(storage.documents.stopImport([documentId])).toBe(1)
    expect(row(storage, documentId)).toMatchObject({ state: 'ready', problem: { code: 'import-stopped' } })
  })
})

describe('looking for what was embedded', () => {
  test('every chunk is found by its own words, whatever the script; only signs need not be', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const texts = [
      'The harbour is dredged every spring. ',
      '港口每年春天疏浚。',
      'Ｆｕｌｌ ｗｉｄｔｈ, Straße, naïve, AB-1234 ',
      '—— …',
    ]
    for (const [index, text] of texts.entries()) readFileInto(storage, { path: `/${index}`, paragraphs: [text] })
    const pending = storage.documents.pendingChunks(10)
    expect(pending).toHaveLength(4)
    for (const chunk of pending) expect(storage.documents.findOwnWords(chunk)).toBe(true)
    const [first, second] = pending
    expect(storage.documents.findOwnWords({ chunkKey: first?.chunkKey ?? 0, embeddingText: 'zeppelin' })).toBe(false)
    expect(storage.documents.findOwnWords({ chunkKey: 9_999, embeddingText: second?.embeddingText ?? '' })).toBe(false)
  })

  test('nothing is confirmed that lost a vector, was held or removed meanwhile', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const files = ['one', 'two', 'three', 'four'].map((text) =>
      readFileInto(storage, { path: `/${text}`, paragraphs: [text] }),
    )
    const keys = storage.documents.pendingChunks(10).map(({ chunkKey }) => chunkKey)
    storage.documents.markEmbedded(keys)
    const [lost, held, removed, found] = files
    if (lost === undefined || held === undefined || removed === undefined || found === undefined) throw new Error()
    storage.documents.markPending([keys[0] ?? 0])
    const problem = serializeError(new AppError('self-check-failed', 'Not found.', { retryable: true }))
    storage.documents.holdDocument(held.documentKey, problem)
    storage.documents.remove([removed.documentId])
    storage.documents.confirmReady(files.map(({ documentKey }) => documentKey))
    expect(row(storage, lost.documentId)?.state).toBe('searchable')
    expect(row(storage, held.documentId)).toMatchObject({ state: 'searchable', problem })
    expect(row(storage, removed.documentId)).toBeUndefined()
    expect(row(storage, found.documentId)?.state).toBe('ready')
    expect(storage.documents.failedDocuments(0, 10)).toEqual([{ documentKey: held.documentKey, id: held.documentId }])
    // Wanted again, it is read anew.
    storage.documents.retry(held.documentId)
    expect(row(storage, held.documentId)?.state).toBe('queued')
  })
})

test('what is left to do is counted', async () => {
  await using folder = await temporaryFolder()
  await using storage = await openTestStorage(folder.path)
  expect(storage.documents.importCounts()).toEqual({
    filesToRead: 0,
    bytesToRead: 0,
    filesBeingRead: 0,
    passagesToEmbed: 0,
    documentsHeld: 0,
  })
  readFileInto(storage, { path: '/read', paragraphs: ['one', 'two'] })
  const begun = beginFile(storage, { path: '/being read', paragraphs: ['three', 'four'] })
  storage.documents.appendBatch(begun?.documentKey ?? 0, batchOf(begun?.hash ?? '', ['three']))
  storage.documents.queueFile({ path: '/waits', sizeBytes: 1_000, modifiedAt: 1 })
  storage.documents.queueFile({ path: '/waits too', sizeBytes: 500, modifiedAt: 1 })
  expect(storage.documents.importCounts()).toEqual({
    filesToRead: 2,
    bytesToRead: 1_500,
    filesBeingRead: 1,
    passagesToEmbed: 3,
    documentsHeld: 0,
  })
})
