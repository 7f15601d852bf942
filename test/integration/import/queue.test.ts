import { chmod, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openTestStorage, temporaryFolder, vectorOf } from '../storage/storage-fixture.ts'
import { never, startImport, type ImportUnderTest } from './queue-fixture.ts'

const foundByWords = async ({ storage }: ImportUnderTest, query: string): Promise<readonly string[]> =>
  storage.documents
    .chunksByKey(
      (await storage.keywordIndex.search(query, { limit: 9, signal: never })).map(({ chunkKey }) => chunkKey),
    )
    .map(({ text }) => text)

describe('searchable before it is embedded', { timeout: 60_000 }, () => {
  test('a document is found by its words while not one vector is there', async () => {
    await using run = await startImport()
    run.embedding.close()
    await run.importer.add([await run.write('a.txt', ['The harbour freezes.', 'The pilot waits.'])], { signal: never })
    await run.embedding.arrived(1)
    expect(run.row('a.txt')).toMatchObject({ state: 'searchable', embeddedChunkCount: 0 })
    expect(await foundByWords(run, 'pilot')).toEqual(['The pilot waits.'])
    run.embedding.open()
    await run.importer.idle({ signal: never })
    expect(run.row('a.txt')).toMatchObject({ state: 'ready', embeddedChunkCount: 2 })
  })

  test('the newest drop is read and embedded before what was dropped earlier', async () => {
    await using run = await startImport()
    const earlier = await Promise.all(['1', '2', '3'].map((name) => run.write(`old ${name}`, [`old ${name}`])))
    const later = await run.write('new', ['new'])
    run.reading.close()
    run.embedding.close()
    await run.importer.add(earlier, { signal: never })
    await run.reading.arrived(1)
    await run.importer.add([later], { signal: never })
    run.reading.open()
    await run.until(() => run.rows().every(({ state }) => state === 'searchable'))
    expect(run.begun.map((path) => path.slice(run.folder.length + 1))).toEqual(['old 1', 'new', 'old 2', 'old 3'])
    run.embedding.open()
    await run.importer.idle({ signal: never })
    // The first one was under way before the drop came.
    expect(run.embedded.filter((text) => text !== 'old 1')).toEqual(['new', 'old 2', 'old 3'])
  })

  test('what was asked about is embedded next', async () => {
    await using run = await startImport({ isPaused: true })
    const paths = await Promise.all(
      ['a', 'b', 'c'].map((name) =>
        run.write(
          name,
          Array.from({ length: 3 }, (_, index) => `${name} ${index}`),
        ),
      ),
    )
    run.embedding.close()
    run.importer.setPaused(false)
    await run.importer.add(paths, { signal: never })
    await run.until(() => run.rows().length === 3 && run.rows().every(({ state }) => state === 'searchable'))
    run.importer.setPaused(true)
    await run.importer.idle({ signal: never })
    run.storage.documents.want([run.row('c').id])
    const before = run.embedded.length
    run.embedding.open()
    run.importer.setPaused(false)
    await run.importer.idle({ signal: never })
    expect(run.embedded.slice(before, before + 3)).toEqual(['c 0', 'c 1', 'c 2'])
    expect(run.rows().every(({ state }) => state === 'ready')).toBe(true)
  })
})

