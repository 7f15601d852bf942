import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openDatabase } from '../../../src/main/storage/database.ts'
import {
  collectingLog,
  embedAll,
  never,
  openTestStorage,
  readFileInto,
  temporaryFolder,
  vectorOf,
} from './storage-fixture.ts'

const english = 'all-MiniLM-L6-v2'
const chinese = 'bge-small-zh-v1.5'

describe('reconciliation', () => {
  test('removes what belongs to nothing, and asks again for what is lost', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const kept = readFileInto(storage, { path: '/kept.txt', paragraphs: ['one', 'two', 'three'] })
    readFileInto(storage, { path: '/zh.txt', paragraphs: ['一', '二'], embedder: chinese })
    const removed = readFileInto(storage, { path: '/removed.txt', paragraphs: ['four'] })
    await embedAll(storage)
    const keys = storage.documents.chunksByOrdinal(kept.documentKey, 0, 9).map(({ chunkKey }) => chunkKey)
    await storage.chunkIndex.removeChunks(english, keys.slice(0, 2))
    await storage.chunkIndex.add(chinese, [{ chunkKey: 5_000, documentKey: 900, vector: vectorOf('nobody', 512) }])
    storage.documents.remove([removed.documentId])

    expect((await storage.verify()).problems).toEqual([expect.stringContaining('2 passages have lost their vectors')])
    expect(await storage.reconcile({ signal: never })).toEqual({ madePending: 2, adopted: 0, removed: 2 })
    expect(storage.documents.summaries([kept.documentId])[0]).toMatchObject({
      state: 'searchable',
      embeddedChunkCount: 1,
    })
    expect(await embedAll(storage)).toBe(2)
    expect(storage.documents.summaries([kept.documentId])[0]).toMatchObject({ state: 'ready', embeddedChunkCount: 3 })
    expect(await storage.reconcile({ signal: never })).toEqual({ madePending: 0, adopted: 0, removed: 0 })
    expect(await storage.verify()).toEqual({ documents: 2, chunks: 5, vectors: 5, problems: [] })
  })

  test('works through thousands of keys in slices, and stops between them', async () => {
    await using folder = await temporaryFolder()
    await using storage = await openTestStorage(folder.path)
    const paragraphs = Array.from({ length: 4_100 }, (_, index) => `p${index} `)
    readFileInto(storage, { path: '/long.txt', paragraphs })
    // Marked, but never stored.
    for (;;) {
      const pending = storage.documents.pendingChunks(1_000)
      if (pending.length === 0) break
      storage.documents.markEmbedded(pending.map(({ chunkKey }) => chunkKey))
    }
    const abort = new AbortController()
    const stopped = storage.reconcile({ signal: abort.signal })
    abort.abort(new Error('stopped'))
    await expect(stopped).rejects.toThrow('stopped')
    expect(await storage.reconcile({ signal: never })).toMatchObject({ madePending: 4_100 })
    expect(storage.documents.totals()).toMatchObject({ chunks: 4_100, embeddedChunks: 0 })
  })

  test('closing in the middle ends it first', async () => {
    await using folder = await temporaryFolder()
    const storage = await openTestStorage(folder.path)
    readFileInto(storage, { path: '/a.txt', paragraphs: ['one'] })
    const reconciling = Promise.allSettled([storage.reconcile({ signal: never }), storage.verify()])
    await storage[Symbol.asyncDispose]()
    await reconciling
    await using again = await openTestStorage(folder.path)
    expect((await again.verify()).problems).toEqual([])
  })
})

describe('verify', () => {
  const damage: readonly (readonly [string, string, string])[] = [
    [
      'a chunk that is not its range of the text',
      "UPDATE chunk SET text = 'other' WHERE ordinal = 0",
      '1 passages of “a.txt” differ from its stored text.',
    ],
    ['a text with a gap', 'UPDATE text_slice SET start_offset = 3', 'The stored text of “a.txt” has a gap.'],
    [
      'a chunk without keywords',
      'DELETE FROM keyword WHERE rowid = 1',
      '1 passages are missing from the keyword index.',
    ],
    [
      'keywords without a chunk',
      "INSERT INTO keyword (rowid, terms) VALUES (999, 'x')",
      'The keyword index holds 1 passages that are gone.',
    ],
    ['wrong counts', 'UPDATE document SET chunk_count = 7', '1 documents count their passages wrongly.'],
    [
      'wrong totals',
      "UPDATE library_total SET documents = 9 WHERE state = 'ready'",
      'The totals of the library do not add up.',
    ],
    [
      'a vector without a passage',
      'DELETE FROM keyword WHERE rowid = 2; DELETE FROM chunk WHERE key = 2',
      'belong to no passage',
    ],
  ]

  test.each(damage)('names %s', async (_what, sql, sentence) => {
    await using folder = await temporaryFolder()
    {
      await using storage = await openTestStorage(folder.path)
      readFileInto(storage, { path: '/a.txt', paragraphs: ['one ', 'two '] })
      await embedAll(storage)
      expect(await storage.verify()).toEqual({ documents: 1, chunks: 2, vectors: 2, problems: [] })
    }
    {
      using database = openDatabase(join(folder.path, 'carrel.sqlite'), { isReadOnly: false, log: collectingLog() })
      database.script(sql)
    }
    await using storage = await openTestStorage(folder.path)
    expect((await storage.verify()).problems).toContainEqual(expect.stringContaining(sentence))
  })
})
