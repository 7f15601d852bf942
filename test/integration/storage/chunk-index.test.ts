import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Clock } from '../../../src/main/ports/clock.ts'
import type { TablePlace } from '../../../src/main/ports/embedder-store.ts'
import { openChunkIndex } from '../../../src/main/storage/chunk-index.ts'
import { systemClock } from '../../../src/main/system-clock.ts'
import { exactSearchRows } from '../../../src/main/storage/vector-upkeep.ts'
import { collectingLog, never, steppedClock, temporaryFolder, vectorOf } from './storage-fixture.ts'

const embedder = 'all-MiniLM-L6-v2'
const rowOf = (chunkKey: number, documentKey = 1) => ({ chunkKey, documentKey, vector: vectorOf(`chunk ${chunkKey}`) })
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)

/** Keys of the nearest, the nearest first, by looking at every vector. */
function nearestOf(vectors: ReadonlyMap<number, Float32Array>, query: Float32Array, count: number): readonly number[] {
  return [...vectors]
    .map(([key, vector]) => ({
      key,
      score: vector.reduce((sum, value, index) => sum + value * (query[index] ?? 0), 0),
    }))
    .toSorted((one, other) => other.score - one.score)
    .slice(0, count)
    .map(({ key }) => key)
}

const boardPlaces = {
  'all-MiniLM-L6-v2': { name: 'all-MiniLM-L6-v2-384', dimensions: 384 },
  'bge-small-zh-v1.5': { name: 'bge-small-zh-v1.5-512', dimensions: 512 },
}

const tablesIn = async (folder: string) =>
  (await readdir(join(folder, 'vectors'))).filter((name) => name.endsWith('.lance')).toSorted()

async function openIndex(folder: string, clock: Clock = steppedClock(), beside: readonly TablePlace[] = []) {
  const log = collectingLog()
  const index = await openChunkIndex(join(folder, 'vectors'), {
    serving: boardPlaces,
    beside,
    clock,
    log,
  })
  return { index, log, [Symbol.asyncDispose]: () => index.close() }
}

