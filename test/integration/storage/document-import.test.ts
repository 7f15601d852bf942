import { describe, expect, test } from 'vitest'
import type { Storage } from '../../../src/main/storage/open-storage.ts'
import { serializeError, AppError } from '../../../src/shared/errors.ts'
import type { DocumentId } from '../../../src/shared/ids.ts'
import {
  batchOf,
  beginFile,
  embedAll,
  never,
  openTestStorage,
  readFileInto,
  sha256,
  temporaryFolder,
  vectorOf,
} from './storage-fixture.ts'

const problem = serializeError(new AppError('unreadable-file', 'The file cannot be read. Check its permissions.'))
const retryableProblem = { ...problem, retryable: true }

const stateOf = (storage: Storage, id: DocumentId) => storage.documents.summaries([id])[0]?.state
const found = async (storage: Storage, query: string) =>
  (await storage.keywordIndex.search(query, { limit: 20, signal: never })).map(
    ({ chunkKey }) => storage.documents.chunksByKey([chunkKey])[0]?.text,
  )

describe('a file becomes a document', () => {
  test('queued, reading, searchable, ready, with the listeners told after each step', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const { documents } = storage
    const heard: { changed: readonly string[]; removed: readonly string[] }[] = []
    documents.onChange((change) => heard.push(change))

    expect(documents.queueFile({ path: '/a/notes.txt', sizeBytes: 10, modifiedAt: 1.5 })).toBe(true)
    expect(documents.queueFile({ path: '/a/notes.txt', sizeBytes: 10, modifiedAt: 1.5 })).toBe(false)
    const queued = documents.nextQueuedFile()
    expect(queued).toMatchObject({ path: '/a/notes.txt', sizeBytes: 10, modifiedAt: 1.5 })
    const listed = documents.list({ offset: 0, limit: 10, filter: '' })
    expect(listed.total).toBe(1)
    expect(listed.documents[0]).toMatchObject({
      id: `file-${queued?.locationKey}`,
      name: 'notes.txt',
      state: 'queued',
      paths: ['/a/notes.txt'],
    })

    const hash = sha256('one')
    const identified = documents.identifyFile(queued?.locationKey ?? 0, hash)
    if (identified.action !== 'read') throw new Error('expected to read')
    expect(documents.nextQueuedFile()).toBeNull()
    expect(heard.at(-1)).toEqual({ changed: [hash], removed: [`file-${queued?.locationKey}`] })
    expect(stateOf(storage, identified.documentId)).toBe('reading')

    documents.appendBatch(identified.documentKey, batchOf(hash, ['alpha beta. ', 'gamma delta.']))
    expect(await found(storage, 'alpha')).toEqual([])
    expect(documents.pendingChunks(10)).toEqual([])
    documents.finishReading(identified.documentKey, {
      kind: 'text',
      title: 'Notes',
      pageCount: null,
      notices: [],
      hash,
    })
    expect(stateOf(storage, identified.documentId)).toBe('searchable')
    expect(await found(storage, 'alpha')).toEqual(['alpha beta. '])
    expect(documents.searchableDocumentCount()).toBe(1)

    const pending = documents.pendingChunks(10)
    expect(pending.map(({ embeddingText }) => embeddingText)).toEqual([
      'Heading\nalpha beta. ',
      'Heading\ngamma delta.',
    ])
    expect(documents.markEmbedded([pending[0]?.chunkKey ?? 0])).toEqual([])
    expect(documents.markEmbedded([pending[1]?.chunkKey ?? 0])).toEqual([identified.documentKey])
    // Ready only when a search has found it.
    expect(stateOf(storage, identified.documentId)).toBe('searchable')
    expect(documents.embeddedDocuments(10)).toEqual([
      {
        documentKey: identified.documentKey,
        chunkKey: pending[1]?.chunkKey,
        hasVector: true,
        embedder: 'all-MiniLM-L6-v2',
        embeddingText: 'Heading\ngamma delta.',
      },
    ])
    documents.confirmReady([identified.documentKey])
    expect(documents.embeddedDocuments(10)).toEqual([])
    expect(documents.summaries([identified.documentId])[0]).toMatchObject({
      state: 'ready',
      title: 'Notes',
      chunkCount: 2,
      embeddedChunkCount: 2,
    })
    expect(documents.chunkKeysWithVectors(pending.map((chunk) => chunk.hash))).toEqual(
      new Map(pending.map((chunk) => [chunk.hash, chunk.chunkKey])),
    )
    expect(documents.totals()).toEqual({
      byState: { queued: 0, reading: 0, searchable: 0, ready: 1, 'needs-attention': 0 },
      documents: 1,
      chunks: 2,
      embeddedChunks: 2,
    })
  })

  test('chunks come with what a passage needs', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const { documentKey, documentId } = readFileInto(storage, {
      path: '/a/b.txt',
      paragraphs: ['one ', 'two ', 'three'],
    })
    const chunks = storage.documents.chunksByOrdinal(documentKey, 1, 5)
    expect(chunks.map(({ ordinal }) => ordinal)).toEqual([1, 2])
    expect(chunks[0]).toMatchObject({
      id: `${documentId.slice(0, 16)}-1`,
      documentId,
      documentName: 'b.txt',
      path: '/a/b.txt',
      kind: 'text',
      parserVersion: 3,
      start: 4,
      end: 8,
      text: 'two ',
      headingPath: ['Heading'],
      language: 'en',
      tokenCount: 12,
    })
    const keys = chunks.map(({ chunkKey }) => chunkKey).toReversed()
    expect(storage.documents.chunksByKey([...keys, 99_999]).map(({ chunkKey }) => chunkKey)).toEqual(keys)
  })

  test('an empty document is ready at once', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const { documentId } = readFileInto(storage, { path: '/empty.txt', paragraphs: [] })
    expect(stateOf(storage, documentId)).toBe('ready')
  })
})