describe('ready only when a search has found it', { timeout: 60_000 }, () => {
  test('a document whose vectors were lost on the way is embedded again, and then ready', async () => {
    let losses = 1
    await using run = await startImport({
      chunkIndex: (index) => ({
        ...index,
        add: async (embedder, rows) => (losses-- > 0 ? undefined : index.add(embedder, rows)),
      }),
    })
    await run.importer.add([await run.write('a.txt', ['alpha', 'beta'])], { signal: never })
    await run.importer.idle({ signal: never })
    expect(run.row('a.txt').state).toBe('ready')
    expect(run.embedded).toEqual(['alpha', 'beta', 'alpha', 'beta'])
    expect((await run.storage.verify()).problems).toEqual([])
  })

  test.each(['lost', 'of another text', 'not near'] as const)(
    'a document whose vectors stay %s says so, is found by its words, and leaves the others alone',
    async (how) => {
      await using run = await startImport({
        chunkIndex: (index) => ({
          ...index,
          read: async (embedder, keys) => {
            const found = new Map(await index.read(embedder, keys))
            for (const key of keys) {
              if (run.storage.documents.chunksByKey([key])[0]?.documentName !== 'bad.txt') continue
              if (how === 'lost') found.delete(key)
              if (how === 'of another text') found.set(key, new Float32Array(384).fill(1 / Math.sqrt(384)))
            }
            return found
          },
          search: async (embedder, vector, options) => {
            const hits = await index.search(embedder, vector, options)
            const bad = run.row('bad.txt')
            return how === 'not near'
              ? hits.filter(({ chunkKey }) => run.storage.documents.chunksByKey([chunkKey])[0]?.documentId !== bad.id)
              : hits
          },
        }),
      })
      const paths = [await run.write('bad.txt', ['alpha', 'beta']), await run.write('good.txt', ['gamma'])]
      await run.importer.add(paths, { signal: never })
      await run.importer.idle({ signal: never })
      expect(run.row('bad.txt')).toMatchObject({
        state: 'searchable',
        problem: { code: 'self-check-failed', retryable: true },
      })
      expect(await foundByWords(run, 'alpha')).toEqual(['alpha'])
      expect(run.row('good.txt')).toMatchObject({ state: 'ready', problem: null })
      expect(run.importer.progress).toMatchObject({ filesToRead: 0, passagesToEmbed: 0 })
    },
  )

  test('what was embedded before a crash is looked for at the next start', async () => {
    await using data = await temporaryFolder()
    {
      await using run = await startImport({ dataFolder: data.path, isPaused: true })
      run.embedding.close()
      run.importer.setPaused(false)
      await run.importer.add([await run.write('a.txt', ['alpha', 'beta'])], { signal: never })
      await run.embedding.arrived(1)
      // As if the process had died right after the vectors were marked.
      const pending = run.storage.documents.pendingChunks(9)
      await run.storage.chunkIndex.add(
        'all-MiniLM-L6-v2',
        pending.map(({ chunkKey, documentKey, embeddingText }) => ({
          chunkKey,
          documentKey,
          vector: vectorOf(embeddingText),
        })),
      )
      run.storage.documents.markEmbedded(pending.map(({ chunkKey }) => chunkKey))
      expect(run.row('a.txt').state).toBe('searchable')
    }
    await using run = await startImport({ dataFolder: data.path })
    await run.importer.idle({ signal: never })
    expect(run.row('a.txt').state).toBe('ready')
    expect(run.embedded).toEqual(['beta'])
  })

  test('a document in two languages is looked for where its passages are, whichever of them was embedded last', async () => {
    await using run = await startImport()
    const texts = [['Nothing else.'], ['The pilot waits.', '领航员在等。'], ['船到了。', 'The boat came.']]
    const paths = await Promise.all(texts.map((paragraphs, index) => run.write(`${index}.txt`, paragraphs)))
    // All English passages are embedded before all Chinese ones, also where they stand after them.
    run.embedding.close()
    await run.importer.add(paths, { signal: never })
    await run.until(() => run.rows().length === 3 && run.rows().every(({ state }) => state === 'searchable'))
    run.embedding.open()
    await run.importer.idle({ signal: never })
    expect(run.rows().map(({ state, problem }) => ({ state, problem }))).toEqual(
      paths.map(() => ({ state: 'ready', problem: null })),
    )
    // Found at the first look: nothing was embedded twice.
    expect(run.embedded).toHaveLength(5)
  })

  test('many equal documents hide none of them', async () => {
    await using run = await startImport()
    const paths = await Promise.all(
      Array.from({ length: 60 }, (_, index) => run.write(`${index}.txt`, ['the same paragraph', `number ${index}`])),
    )
    await run.importer.add(paths, { signal: never })
    await run.importer.idle({ signal: never })
    expect(run.rows().filter(({ state }) => state === 'ready')).toHaveLength(60)
  })
})

