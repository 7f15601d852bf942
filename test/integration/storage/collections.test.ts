import { expect, test } from 'vitest'
import { everythingOf, scopeOf } from './collection-fixture.ts'
import { embedAll, never, openTestStorage, readFileInto, temporaryFolder, vectorOf } from './storage-fixture.ts'

const embedder = 'all-MiniLM-L6-v2'

test('collections are made, renamed, deleted, brought back, and found by name whatever its case', async () => {
  await using folder = await temporaryFolder()
  await using storage = await openTestStorage(folder.path)
  const { collections } = storage
  let changes = 0
  collections.onChange(() => (changes += 1))
  const leases = collections.create('  Leases\n 2024 ')
  expect(leases).toMatchObject({ name: 'Leases 2024', documentCount: 0 })
  const papers = collections.create('论文')
  expect(collections.list().map(({ name }) => name)).toEqual(['Leases 2024', '论文'])
  expect(() => collections.create('LEASES 2024')).toThrow(expect.objectContaining({ code: 'name-taken' }))
  expect(() => collections.create(' \n ')).toThrow(expect.objectContaining({ code: 'invalid-request' }))
  expect(() => collections.create('x'.repeat(101))).toThrow(expect.objectContaining({ code: 'invalid-request' }))
  collections.rename(leases.id, 'leases 2024')
  expect(() => collections.rename(papers.id, 'Leases 2024')).toThrow(expect.objectContaining({ code: 'name-taken' }))
  expect(collections.find('LEASES 2024')?.id).toBe(leases.id)
  expect(collections.find(papers.id)?.name).toBe('论文')

  collections.delete(leases.id)
  expect(collections.list().map(({ name }) => name)).toEqual(['论文'])
  expect(collections.find(leases.id)).toBeNull()
  const again = collections.create('Leases 2024')
  expect(() => collections.restore(leases.id)).toThrow(expect.objectContaining({ code: 'name-taken' }))
  collections.rename(again.id, 'Newer leases')
  collections.restore(leases.id)
  expect(collections.list()).toHaveLength(3)
  expect(() => collections.rename(collections.create('gone').id, 'x')).not.toThrow()
  expect(changes).toBeGreaterThan(6)
})

test('a document is in several collections; what it leaves or they lose is counted, and verify is clean', async () => {
  await using folder = await temporaryFolder()
  await using storage = await openTestStorage(folder.path)
  const { collections, documents } = storage
  const [a, b] = [collections.create('A'), collections.create('B')]
  const files = ['one', 'two', 'three'].map((name) => readFileInto(storage, { path: `/${name}`, paragraphs: [name] }))
  const ids = files.map(({ documentId }) => documentId)
  expect(collections.addDocuments(a.id, ids)).toBe(3)
  expect(collections.addDocuments(a.id, ids)).toBe(0)
  expect(collections.addDocuments(b.id, ids.slice(0, 1))).toBe(1)
  expect(documents.summaries(ids.slice(0, 1))[0]?.collectionIds).toEqual([a.id, b.id])
  const members = (id: typeof a.id): number =>
    documents.list({ offset: 0, limit: 10, filter: '', collectionId: id }).total
  expect([members(a.id), members(b.id)]).toEqual([3, 1])
  expect(documents.list({ offset: 0, limit: 10, filter: 'TW', collectionId: a.id })).toMatchObject({
    total: 1,
    documents: [{ name: 'two' }],
  })
  expect(documents.list({ offset: 1, limit: 1, filter: '', collectionId: a.id }).documents[0]?.name).toBe('two')
  expect(collections.removeDocuments(a.id, ids.slice(1, 2))).toBe(1)
  documents.remove(ids.slice(0, 1))
  expect(collections.list().map(({ documentCount }) => documentCount)).toEqual([1, 0])
  expect((await storage.verify()).problems).toEqual([])

  collections.delete(a.id)
  expect(documents.summaries(ids.slice(2))[0]?.collectionIds).toEqual([])
  collections.restore(a.id)
  expect(documents.summaries(ids.slice(2))[0]?.collectionIds).toEqual([a.id])
  collections.delete(a.id)
  collections.expireDeleted(Number.MAX_SAFE_INTEGER)
  while (collections.tidy()) continue
  expect(() => collections.restore(a.id)).toThrow(expect.objectContaining({ code: 'not-found' }))
  expect((await storage.verify()).problems).toEqual([])
})

