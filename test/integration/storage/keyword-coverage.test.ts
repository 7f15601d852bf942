import { join } from 'node:path'
import { fc, test as propertyTest } from '@fast-check/vitest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../../src/main/storage/database.ts'
import { coverageOf } from '../../../src/main/storage/keyword-coverage.ts'
import { termKinds } from '../../../src/main/storage/term-kinds.ts'
import { relativeLengths } from '../../../src/main/storage/term-lengths.ts'
import { createTermStatistics } from '../../../src/main/storage/term-statistics.ts'
import { keywordTerms, queryTerms } from '../../../src/shared/keyword-terms.ts'
import { temporaryFolder } from './storage-fixture.ts'

const rows = 600
/** Texts of very different lengths, up to some that need three bytes to say how long they are. */
const textOf = (key: number): string =>
  [
    key % 7 === 0 ? 'engine '.repeat(1 + (key % 5)) : '',
    key % 11 === 0 ? 'harbour oil ' : '',
    key % 13 === 0 ? '文件系统。' : '',
    key % 17 === 0 ? '系统描述，描述文件。' : '',
    'filler '.repeat(key % 50),
    key === 77 ? 'filler '.repeat(20_000) : '',
  ].join('')

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let database: Database

beforeAll(async () => {
  folder = await temporaryFolder()
  database = openDatabase(join(folder.path, 'words.sqlite'), { isReadOnly: false, log: { warn: () => undefined } })
  database.run(
    `CREATE VIRTUAL TABLE keyword USING fts5 (terms, content = '', contentless_delete = 1, tokenize = 'porter unicode61')`,
  )
  for (let key = 1; key <= rows; key += 1) {
    database.run('INSERT INTO keyword (rowid, terms) VALUES (?, ?)', [key, keywordTerms(textOf(key)).join(' ')])
  }
})
afterAll(async () => {
  database[Symbol.dispose]()
  await folder[Symbol.asyncDispose]()
})

const keys = Array.from({ length: rows }, (_, index) => index + 1)

const measure = (query: string): ReadonlyMap<number, number> =>
  new Map(coverageOf(database, createTermStatistics(database), { query, chunkKeys: keys }))

/** BM25 as the books have it, each term with its own weight, k1 and b: what a chunk has of what it could have. */
function byTheBook(query: string): ReadonlyMap<number, number> {
  const texts = new Map(keys.map((key) => [key, keywordTerms(textOf(key))]))
  const meanLength = [...texts.values()].reduce((sum, terms) => sum + terms.length, 0) / rows
  const kindOf = termKinds(query)
  const scores = new Map<number, number>()
  let highest = 0
  for (const term of queryTerms(query).terms) {
    const { weight, saturation, lengthShare } = kindOf(term)
    const holding = [...texts].filter(([, terms]) => terms.includes(term))
    const rarity = weight * Math.max(1e-6, Math.log((rows - holding.length + 0.5) / (holding.length + 0.5)))
    highest += rarity
    for (const [key, terms] of holding) {
      const count = terms.filter((other) => other === term).length
      const halfway = saturation * (1 - lengthShare + (lengthShare * terms.length) / meanLength)
      scores.set(key, (scores.get(key) ?? 0) + (rarity * count) / (count + halfway))
    }
  }
  return new Map([...scores].map(([key, score]) => [key, score / highest]))
}

propertyTest.prop(
  [fc.subarray(['engine', 'oil harbour', '文件系统描述', '系统', '描述文件', 'nowhere', 'filler'], { minLength: 1 })],
  { numRuns: 40 },
)('coverage is BM25 with the weight, k1 and b of each kind of term', (parts) => {
  const query = parts.join(' ')
  const measured = measure(query)
  const expected = byTheBook(query)
  expect([...measured.keys()].toSorted((a, b) => a - b)).toEqual([...expected.keys()].toSorted((a, b) => a - b))
  for (const [key, share] of expected) expect(measured.get(key)).toBeCloseTo(share, 6)
})

test('lengths are beside the mean, of chunks that are there', () => {
  const lengths = relativeLengths(database, [1, 49, 77, rows + 1])
  const counts = keys.map((key) => keywordTerms(textOf(key)).length)
  const mean = counts.reduce((sum, count) => sum + count, 0) / rows
  expect([...lengths.keys()]).toEqual([1, 49, 77])
  for (const [key, length] of lengths) expect(length).toBeCloseTo((counts[key - 1] ?? 0) / mean, 9)
})

test('an index without a chunk has no lengths', async () => {
  using empty = openDatabase(join(folder.path, 'empty.sqlite'), { isReadOnly: false, log: { warn: () => undefined } })
  empty.run(`CREATE VIRTUAL TABLE keyword USING fts5 (terms, content = '', contentless_delete = 1)`)
  expect(relativeLengths(empty, [1]).size).toBe(0)
})