describe('pausing', { timeout: 60_000 }, () => {
  test('a file that is being read waits in the middle, nothing is embedded, and both go on where they were', async () => {
    await using run = await startImport()
    run.reading.close()
    await run.importer.add([await run.write('a.txt', ['one', 'two', 'three'])], { signal: never })
    run.reading.letOne()
    await run.reading.arrived(2)
    run.importer.setPaused(true)
    expect(run.importer.progress).toMatchObject({ isPaused: true, filesToRead: 1, reading: { passagesRead: 1 } })
    run.reading.open()
    await run.importer.idle({ signal: never })
    expect(run.row('a.txt')).toMatchObject({ state: 'reading', chunkCount: 1 })
    await run.importer.add([await run.write('b.txt', ['four'])], { signal: never })
    await run.importer.idle({ signal: never })
    expect(run.row('b.txt').state).toBe('queued')
    expect(run.embedded).toEqual([])
    run.importer.setPaused(false)
    await run.importer.idle({ signal: never })
    expect(run.rows().map(({ state }) => state)).toEqual(['ready', 'ready'])
    expect(run.begun).toHaveLength(2)
  })

  test('embedding stops with the text it is at', async () => {
    await using run = await startImport()
    run.embedding.close()
    await run.importer.add([await run.write('a.txt', ['one', 'two', 'three'])], { signal: never })
    run.embedding.letOne()
    await run.embedding.arrived(2)
    run.importer.setPaused(true)
    await run.importer.idle({ signal: never })
    run.embedding.open()
    expect(run.embedded).toEqual(['one'])
    expect(run.importer.progress).toMatchObject({ isPaused: true, passagesToEmbed: 3, timeLeft: null })
    run.importer.setPaused(false)
    await run.importer.idle({ signal: never })
    expect(run.row('a.txt').state).toBe('ready')
  })

  test('removing goes on meanwhile, and quitting too', async () => {
    await using run = await startImport()
    await run.importer.add([await run.write('a.txt', ['one'])], { signal: never })
    await run.importer.idle({ signal: never })
    run.importer.setPaused(true)
    run.storage.documents.remove([run.row('a.txt').id])
    await run.importer.idle({ signal: never })
    expect(run.storage.documents.removedDocumentKeys(9)).toEqual([])
    expect(await run.storage.chunkIndex.chunkKeys('all-MiniLM-L6-v2')).toEqual([])
    await run.importer.add([await run.write('b.txt', ['two'])], { signal: never })
  })
})

describe('stopping', { timeout: 60_000 }, () => {
  test('the file that is being read is given up at once, and the next one is read', async () => {
    await using run = await startImport()
    run.reading.close()
    await run.importer.add([await run.write('a.txt', ['one', 'two']), await run.write('b.txt', ['three'])], {
      signal: never,
    })
    run.reading.letOne()
    await run.reading.arrived(2)
    expect(run.importer.stop([run.row('a.txt').id])).toBe(1)
    // Its reader never passes the second paragraph: the third arrival is the next file's.
    await run.reading.arrived(3)
    run.reading.open()
    await run.importer.idle({ signal: never })
    expect(run.row('a.txt')).toMatchObject({ state: 'needs-attention', problem: { code: 'import-stopped' } })
    expect(run.row('b.txt').state).toBe('ready')
    run.storage.documents.retry(run.row('a.txt').id)
    await run.importer.idle({ signal: never })
    expect(run.row('a.txt')).toMatchObject({ state: 'ready', problem: null })
  })

  test('the document that is being embedded is left at once, still searchable; the others finish', async () => {
    await using run = await startImport()
    run.embedding.close()
    const paths = [await run.write('a.txt', ['one', 'two', 'three']), await run.write('b.txt', ['four'])]
    await run.importer.add(paths, { signal: never })
    await run.until(() => run.rows().filter(({ state }) => state === 'searchable').length === 2)
    await run.embedding.arrived(1)
    expect(run.importer.stop([run.row('a.txt').id])).toBe(1)
    run.embedding.open()
    await run.importer.idle({ signal: never })
    expect(run.row('a.txt')).toMatchObject({ state: 'searchable', problem: { code: 'import-stopped' } })
    expect(run.row('b.txt').state).toBe('ready')
    expect(await foundByWords(run, 'two')).toEqual(['two'])
    expect(run.embedded).toEqual(['four'])
    run.storage.documents.retry(run.row('a.txt').id)
    await run.importer.idle({ signal: never })
    expect(run.row('a.txt')).toMatchObject({ state: 'ready', problem: null })
  })

  test('what failed is tried again together; what was stopped is not', async () => {
    await using run = await startImport()
    const missing = await run.write('missing.txt', ['was there'])
    const stopped = await run.write('stopped.txt', ['later'])
    run.importer.setPaused(true)
    await run.importer.add([missing, stopped], { signal: never })
    await rm(missing)
    run.importer.stop([run.row('stopped.txt').id])
    run.importer.setPaused(false)
    await run.importer.idle({ signal: never })
    expect(run.row('missing.txt')).toMatchObject({
      state: 'needs-attention',
      problem: { code: 'unreadable-file', details: { reason: 'vanished' } },
    })
    await run.write('missing.txt', ['there again'])
    expect(await run.importer.retryFailed({ signal: never })).toBe(1)
    await run.importer.idle({ signal: never })
    expect(run.row('missing.txt')).toMatchObject({ state: 'ready', problem: null })
    expect(run.row('stopped.txt').problem?.code).toBe('import-stopped')
  })
})