test('membership follows a file: while it waits, to a known document, and to its changed bytes', async () => {
  await using folder = await temporaryFolder()
  await using storage = await openTestStorage(folder.path)
  const { collections, documents } = storage
  const { id } = collections.create('Leases')
  const names = (): readonly string[] =>
    documents.list({ offset: 0, limit: 10, filter: '', collectionId: id }).documents.map(({ name }) => name)

  readFileInto(storage, { path: '/known', paragraphs: ['same bytes'] })
  documents.queueFile({ path: '/copy', sizeBytes: 10, modifiedAt: 1 })
  collections.addPath(id, '/copy')
  expect(names()).toEqual(['copy'])
  const queued = documents.nextQueuedFile()
  const known = documents.list({ offset: 0, limit: 10, filter: 'known' }).documents[0]
  documents.identifyFile(queued?.locationKey ?? 0, known?.id ?? '')
  expect(names()).toEqual(['known'])

  const before = readFileInto(storage, { path: '/lease', paragraphs: ['first words'] })
  collections.addDocuments(id, [before.documentId])
  const after = readFileInto(storage, { path: '/lease', paragraphs: ['other words'], modifiedAt: 2 })
  expect(after.documentId).not.toBe(before.documentId)
  // The earlier version stands in for it until it has its vectors.
  expect(names().toSorted()).toEqual(['known', 'lease'])
  await embedAll(storage)
  expect(names().toSorted()).toEqual(['known', 'lease'])
  expect(documents.summaries([after.documentId])[0]?.collectionIds).toEqual([id])

  // A path that is known already joins as well.
  const other = collections.create('Other')
  collections.addPath(other.id, '/lease')
  expect(documents.summaries([after.documentId])[0]?.collectionIds).toEqual([id, other.id])
  expect((await storage.verify()).problems).toEqual([])
})

test('verify names a count and a membership that are wrong', async () => {
  await using folder = await temporaryFolder()
  const { openDatabase } = await import('../../../src/main/storage/database.ts')
  {
    await using storage = await openTestStorage(folder.path)
    const { documentId } = readFileInto(storage, { path: '/a', paragraphs: ['a'] })
    storage.collections.addDocuments(storage.collections.create('A').id, [documentId])
  }
  {
    using database = openDatabase(`${folder.path}/carrel.sqlite`, { isReadOnly: false, log: { warn: () => undefined } })
    database.run('UPDATE collection SET document_count = 7')
    database.run('UPDATE document SET added_at = added_at + 1')
  }
  await using storage = await openTestStorage(folder.path)
  expect((await storage.verify()).problems).toEqual([
    expect.stringContaining('gone or changed their place'),
    expect.stringContaining('count their documents wrongly'),
  ])
})

