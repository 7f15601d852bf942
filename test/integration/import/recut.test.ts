import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, test, vi } from 'vitest'
import { createSeededRandom } from '../../support/seeded-random.ts'
import { never, temporaryFolder } from '../storage/storage-fixture.ts'
import { mixedText, openRecut, type RecutUnderTest } from './recut-fixture.ts'

const embedder = 'all-MiniLM-L6-v2'
const names = ['mill', 'quay', 'lock', 'sluice', 'harbour', 'canal']

async function writeTexts(folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true })
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, `${name}.txt`)
      await writeFile(path, mixedText(name))
      return path
    }),
  )
}

async function settle(under: RecutUnderTest): Promise<void> {
  await under.recutter.idle({ signal: never })
  await under.importer.idle({ signal: never })
}

/** All that tells two libraries apart: documents, their chunks, the vector of each, what points at what. */
async function stateOf({ storage }: RecutUnderTest) {
  const { documents, chunkIndex } = storage
  expect((await storage.verify()).problems).toEqual([])
  const listed = documents.list({ offset: 0, limit: 100, filter: '' })
  const rows = listed.documents.toSorted((a, b) => a.name.localeCompare(b.name))
  const chunks = []
  for (const { id } of rows) {
    const hits = await storage.keywordIndex.search(names.join(' '), { limit: 10_000, signal: never })
    const own = documents
      .chunksByKey(hits.map(({ chunkKey }) => chunkKey))
      .filter(({ documentId }) => documentId === id)
    const [first] = own
    const all = first === undefined ? [] : documents.chunksByOrdinal(first.documentKey, 0, 10_000)
    const vectors = await chunkIndex.read(
      embedder,
      all.map(({ chunkKey }) => chunkKey),
    )
    chunks.push(
      all.map(({ chunkKey, id: chunkId, start, end, text, headingPath }) => ({
        chunkId,
        start,
        end,
        text,
        headingPath,
        vector: [...(vectors.get(chunkKey) ?? [])].slice(0, 4),
      })),
    )
  }
  const vectorCount = (await chunkIndex.chunkKeys(embedder)).length
  return {
    rows: rows.map(({ addedAt: _at, paths: _paths, ...row }) => row),
    chunks,
    vectorCount,
    waiting: documents.recutsWaiting(),
    removed: documents.removedDocumentKeys(10),
  }
}

async function filledByVersion(folder: string, version: 1 | 2): Promise<Awaited<ReturnType<typeof stateOf>>> {
  const paths = await writeTexts(join(folder, 'texts'))
  await using under = await openRecut(join(folder, `library ${version}`), version)
  await under.importer.add(paths, { signal: never })
  await under.importer.idle({ signal: never })
  return await stateOf(under)
}

