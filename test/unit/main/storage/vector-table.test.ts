import type { Table } from '@lancedb/lancedb'
import { expect, test } from 'vitest'
import { isOneOf, openVectorTable } from '../../../../src/main/storage/vector-table.ts'
import { createManualClock } from '../../../support/manual-clock.ts'

/** What the driver is asked for, in order; `optimize` fails as often as told. */
async function begin({
  rows,
  indexName,
  others = [],
  fragments = 1,
}: {
  readonly rows: number
  readonly indexName: string | null
  readonly others?: readonly string[]
  readonly fragments?: number
}) {
  const asked: string[] = []
  const warnings: string[] = []
  const state = { failures: 0 }
  const driver = {
    query: () => ({ select: () => [] }),
    listIndices: async () => [indexName ?? [], others].flat().map((name) => ({ name, columns: ['vector'] })),
    stats: async () => ({ fragmentStats: { numFragments: fragments } }),
    countRows: async () => rows,
    delete: async () => undefined,
    add: async () => undefined,
    dropIndex: async (name: string) => void asked.push(`drop ${name}`),
    optimize: async () => {
      asked.push('optimise')
      state.failures -= 1
      if (state.failures >= 0) throw new Error('Panic in async function')
      return { compaction: { fragmentsRemoved: 0 } }
    },
  }
  const vectors = await openVectorTable(driver as unknown as Table, {
    name: 'vectors',
    dimensions: 8,
    clock: createManualClock(),
    createIndex: async (index) => void asked.push(`create ${index.name}`),
    log: {
      info: () => undefined,
      error: () => undefined,
      verbose: () => undefined,
      warn: (message) => void warnings.push(message),
    },
  })
  const addOne = (key: number): Promise<void> =>
    vectors.add([{ chunkKey: key, documentKey: key, vector: new Float32Array(8) }])
  return { vectors, addOne, asked, warnings, state }
}

test('an index that cannot be extended is made anew, and the next rest goes on', async () => {
  const { vectors, asked, warnings, state } = await begin({ rows: 12_000, indexName: 'vector_quantised_12000' })
  state.failures = 1
  await vectors.remove('document_key', [1])
  expect(await vectors.optimiseAtRest()).toBe(true)
  expect(asked).toEqual(['optimise', 'create vector_quantised_12000'])
  expect(warnings.join()).toContain('made anew')
  expect(await vectors.optimiseAtRest()).toBe(true)
  expect(await vectors.optimiseAtRest()).toBe(false)
  expect(asked.filter((what) => what === 'optimise')).toHaveLength(3)
})

test('an outgrown index goes when the new one is there', async () => {
  const { vectors, asked } = await begin({ rows: 24_000, indexName: 'vector_quantised_12000' })
  await vectors.optimise()
  expect(asked).toEqual(['optimise', 'create vector_quantised_24000', 'drop vector_quantised_12000'])
  expect(vectors.indexName).toBe('vector_quantised_24000')
})

test('where a process died between the making of an index and the removal of the one before, the smaller one goes', async () => {
  const { vectors, asked } = await begin({ rows: 24_000, indexName: 'vector_9000', others: ['vector_quantised_20000'] })
  expect(asked).toEqual(['drop vector_9000'])
  expect(vectors.indexName).toBe('vector_quantised_20000')
})

test('an index of an earlier kind is made anew at the next rest', async () => {
  const { vectors, asked } = await begin({ rows: 12_000, indexName: 'vector_11000' })
  expect(await vectors.optimiseAtRest()).toBe(true)
  expect(asked).toEqual(['optimise', 'create vector_quantised_12000', 'drop vector_11000'])
})

test('what is added or removed is not refused because the tidying failed; that is tried again when it is due again', async () => {
  const { addOne, asked, warnings, state } = await begin({ rows: 500, indexName: null })
  state.failures = 1
  for (let key = 1; key <= 129; key += 1) await addOne(key)
  expect(asked).toEqual(['optimise'])
  expect(warnings.join()).toContain('could not be compacted')
  for (let key = 130; key <= 260; key += 1) await addOne(key)
  expect(asked).toEqual(['optimise', 'optimise'])
})

test('at rest a failure is told', async () => {
  const { vectors, addOne, state } = await begin({ rows: 500, indexName: null })
  await addOne(1)
  state.failures = 1
  await expect(vectors.optimiseAtRest()).rejects.toThrow('Panic')
  expect(await vectors.optimiseAtRest()).toBe(true)
})

test('small files of an earlier process count', async () => {
  const tidy = await begin({ rows: 500, indexName: null })
  expect(await tidy.vectors.optimiseAtRest()).toBe(false)
  expect(tidy.asked).toEqual([])
  const untidy = await begin({ rows: 500, indexName: null, fragments: 20 })
  await untidy.vectors.optimiseAtRest()
  expect(untidy.asked).toEqual(['optimise'])
})

test('while something is read, old versions stay', async () => {
  const { vectors, addOne, asked } = await begin({ rows: 500, indexName: null })
  await addOne(1)
  expect(await vectors.optimiseAtRest()).toBe(true)
  const { promise, resolve } = Promise.withResolvers<void>()
  const reading = vectors.versions.read(() => promise)
  expect(await vectors.optimiseAtRest()).toBe(true)
  expect(asked).toEqual(['optimise'])
  resolve()
  await reading
  expect(await vectors.optimiseAtRest()).toBe(false)
  expect(asked).toEqual(['optimise', 'optimise'])
})

test('only whole numbers reach a predicate', () => {
  expect(isOneOf('chunk_key', [1, 2])).toBe('chunk_key IN (1, 2)')
  expect(() => isOneOf('document_key', [1.5])).toThrow('not a key')
})