test('a small collection in a large library gives all that it has, by keywords and by vectors', async () => {
  await using folder = await temporaryFolder()
  await using storage = await openTestStorage(folder.path)
  const { collections, documents, keywordIndex, chunkIndex } = storage
  for (let index = 0; index < 120; index += 1) {
    readFileInto(storage, {
      path: `/${index}`,
      paragraphs: [0, 1, 2, 3].map((part) => `harbour notes ${index} part ${part} ${'harbour '.repeat(index % 7)}. `),
    })
  }
  await embedAll(storage)
  const all = documents.list({ offset: 0, limit: 500, filter: '' }).documents
  const { id } = collections.create('Small')
  const members = all.filter((_, index) => index % 40 === 3).map((document) => document.id)
  collections.addDocuments(id, members)
  const large = collections.create('Large')
  collections.addDocuments(
    large.id,
    all.filter((_, index) => index % 3 > 0).map((document) => document.id),
  )
  const found = async (scope: Parameters<typeof scopeOf>[1], limit: number) => {
    const within = await collections.resolve(scopeOf(storage, scope), { signal: never })
    const keywords = await keywordIndex.search('harbour notes', { limit, within, signal: never })
    const vectors = await chunkIndex.search(embedder, vectorOf('anything'), { limit, within, signal: never })
    return [keywords, vectors].map((hits) => {
      const chunks = documents.chunksByKey(hits.map(({ chunkKey }) => chunkKey))
      expect(chunks).toHaveLength(hits.length)
      return { count: hits.length, ids: new Set(chunks.map(({ documentId }) => documentId)) }
    })
  }
  for (const { count, ids } of await found({ collections: ['small'] }, 100)) {
    expect(count).toBe(members.length * 4)
    expect(ids).toEqual(new Set(members))
  }
  for (const { count } of await found({ collections: ['small'] }, 5)) expect(count).toBe(5)
  for (const { count, ids } of await found({ documents: members.slice(0, 1) }, 100)) {
    expect(count).toBe(4)
    expect([...ids]).toEqual(members.slice(0, 1))
  }
  for (const { count } of await found({ collections: ['Large'] }, 500)) expect(count).toBe(320)
  for (const { count } of await found({ collections: ['Large'], documents: members }, 500))
    expect(count).toBeGreaterThanOrEqual(320)
  for (const { count } of await found({ kinds: ['text'] }, 500)) expect(count).toBe(480)

  // The order within is that of the whole.
  const whole = await chunkIndex.search(embedder, vectorOf('anything'), { limit: 480, signal: never })
  const within = await collections.resolve(scopeOf(storage, { collections: [id] }), { signal: never })
  const part = await chunkIndex.search(embedder, vectorOf('anything'), { limit: 480, within, signal: never })
  const keys = new Set(within?.keys)
  expect(part.map(({ chunkKey }) => chunkKey)).toEqual(
    whole.filter(({ documentKey }) => keys.has(documentKey)).map(({ chunkKey }) => chunkKey),
  )
})

test('nothing to search, deleted, unknown: each is a sentence of its own', async () => {
  await using folder = await temporaryFolder()
  await using storage = await openTestStorage(folder.path)
  const { collections, documents } = storage
  const { documentId } = readFileInto(storage, { path: '/a', paragraphs: ['a'] })
  const empty = collections.create('Empty')
  const resolve = (scope: Parameters<typeof scopeOf>[1]) =>
    collections.resolve(scopeOf(storage, scope), { signal: never })
  await expect(resolve({ collections: ['Empty'] })).rejects.toMatchObject({
    code: 'nothing-to-search',
    message: expect.stringContaining('“Empty”'),
  })
  await expect(resolve({ kinds: ['pdf'] })).rejects.toMatchObject({ code: 'nothing-to-search' })
  expect(() => scopeOf(storage, { collections: ['No such'] })).toThrow(
    expect.objectContaining({ code: 'not-found', message: expect.stringContaining('“No such”') }),
  )
  expect(await resolve({})).toBeNull()
  expect(everythingOf(await resolve({ documents: [documentId] }))).toHaveLength(1)
  // A file that waits is in it, and cannot be searched yet; then it can, although the scope was resolved before.
  documents.queueFile({ path: '/b', sizeBytes: 1, modifiedAt: 1 })
  collections.addPath(empty.id, '/b')
  await expect(resolve({ collections: ['Empty'] })).rejects.toMatchObject({ code: 'nothing-to-search' })
  readFileInto(storage, { path: '/b', paragraphs: ['b'] })
  expect(everythingOf(await resolve({ collections: ['Empty'] }))).toHaveLength(1)
  const kept = scopeOf(storage, { collections: ['Empty'] })
  collections.delete(empty.id)
  await expect(collections.resolve(kept, { signal: never })).rejects.toMatchObject({
    code: 'not-found',
    details: { reason: 'collection-deleted', collection: 'Empty' },
  })
})