describe('files come and go', { timeout: 120_000 }, () => {
  test('one file dropped a hundred times, at once and from a hundred places, is one document', async () => {
    await using run = await startImport()
    const path = await run.write('a.txt', ['the one and only', 'text of it'])
    const copies = await Promise.all(Array.from({ length: 20 }, (_, index) => run.copy(path, `copy ${index}.txt`)))
    const drops = Array.from({ length: 100 }, (_, index) => [path, copies[index % copies.length] ?? path])
    await Promise.all(drops.map((paths) => run.importer.add(paths, { signal: never })))
    await run.importer.idle({ signal: never })
    expect(run.rows()).toHaveLength(1)
    expect(run.rows()[0]).toMatchObject({ state: 'ready', chunkCount: 2, embeddedChunkCount: 2 })
    expect(run.rows()[0]?.paths).toHaveLength(21)
    expect(run.embedded).toHaveLength(2)
    expect((await run.storage.verify()).problems).toEqual([])
  })

  test('removed while it waits, while it is read and while it is embedded: gone, and the others finish', async () => {
    await using run = await startImport()
    const [first, second, third, last] = await Promise.all(
      ['first', 'second', 'third', 'last'].map((name) => run.write(name, [`${name} one`, `${name} two`])),
    )
    run.reading.close()
    await run.importer.add(
      [first, second, third, last].filter((path) => path !== undefined),
      { signal: never },
    )
    run.reading.letOne()
    await run.reading.arrived(2)
    run.storage.documents.remove([run.row('first').id, run.row('second').id])
    // The reader has left the first and is at the third.
    await run.reading.arrived(3)
    run.embedding.close()
    run.reading.letOne()
    run.reading.letOne()
    await run.embedding.arrived(1)
    run.storage.documents.remove([run.row('third').id])
    run.reading.open()
    run.embedding.open()
    await run.importer.idle({ signal: never })
    expect(run.rows().map(({ name, state }) => [name, state])).toEqual([['last', 'ready']])
    expect(run.begun.map((path) => path.slice(run.folder.length + 1))).toEqual(['first', 'third', 'last'])
    expect(await foundByWords(run, 'third')).toEqual([])
    expect((await run.storage.verify()).problems).toEqual([])
  })

  test('a file that may not be read any more says so', async (context) => {
    if (process.getuid?.() === 0) context.skip('root may read everything')
    await using run = await startImport({ isPaused: true })
    const path = await run.write('a.txt', ['secret'])
    await run.importer.add([path], { signal: never })
    await chmod(path, 0o000)
    run.importer.setPaused(false)
    await run.importer.idle({ signal: never })
    expect(run.row('a.txt')).toMatchObject({ state: 'needs-attention', problem: { details: { reason: 'permission' } } })
  })

  test('a folder that vanished while it was dropped is a row that says so', async () => {
    await using run = await startImport()
    await run.importer.add([join(run.folder, 'gone')], { signal: never })
    await run.importer.idle({ signal: never })
    expect(run.row('gone')).toMatchObject({ state: 'needs-attention', problem: { code: 'unreadable-file' } })
  })
})

test('the time left follows from what was measured, and is unknown before', { timeout: 60_000 }, async () => {
  await using run = await startImport()
  run.embedding.close()
  await run.importer.add([await run.write('a.txt', ['one', 'two'])], { signal: never })
  await run.embedding.arrived(1)
  expect(run.importer.progress).toMatchObject({ passagesToEmbed: 2, passagesPerSecond: null, timeLeft: null })
  run.embedding.open()
  await run.importer.idle({ signal: never })
  expect(run.importer.progress).toMatchObject({ passagesToEmbed: 0, passagesEmbedded: 0, timeLeft: null })
})

test('the library opens again after a pause in the middle of a file', { timeout: 60_000 }, async () => {
  await using data = await temporaryFolder()
  {
    await using run = await startImport({ dataFolder: data.path })
    run.reading.close()
    await run.importer.add([await run.write('a.txt', ['one', 'two'])], { signal: never })
    run.reading.letOne()
    await run.reading.arrived(2)
    run.importer.setPaused(true)
  }
  await using storage = await openTestStorage(data.path)
  expect(storage.documents.recover()).toBe(1)
  expect(storage.documents.nextQueuedFile()?.path).toMatch(/a\.txt$/)
})