describe('the same bytes twice', () => {
  test('one document with two paths; removing it removes both', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const { documentId } = readFileInto(storage, { path: '/a/one.txt', paragraphs: ['same bytes'] })
    expect(beginFile(storage, { path: '/b/two.txt', paragraphs: ['same bytes'] })).toBeNull()
    expect(storage.documents.list({ offset: 0, limit: 10, filter: '' })).toMatchObject({
      total: 1,
      documents: [{ name: 'one.txt', paths: ['/a/one.txt', '/b/two.txt'] }],
    })
    expect(storage.documents.resolve('/b/two.txt')).toEqual([documentId])
    expect(storage.documents.remove([documentId])).toBe(1)
    expect(storage.documents.resolve('/a/one.txt')).toEqual([])
    expect(storage.documents.queueFile({ path: '/a/one.txt', sizeBytes: 10, modifiedAt: 1 })).toBe(true)
  })
})

describe('a changed file', () => {
  test('the old text is found until the new one is complete, and lends its vectors', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const old = readFileInto(storage, { path: '/a.txt', paragraphs: ['kept as it is. ', 'oldword here'] })
    await embedAll(storage)
    const before = storage.documents.chunksByOrdinal(old.documentKey, 0, 9).map(({ chunkKey }) => chunkKey)
    const paragraphs = ['kept as it is. ', 'newword here now']
    const begun = beginFile(storage, { path: '/a.txt', paragraphs, modifiedAt: 2 })
    if (begun === null) throw new Error('expected to read')
    storage.documents.appendBatch(begun.documentKey, batchOf(begun.hash, paragraphs))
    expect(await found(storage, 'oldword')).toEqual(['oldword here'])
    expect(await found(storage, 'newword')).toEqual([])
    storage.documents.finishReading(begun.documentKey, {
      kind: 'text',
      title: null,
      pageCount: null,
      notices: [],
      hash: begun.hash,
    })
    expect(await found(storage, 'oldword')).toEqual(['oldword here'])
    expect(await found(storage, 'newword')).toEqual([])
    const pending = storage.documents.pendingChunks(9)
    expect(pending.map(({ embeddingText }) => embeddingText)).toEqual([
      'Heading\nkept as it is. ',
      'Heading\nnewword here now',
    ])
    expect(storage.documents.chunkKeysWithVectors(pending.map(({ hash }) => hash))).toEqual(
      new Map([[pending[0]?.hash, before[0]]]),
    )
    // A restart and its reconciliation leave the waiting version as it is.
    expect(storage.documents.markEmbedded([pending[0]?.chunkKey ?? 0])).toEqual([])
    await storage.chunkIndex.add('all-MiniLM-L6-v2', [
      { chunkKey: pending[0]?.chunkKey ?? 0, documentKey: begun.documentKey, vector: vectorOf('kept') },
    ])
    expect(storage.documents.recover()).toBe(0)
    expect(await storage.reconcile({ signal: never })).toEqual({ madePending: 0, adopted: 0, removed: 0 })
    expect((await storage.verify()).problems).toEqual([])
    expect(storage.documents.markEmbedded([pending[1]?.chunkKey ?? 0])).toEqual([begun.documentKey])
    expect(await found(storage, 'oldword')).toEqual([])
    expect(await found(storage, 'newword')).toEqual(['newword here now'])
    expect(await found(storage, 'kept')).toEqual(['kept as it is. '])
    expect(storage.documents.summaries([old.documentId])).toEqual([])
    expect(storage.documents.list({ offset: 0, limit: 9, filter: '' }).total).toBe(1)
  })

  test('a new version shows when it cannot be embedded, and when the one before is removed', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    for (const [path, end] of [
      ['/a.txt', () => storage.documents.showSuccessors()],
      ['/b.txt', (id: DocumentId) => storage.documents.remove([id])],
    ] as const) {
      const old = readFileInto(storage, { path, paragraphs: [`old ${path}`] })
      const next = readFileInto(storage, { path, paragraphs: [`next ${path}!`], modifiedAt: 2 })
      expect(stateOf(storage, next.documentId)).toBe('reading')
      end(old.documentId)
      expect(stateOf(storage, next.documentId)).toBe('searchable')
      expect(storage.documents.summaries([old.documentId])).toEqual([])
      expect(storage.documents.resolve(path)).toEqual([next.documentId])
    }
    await embedAll(storage)
    expect(storage.documents.totals()).toMatchObject({ documents: 2, chunks: 2, embeddedChunks: 2 })
  })

  test('a copy elsewhere keeps the old document', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const old = readFileInto(storage, { path: '/a.txt', paragraphs: ['both have this'] })
    beginFile(storage, { path: '/b.txt', paragraphs: ['both have this'] })
    readFileInto(storage, { path: '/a.txt', paragraphs: ['a alone has this'], modifiedAt: 2 })
    await embedAll(storage)
    expect(storage.documents.summaries([old.documentId])[0]).toMatchObject({ name: 'b.txt', paths: ['/b.txt'] })
  })

  test('one that can no longer be read keeps its text and shows the problem', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const { documentId } = readFileInto(storage, { path: '/a.txt', paragraphs: ['still here'] })
    storage.documents.queueFile({ path: '/a.txt', sizeBytes: 99, modifiedAt: 2 })
    storage.documents.failFile(storage.documents.nextQueuedFile()?.locationKey ?? 0, problem)
    expect(storage.documents.summaries([documentId])[0]).toMatchObject({ state: 'searchable', problem })
    expect(await found(storage, 'still')).toEqual(['still here'])
    storage.documents.retry(documentId)
    expect(storage.documents.nextQueuedFile()?.path).toBe('/a.txt')
  })

  test('new bytes that fail leave the old document searchable and name the new one', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const old = readFileInto(storage, { path: '/a.txt', paragraphs: ['good text'] })
    const begun = beginFile(storage, { path: '/a.txt', paragraphs: ['bad bytes'], modifiedAt: 2 })
    storage.documents.failDocument(begun?.documentKey ?? 0, problem)
    expect(
      storage.documents.list({ offset: 0, limit: 9, filter: '' }).documents.map(({ state, paths }) => [state, paths]),
    ).toEqual(
      expect.arrayContaining([
        ['searchable', ['/a.txt']],
        ['needs-attention', ['/a.txt']],
      ]),
    )
    expect(await found(storage, 'good')).toEqual(['good text'])
    // The third version heals both.
    readFileInto(storage, { path: '/a.txt', paragraphs: ['third text'], modifiedAt: 3 })
    await embedAll(storage)
    expect(storage.documents.list({ offset: 0, limit: 9, filter: '' }).total).toBe(1)
    expect(storage.documents.summaries([old.documentId])).toEqual([])
  })

  test('new bytes that were removed are read when the file is added once more', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    readFileInto(storage, { path: '/a.txt', paragraphs: ['good text'] })
    const begun = beginFile(storage, { path: '/a.txt', paragraphs: ['bad bytes'], modifiedAt: 2 })
    if (begun === null) throw new Error('expected to read')
    storage.documents.failDocument(begun.documentKey, problem)
    expect(storage.documents.queueFile({ path: '/a.txt', sizeBytes: 9, modifiedAt: 2 })).toBe(false)
    storage.documents.remove([begun.documentId])
    expect(storage.documents.list({ offset: 0, limit: 9, filter: '' })).toMatchObject({
      total: 1,
      documents: [{ paths: ['/a.txt'] }],
    })
    expect(storage.documents.queueFile({ path: '/a.txt', sizeBytes: 9, modifiedAt: 2 })).toBe(true)
  })

  test('bytes that changed while they were read are read again', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const begun = beginFile(storage, { path: '/a.txt', paragraphs: ['first bytes'] })
    if (begun === null) throw new Error('expected to read')
    storage.documents.appendBatch(begun.documentKey, batchOf(begun.hash, ['second bytes']))
    const hash = sha256('second bytes')
    storage.documents.finishReading(begun.documentKey, {
      kind: 'text',
      title: null,
      pageCount: null,
      notices: [],
      hash,
    })
    expect(await found(storage, 'bytes')).toEqual([])
    readFileInto(storage, { path: '/a.txt', paragraphs: ['second bytes'], modifiedAt: 2 })
    expect(await found(storage, 'bytes')).toEqual(['second bytes'])
    expect(storage.documents.list({ offset: 0, limit: 9, filter: '' }).total).toBe(1)
  })
})