describe('after a change of the chunker', { timeout: 120_000 }, () => {
  test('documents are cut anew as a new import would, and only what changed is embedded', async () => {
    await using folder = await temporaryFolder()
    const before = await filledByVersion(folder.path, 1)
    const clean = await filledByVersion(folder.path, 2)
    expect(before.chunks).not.toEqual(clean.chunks)

    await using under = await openRecut(join(folder.path, 'library 1'), 2)
    await settle(under)
    expect(await stateOf(under)).toEqual(clean)
    // Short sections are cut alike: their vectors were kept.
    expect(under.embedded.filter((text) => text.includes('A short word'))).toEqual([])
    expect(under.embedded.length).toBeGreaterThan(0)
    expect(under.embedded.length).toBeLessThan(clean.vectorCount)
    const embedded = under.embedded.length
    await settle(under)
    expect(under.embedded).toHaveLength(embedded)
    expect(under.storage.documents.outdatedDocuments()).toBe(0)
  })

  test('the old passages answer until the new ones have their vectors; collections, paths and the list stay as they are', async () => {
    await using folder = await temporaryFolder()
    const before = await filledByVersion(folder.path, 1)
    await using under = await openRecut(join(folder.path, 'library 1'), 2)
    const { documents, collections } = under.storage
    under.holdEmbedding(true)
    const harbour = documents.list({ offset: 0, limit: 9, filter: 'harbour' }).documents[0]
    if (harbour === undefined) throw new Error('harbour.txt is gone')
    const collection = collections.create('Waters')
    collections.addDocuments(collection.id, [harbour.id])
    await vi.waitFor(() => expect(documents.recutsWaiting()).toBe(names.length), { timeout: 60_000 })
    const meanwhile = await under.storage.keywordIndex.search('harbour barges', { limit: 500, signal: never })
    const answering = documents.chunksByKey(meanwhile.map(({ chunkKey }) => chunkKey))
    expect(answering.length).toBeGreaterThan(0)
    const old = before.chunks.flat().map(({ text }) => text)
    expect(answering.every(({ text }) => old.includes(text))).toBe(true)
    expect(documents.totals()).toMatchObject({ documents: names.length, byState: { ready: names.length } })
    expect(under.recutter.documentsLeft).toBe(names.length)
    expect((await under.storage.verify()).problems).toEqual([])

    under.holdEmbedding(false)
    await settle(under)
    const after = documents.list({ offset: 0, limit: 9, filter: '', collectionId: collection.id })
    expect(after).toMatchObject({ total: 1, documents: [{ id: harbour.id, paths: harbour.paths, state: 'ready' }] })
    expect(after.documents[0]?.addedAt).toBe(harbour.addedAt)
    expect(under.recutter.documentsLeft).toBe(0)
  })

  test('a document that is removed or changed while it is cut anew is what it became', async () => {
    await using folder = await temporaryFolder()
    await filledByVersion(folder.path, 1)
    await using under = await openRecut(join(folder.path, 'library 1'), 2)
    const { documents } = under.storage
    under.holdEmbedding(true)
    await vi.waitFor(() => expect(documents.recutsWaiting()).toBe(names.length), { timeout: 60_000 })
    const row = (name: string) => documents.list({ offset: 0, limit: 9, filter: name }).documents[0]
    const mill = row('mill')
    if (mill === undefined) throw new Error('mill.txt is gone')
    documents.remove([mill.id])
    const changed = join(folder.path, 'texts', 'quay.txt')
    await writeFile(changed, mixedText('quay', 3).replaceAll('grain', 'timber'))
    await under.importer.add([changed], { signal: never })
    under.holdEmbedding(false)
    await settle(under)
    expect(documents.totals()).toMatchObject({ documents: names.length - 1, byState: { ready: names.length - 1 } })
    expect(row('mill')).toBeUndefined()
    const timber = await under.storage.keywordIndex.search('timber', { limit: 9, signal: never })
    expect(documents.chunksByKey(timber.map(({ chunkKey }) => chunkKey)).length).toBeGreaterThan(0)
    await stateOf(under)
    expect(documents.recutsWaiting()).toBe(0)
    expect(documents.removedDocumentKeys(9)).toEqual([])
  })

  test('killed again and again at random moments, it ends as a new import would', { timeout: 300_000 }, async () => {
    await using folder = await temporaryFolder()
    await filledByVersion(folder.path, 1)
    const clean = await filledByVersion(folder.path, 2)
    const random = createSeededRandom()
    let kills = 0
    for (let round = 0; round < 8; round += 1) {
      const child = spawn(
        process.execPath,
        [
          join(import.meta.dirname, 'recut-writer.ts'),
          join(folder.path, 'library 1'),
          round % 2 === 0 ? 'held' : 'working',
        ],
        { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' } },
      )
      const exited = once(child, 'exit')
      await Promise.race([once(createInterface({ input: child.stdout }), 'line'), exited])
      const timer = setTimeout(() => child.kill('SIGKILL'), random.below(400))
      const [code] = await exited
      clearTimeout(timer)
      if (code !== null) {
        expect(code, `seed ${random.seed}`).toBe(0)
        break
      }
      kills += 1
      // Whatever moment it was: every document answers, by one whole set of passages.
      await using between = await openRecut(join(folder.path, 'library 1'), 1)
      await between.importer.idle({ signal: never })
      const state = await stateOf(between)
      expect(state.rows.map(({ state: how }) => how)).toEqual(names.map(() => 'ready'))
    }
    expect(kills, `seed ${random.seed}`).toBeGreaterThan(0)
    await using under = await openRecut(join(folder.path, 'library 1'), 2)
    await settle(under)
    expect(await stateOf(under), `seed ${random.seed}`).toEqual(clean)
  })
})