describe('the vectors', () => {
  test('are found by cosine similarity, nearest first, after a restart too', async () => {
    await using folder = await temporaryFolder()
    {
      await using opened = await openIndex(folder.path)
      await opened.index.add(
        embedder,
        range(1, 40).map((key) => rowOf(key)),
      )
      await opened.index.add('bge-small-zh-v1.5', [{ chunkKey: 7, documentKey: 1, vector: vectorOf('zh', 512) }])
    }
    await using opened = await openIndex(folder.path)
    const hits = await opened.index.search(embedder, vectorOf('chunk 17'), { limit: 5, signal: never })
    expect(hits).toHaveLength(5)
    expect(hits[0]).toMatchObject({ chunkKey: 17, documentKey: 1 })
    expect(hits[0]?.score).toBeCloseTo(1, 5)
    expect(hits.map(({ score }) => score)).toEqual(hits.map(({ score }) => score).toSorted((a, b) => b - a))
    const [only] = await opened.index.search('bge-small-zh-v1.5', vectorOf('opposite', 512), {
      limit: 5,
      signal: never,
    })
    expect(only).toMatchObject({ chunkKey: 7 })
    expect(only?.score).toBeGreaterThanOrEqual(-1)
    expect(only?.score).toBeLessThan(1)
  })

  test('of any chunk it is said how near it is; of what the embedder did not embed, nothing', async () => {
    await using folder = await temporaryFolder()
    await using opened = await openIndex(folder.path)
    await opened.index.add(
      embedder,
      range(1, 40).map((key) => rowOf(key)),
    )
    const query = vectorOf('chunk 17')
    const hits = await opened.index.search(embedder, query, { limit: 39, signal: never })
    const similarities = await opened.index.similarities(embedder, query, [...range(1, 40), 99], { signal: never })
    expect(similarities.size).toBe(39)
    for (const { chunkKey, score } of hits) expect(similarities.get(chunkKey)).toBeCloseTo(score, 4)
    expect((await opened.index.similarities('bge-small-zh-v1.5', query, [1], { signal: never })).size).toBe(0)
    const reason = new Error('stopped')
    await expect(opened.index.similarities(embedder, query, [1], { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    )
  })

  test('an index without vectors finds nothing', async () => {
    await using folder = await temporaryFolder()
    await using opened = await openIndex(folder.path)
    expect(await opened.index.search(embedder, vectorOf('x'), { limit: 5, signal: never })).toEqual([])
    expect(await opened.index.chunkKeys(embedder)).toEqual([])
    expect((await opened.index.read(embedder, [1])).size).toBe(0)
    await opened.index.removeDocuments([1])
    await opened.index.optimise()
  })

  test('adding a key again replaces it, in this run and after a restart', async () => {
    await using folder = await temporaryFolder()
    {
      await using opened = await openIndex(folder.path)
      await opened.index.add(embedder, [rowOf(1), rowOf(2)])
      await opened.index.add(embedder, [rowOf(2), rowOf(3)])
      expect(await opened.index.chunkKeys(embedder)).toEqual([1, 2, 3])
    }
    await using opened = await openIndex(folder.path)
    await opened.index.add(embedder, [rowOf(3), { ...rowOf(1), vector: vectorOf('another') }])
    expect(await opened.index.chunkKeys(embedder)).toEqual([1, 2, 3])
    expect((await opened.index.read(embedder, [1, 99])).get(1)).toEqual(vectorOf('another'))
  })

  test('removed documents are gone, also those whose vectors come too late', async () => {
    await using folder = await temporaryFolder()
    await using opened = await openIndex(folder.path)
    await opened.index.add(embedder, [rowOf(1, 1), rowOf(2, 2), rowOf(3, 3)])
    const removing = opened.index.removeDocuments([2])
    const late = opened.index.add(embedder, [rowOf(4, 2), rowOf(5, 3)])
    await Promise.all([removing, late])
    expect(await opened.index.chunkKeys(embedder)).toEqual([1, 3, 5])
    await opened.index.removeChunks(embedder, [5, 99])
    expect(await opened.index.chunkKeys(embedder)).toEqual([1, 3])
  })

  test('writes from many callers all arrive, searches go on meanwhile', async () => {
    await using folder = await temporaryFolder()
    await using opened = await openIndex(folder.path)
    await opened.index.add(embedder, [rowOf(10_000)])
    const writes = range(0, 20).map((batch) =>
      opened.index.add(
        embedder,
        range(1 + batch * 5, 6 + batch * 5).map((key) => rowOf(key)),
      ),
    )
    const searches = range(0, 20).map(() =>
      opened.index.search(embedder, vectorOf('chunk 10000'), { limit: 1, signal: never }),
    )
    for (const hits of await Promise.all(searches)) expect(hits[0]?.chunkKey).toBe(10_000)
    await Promise.all(writes)
    expect(await opened.index.chunkKeys(embedder)).toEqual([...range(1, 101), 10_000])
  })

  test('abort rejects with its reason', async () => {
    await using folder = await temporaryFolder()
    await using opened = await openIndex(folder.path)
    await opened.index.add(embedder, [rowOf(1)])
    const abort = new AbortController()
    const search = opened.index.search(embedder, vectorOf('x'), { limit: 1, signal: abort.signal })
    const reason = new Error('stopped')
    abort.abort(reason)
    await expect(search).rejects.toBe(reason)
    await expect(opened.index.search(embedder, vectorOf('x'), { limit: 1, signal: abort.signal })).rejects.toBe(reason)
  })

  test('a vector of another length is refused and spoils nothing', async () => {
    await using folder = await temporaryFolder()
    await using opened = await openIndex(folder.path)
    await expect(
      opened.index.add(embedder, [{ chunkKey: 1, documentKey: 1, vector: new Float32Array(3) }]),
    ).rejects.toMatchObject({ code: 'internal' })
    await opened.index.add(embedder, [rowOf(1)])
    expect(await opened.index.chunkKeys(embedder)).toEqual([1])
  })

  test('a damaged folder is put aside, said in the log, and begun anew', async () => {
    await using folder = await temporaryFolder()
    {
      await using opened = await openIndex(folder.path)
      await opened.index.add(embedder, [rowOf(1), rowOf(2)])
    }
    const data = join(folder.path, 'vectors', `${embedder}-384.lance`, 'data')
    for (const name of await readdir(data)) await writeFile(join(data, name), 'not a Lance file')
    await using opened = await openIndex(folder.path)
    expect(opened.log.lines.join()).toContain('put aside')
    expect(await readdir(folder.path)).toContain('vectors.damaged')
    expect(await opened.index.chunkKeys(embedder)).toEqual([])
    await opened.index.add(embedder, [rowOf(1)])
    expect(await opened.index.chunkKeys(embedder)).toEqual([1])
  })

  test('a missing data file is damage too, and an older damaged folder gives way', async () => {
    await using folder = await temporaryFolder()
    await mkdir(join(folder.path, 'vectors.damaged', 'old'), { recursive: true })
    {
      await using opened = await openIndex(folder.path)
      await opened.index.add(embedder, [rowOf(1)])
    }
    await rm(join(folder.path, 'vectors', `${embedder}-384.lance`, 'data'), { recursive: true })
    await using opened = await openIndex(folder.path)
    expect(await opened.index.chunkKeys(embedder)).toEqual([])
    expect(await readdir(join(folder.path, 'vectors.damaged'))).not.toContain('old')
  })
})

describe('upkeep', { timeout: 180_000 }, () => {
  test('many small adds end in few files, and old versions go', async () => {
    await using folder = await temporaryFolder()
    await using opened = await openIndex(folder.path, systemClock)
    const dataFiles = async () => (await readdir(join(folder.path, 'vectors', `${embedder}-384.lance`, 'data'))).length
    let most = 0
    for (const key of range(1, 141)) {
      await opened.index.add(embedder, [rowOf(key)])
      most = Math.max(most, await dataFiles())
    }
    expect(most).toBeGreaterThan(100)
    // Longer than a compaction takes.
    while (await opened.index.optimise()) await setTimeout(2_000)
    expect(await dataFiles()).toBe(1)
    expect(await opened.index.chunkKeys(embedder)).toEqual(range(1, 141))
    const hits = await opened.index.search(embedder, vectorOf('chunk 99'), { limit: 1, signal: never })
    expect(hits[0]?.chunkKey).toBe(99)
  })

  test('a search that began before its version was replaced finds its files', async () => {
    await using folder = await temporaryFolder()
    await using opened = await openIndex(folder.path, systemClock)
    await opened.index.add(
      embedder,
      range(1, 2_001).map((key) => rowOf(key)),
    )
    let searching = true
    let searches = 0
    const search = async (): Promise<void> => {
      for (; searching; searches += 1) {
        const hits = await opened.index.search(embedder, vectorOf('chunk 99'), { limit: 1, signal: never })
        expect(hits[0]?.chunkKey).toBe(99)
      }
    }
    const readers = [search(), search(), search(), search()]
    for (const key of range(0, 25)) {
      await opened.index.add(embedder, [rowOf(5_000 + key)])
      await opened.index.optimise()
    }
    searching = false
    await Promise.all(readers)
    expect(searches).toBeGreaterThan(25)
  })

  test('many small removals do too', async () => {
    await using folder = await temporaryFolder()
    await using opened = await openIndex(folder.path, systemClock)
    await opened.index.add(
      embedder,
      range(1, 201).map((key) => rowOf(key, key)),
    )
    const files = async () =>
      (await readdir(join(folder.path, 'vectors', `${embedder}-384.lance`), { recursive: true })).length
    let most = 0
    for (const key of range(1, 150)) {
      await opened.index.removeDocuments([key])
      most = Math.max(most, await files())
    }
    // A version and a file of what is deleted each.
    expect(most).toBeGreaterThan(100)
    // The first compaction was due, and removes nothing, since nobody knows how long one takes.
    await setTimeout(2_000)
    await opened.index.removeDocuments([150])
    while (await opened.index.optimise()) await setTimeout(2_000)
    expect(await files()).toBeLessThan(20)
    expect(await opened.index.chunkKeys(embedder)).toEqual(range(151, 201))
  })

  test('a table of a few thousand rows is indexed and finds exactly what is nearest', async () => {
    await using folder = await temporaryFolder()
    await using opened = await openIndex(folder.path)
    const keys = range(1, 3_001)
    await opened.index.add(
      embedder,
      keys.map((key) => rowOf(key, 1 + (key % 10))),
    )
    await opened.index.optimise()
    expect(opened.log.lines.join()).toContain('indexed in')
    await opened.index.add(
      embedder,
      range(4_000, 4_200).map((key) => rowOf(key, 12)),
    )
    const all = new Map([...keys, ...range(4_000, 4_200)].map((key) => [key, vectorOf(`chunk ${key}`)]))
    for (const number of range(0, 10)) {
      const query = vectorOf(`question ${number}`)
      const nearest = nearestOf(all, query, 20)
      const hits = await opened.index.search(embedder, query, { limit: 20, signal: never })
      expect(hits.map(({ chunkKey }) => chunkKey)).toEqual(nearest)
    }
  })

  test('an indexed table all rows of which are replaced one by one ends in one file and finds what is nearest', async () => {
    await using folder = await temporaryFolder()
    await using opened = await openIndex(folder.path, systemClock)
    await opened.index.add(
      embedder,
      range(0, 1_100).map((key) => rowOf(key, key + 1)),
    )
    for (const key of range(0, 1_100)) {
      await opened.index.add(embedder, [rowOf(2_000 + key, 2_001 + key)])
      await opened.index.removeDocuments([key + 1])
    }
    while (await opened.index.optimise()) await setTimeout(2_000)
    expect(await readdir(join(folder.path, 'vectors', `${embedder}-384.lance`, 'data'))).toHaveLength(1)
    const all = new Map(range(2_000, 3_100).map((key) => [key, vectorOf(`chunk ${key}`)]))
    const hits = await opened.index.search(embedder, vectorOf('question'), { limit: 20, signal: never })
    expect(hits.map(({ chunkKey }) => chunkKey)).toEqual(nearestOf(all, vectorOf('question'), 20))
  })

  test('a large table is indexed, finds nearly what an exact search finds, and keeps finding what is added', async () => {
    await using folder = await temporaryFolder()
    await using opened = await openIndex(folder.path)
    // Clustered, as texts are: pure noise has no neighbourhoods.
    const centres = range(0, 200).map((centre) => vectorOf(`centre ${centre}`))
    const vectorFor = (key: number): Float32Array => {
      const centre = centres[key % centres.length] ?? new Float32Array(384)
      const noise = vectorOf(`noise ${key}`)
      const mixed = centre.map((value, index) => value + 0.6 * (noise[index] ?? 0))
      const norm = Math.hypot(...mixed)
      return mixed.map((value) => value / norm)
    }
    const vectors = new Map(range(1, exactSearchRows + 501).map((key) => [key, vectorFor(key)]))
    const rows = [...vectors].map(([chunkKey, vector]) => ({ chunkKey, documentKey: 1 + (chunkKey % 10), vector }))
    for (let from = 0; from < rows.length; from += 2_000)
      await opened.index.add(embedder, rows.slice(from, from + 2_000))
    await opened.index.optimise()
    expect(opened.log.lines.join()).toContain('indexed in')

    let found = 0
    const queries = range(0, 20).map((query) => vectorFor(50_000 + query))
    for (const query of queries) {
      const exact = nearestOf(vectors, query, 10)
      const hits = await opened.index.search(embedder, query, { limit: 10, signal: never })
      found += hits.filter(({ chunkKey }) => exact.includes(chunkKey)).length
    }
    expect(found / (queries.length * 10)).toBeGreaterThanOrEqual(0.95)

    // The parts of the index that a search looks at first hold few of these, or none: it goes on until there are enough.
    await opened.index.add(embedder, [rowOf(80_000, 70), rowOf(80_001, 70)])
    await opened.index.optimise()
    for (const query of queries) {
      const within = (...keys: number[]) => ({
        limit: 1_200,
        within: { keys: Int32Array.from(keys), libraryDocuments: 11 },
        signal: never,
      })
      expect(await opened.index.search(embedder, query, within(70))).toHaveLength(2)
      const members = rows.filter(({ documentKey }) => documentKey === 3)
      const hits = await opened.index.search(embedder, query, within(3, 70))
      expect(hits).toHaveLength(members.length + 2)
    }

    await opened.index.add(embedder, [rowOf(90_000, 77)])
    expect(
      (await opened.index.search(embedder, vectorOf('chunk 90000'), { limit: 1, signal: never }))[0]?.chunkKey,
    ).toBe(90_000)
    await opened.index.removeDocuments([77])
    expect(
      (await opened.index.search(embedder, vectorOf('chunk 90000'), { limit: 50, signal: never })).map(
        ({ chunkKey }) => chunkKey,
      ),
    ).not.toContain(90_000)
    await opened.index.optimise()
    expect(await opened.index.chunkKeys(embedder)).toHaveLength(exactSearchRows + 502)
  })
})

describe('an index that is built beside', () => {
  const beside = { name: 'all-MiniLM-L6-v2-other-1', dimensions: 8 }
  const narrow = (chunkKey: number) => ({ chunkKey, documentKey: 1, vector: vectorOf(`chunk ${chunkKey}`, 8) })

  test('answers nothing until it takes the place of the old one, which is gone then, after a restart too', async () => {
    await using folder = await temporaryFolder()
    {
      await using opened = await openIndex(folder.path)
      const { index } = opened
      await index.add(embedder, [rowOf(1), rowOf(2)])
      const isStored = await index.openBeside(beside)
      await index.addBeside(beside, [narrow(1), narrow(2)])
      expect([isStored(1), isStored(3)]).toEqual([true, false])
      expect(await index.search(embedder, vectorOf('chunk 1'), { limit: 5, signal: never })).toHaveLength(2)
      const table = index.servingTable(embedder)
      let commits = 0
      await index.serve(embedder, beside, () => {
        commits += 1
        expect(index.servingTable(embedder)).toBe(table)
      })
      expect(commits).toBe(1)
      expect(index.servingTable(embedder)).toBe(beside.name)
      const [best] = await index.search(embedder, vectorOf('chunk 2', 8), { limit: 5, signal: never })
      expect(best).toMatchObject({ chunkKey: 2 })
      // Vectors of the old embedder, begun before the switch.
      await expect(index.add(embedder, [rowOf(3)], { table })).rejects.toMatchObject({ code: 'index-outdated' })
      expect(await index.chunkKeys(embedder)).toEqual([1, 2])
    }
    expect(await tablesIn(folder.path)).toEqual([`${beside.name}.lance`])
  })

  test('stays where it is begun, is removed when it is given up, and when no record names it', async () => {
    await using folder = await temporaryFolder()
    const tables = () => tablesIn(folder.path)
    {
      await using opened = await openIndex(folder.path)
      await opened.index.add(embedder, [rowOf(1)])
      await opened.index.addBeside(beside, [narrow(1)])
    }
    {
      await using opened = await openIndex(folder.path, steppedClock(), [beside])
      expect((await opened.index.openBeside(beside))(1)).toBe(true)
      await opened.index.removeBeside(beside)
      expect(await tables()).toEqual(['all-MiniLM-L6-v2-384.lance'])
      await opened.index.addBeside(beside, [narrow(1)])
      expect(await tables()).toHaveLength(2)
    }
    await using opened = await openIndex(folder.path)
    expect(await tables()).toEqual(['all-MiniLM-L6-v2-384.lance'])
    expect(await opened.index.chunkKeys(embedder)).toEqual([1])
  })

  test('does not take its place when the records refuse it', async () => {
    await using folder = await temporaryFolder()
    await using opened = await openIndex(folder.path)
    await opened.index.add(embedder, [rowOf(1)])
    await opened.index.addBeside(beside, [narrow(1)])
    const refuse = () => {
      throw new Error('disk full')
    }
    await expect(opened.index.serve(embedder, beside, refuse)).rejects.toThrow()
    expect(await opened.index.search(embedder, vectorOf('chunk 1'), { limit: 5, signal: never })).toHaveLength(1)
  })
})