describe('what goes wrong', () => {
  test('a file that cannot be read needs attention, and can be retried', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    storage.documents.queueFile({ path: '/a.txt', sizeBytes: 1, modifiedAt: 1 })
    const locationKey = storage.documents.nextQueuedFile()?.locationKey ?? 0
    storage.documents.failFile(locationKey, problem)
    const [row] = storage.documents.list({ offset: 0, limit: 9, filter: '' }).documents
    expect(row).toMatchObject({ id: `file-${locationKey}`, state: 'needs-attention', problem })
    expect(storage.documents.queueFile({ path: '/a.txt', sizeBytes: 1, modifiedAt: 1 })).toBe(false)
    storage.documents.retry(row?.id ?? ('' as DocumentId))
    expect(storage.documents.nextQueuedFile()?.locationKey).toBe(locationKey)
    expect(storage.documents.list({ offset: 0, limit: 9, filter: '' }).documents[0]).toMatchObject({
      state: 'queued',
      problem: null,
    })
    storage.documents.failFile(locationKey, retryableProblem)
    expect(storage.documents.queueFile({ path: '/a.txt', sizeBytes: 1, modifiedAt: 1 })).toBe(true)
  })

  test('a document that fails loses its text and chunks, and is read anew on retry', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const begun = beginFile(storage, { path: '/a.txt', paragraphs: ['half of it'] })
    if (begun === null) throw new Error('expected to read')
    storage.documents.appendBatch(begun.documentKey, batchOf(begun.hash, ['half of it']))
    storage.documents.failDocument(begun.documentKey, problem)
    expect(storage.documents.summaries([begun.documentId])[0]).toMatchObject({
      state: 'needs-attention',
      chunkCount: 0,
      problem,
      paths: ['/a.txt'],
    })
    const removedKeys = storage.documents.removedDocumentKeys(9)
    while (!storage.documents.purgeRemoved(removedKeys)) continue
    storage.documents.retry(begun.documentId)
    readFileInto(storage, { path: '/a.txt', paragraphs: ['half of it'] })
    expect(await found(storage, 'half')).toEqual(['half of it'])
    expect((await storage.verify()).problems).toEqual([])
  })

  test('a document removed while it is read refuses the rest', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const begun = beginFile(storage, { path: '/a.txt', paragraphs: ['one', 'two'] })
    if (begun === null) throw new Error('expected to read')
    storage.documents.remove([begun.documentId])
    expect(() => storage.documents.appendBatch(begun.documentKey, batchOf(begun.hash, ['one']))).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    )
    storage.documents.finishReading(begun.documentKey, {
      kind: 'text',
      title: null,
      pageCount: null,
      notices: [],
      hash: begun.hash,
    })
    storage.documents.failDocument(begun.documentKey, problem)
    expect(storage.documents.list({ offset: 0, limit: 9, filter: '' }).total).toBe(0)
  })

  test('an interrupted reading goes back to the queue and begins anew', async () => {
    await using folder = await temporaryFolder()
    {
      await using storage = await openTestStorage(folder.path)
      const begun = beginFile(storage, { path: '/a.txt', paragraphs: ['first half ', 'second half'] })
      storage.documents.appendBatch(begun?.documentKey ?? 0, batchOf(begun?.hash ?? '', ['first half ']))
      beginFile(storage, { path: '/copy.txt', paragraphs: ['first half ', 'second half'] })
    }
    await using storage = await openTestStorage(folder.path)
    expect(storage.documents.recover()).toBe(1)
    const { documentId } = readFileInto(storage, { path: '/a.txt', paragraphs: ['first half ', 'second half'] })
    const copy = storage.documents.nextQueuedFile()
    expect(storage.documents.identifyFile(copy?.locationKey ?? 0, documentId)).toEqual({ action: 'known' })
    expect(storage.documents.summaries([documentId])[0]).toMatchObject({
      state: 'searchable',
      chunkCount: 2,
      paths: ['/a.txt', '/copy.txt'],
    })
    expect(await found(storage, 'half')).toHaveLength(2)
    expect((await storage.verify()).problems).toEqual([])
  })

  test('the same file identified once more begins anew, because its reader was cut off', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    storage.documents.queueFile({ path: '/a.txt', sizeBytes: 1, modifiedAt: 1 })
    const locationKey = storage.documents.nextQueuedFile()?.locationKey ?? 0
    const hash = sha256('one two ')
    const first = storage.documents.identifyFile(locationKey, hash)
    if (first.action !== 'read') throw new Error('expected to read')
    storage.documents.appendBatch(first.documentKey, batchOf(hash, ['one ']))
    const second = storage.documents.identifyFile(locationKey, hash)
    if (second.action !== 'read') throw new Error('expected to read again')
    expect(second.documentKey).not.toBe(first.documentKey)
    storage.documents.appendBatch(second.documentKey, batchOf(hash, ['one ', 'two ']))
    storage.documents.finishReading(second.documentKey, {
      kind: 'text',
      title: null,
      pageCount: null,
      notices: [],
      hash,
    })
    expect(storage.documents.summaries([second.documentId])[0]).toMatchObject({
      state: 'searchable',
      chunkCount: 2,
      paths: ['/a.txt'],
    })
    expect(storage.documents.list({ offset: 0, limit: 9, filter: '' }).total).toBe(1)
    // A searchable one stays as it is.
    expect(storage.documents.identifyFile(locationKey, hash)).toEqual({ action: 'known' })
  })

  test('a file that changed under its reader: other paths of the old bytes are read in its place', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    storage.documents.queueFile({ path: '/a.txt', sizeBytes: 1, modifiedAt: 1 })
    const locationKey = storage.documents.nextQueuedFile()?.locationKey ?? 0
    const old = sha256('old')
    storage.documents.identifyFile(locationKey, old)
    storage.documents.queueFile({ path: '/copy.txt', sizeBytes: 1, modifiedAt: 1 })
    storage.documents.identifyFile(storage.documents.nextQueuedFile()?.locationKey ?? 0, old)
    expect(storage.documents.nextQueuedFile()).toBeNull()
    expect(storage.documents.identifyFile(locationKey, sha256('new'))).toMatchObject({ action: 'read' })
    const queued = storage.documents.nextQueuedFile()
    expect(queued?.path).toBe('/copy.txt')
    expect(storage.documents.identifyFile(queued?.locationKey ?? 0, old)).toMatchObject({
      action: 'read',
      documentId: old,
    })
  })

  test('a failing listener stops nobody', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const heard: string[] = []
    storage.documents.onChange(() => {
      throw new Error('broken listener')
    })
    const stop = storage.documents.onChange(({ changed }) => heard.push(...changed))
    storage.documents.queueFile({ path: '/a', sizeBytes: 1, modifiedAt: 1 })
    stop()
    storage.documents.queueFile({ path: '/b', sizeBytes: 1, modifiedAt: 1 })
    expect(heard).toHaveLength(1)
  })
})

describe('removal', () => {
  test('gone from every search at once, purged in slices, and welcome again', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const paragraphs = Array.from({ length: 450 }, (_, index) => `paragraph number ${index}. `)
    const first = readFileInto(storage, { path: '/a.txt', paragraphs })
    await embedAll(storage)
    storage.documents.remove([first.documentId])
    expect(await found(storage, 'paragraph')).toEqual([])
    expect(storage.documents.chunksByOrdinal(first.documentKey, 0, 9)).toEqual([])
    expect(
      storage.documents.chunkKeysWithVectors(batchOf(first.hash, paragraphs).chunks.map(({ hash }) => hash)).size,
    ).toBe(0)
    expect(storage.documents.searchableDocumentCount()).toBe(0)

    // Before the purge the same bytes are a new document.
    const second = readFileInto(storage, { path: '/a.txt', paragraphs })
    expect(second.documentId).toBe(first.documentId)
    expect(second.documentKey).toBeGreaterThan(first.documentKey)
    expect(storage.documents.removedDocumentKeys(9)).toEqual([first.documentKey])
    await storage.chunkIndex.removeDocuments([first.documentKey])
    let calls = 0
    while (!storage.documents.purgeRemoved([first.documentKey])) calls += 1
    expect(calls).toBeGreaterThan(3)
    expect(storage.documents.removedDocumentKeys(9)).toEqual([])
    expect(await found(storage, 'number 17')).toContain('paragraph number 17. ')
    await embedAll(storage)
    expect(await storage.verify()).toEqual({ documents: 1, chunks: 450, vectors: 450, problems: [] })
  })

  test('unknown ids count for nothing', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    storage.documents.queueFile({ path: '/a.txt', sizeBytes: 1, modifiedAt: 1 })
    const id = storage.documents.list({ offset: 0, limit: 1, filter: '' }).documents[0]?.id ?? ('' as DocumentId)
    expect(storage.documents.remove([id, sha256('nothing') as DocumentId])).toBe(1)
    expect(storage.documents.nextQueuedFile()).toBeNull()
    expect(storage.documents.totals().documents).toBe(0)
  })
})
