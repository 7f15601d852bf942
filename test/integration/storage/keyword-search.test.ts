import { fc, test as propertyTest } from '@fast-check/vitest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bestByWords, weighedPerHit } from '../../../src/main/answer/best-by-words.ts'
import type { IndexHit } from '../../../src/main/ports/indexes.ts'
import { createSearchThread } from '../../../src/main/storage/search-thread.ts'
import { matchExpression } from '../../../src/main/storage/match-expression.ts'
import type { Storage } from '../../../src/main/storage/open-storage.ts'
import { join } from 'node:path'
import {
  batchOf,
  beginFile,
  keywordThread,
  never,
  openTestStorage,
  readFileInto,
  temporaryFolder,
} from './storage-fixture.ts'

const paragraphs = [
  'The engines were running all night in the harbour. ',
  'An engine needs oil. Order number AB-1234 was late. ',
  '中华人民共和国合同法规定了违约责任。',
  'Café prices rose by 3.14 percent. ',
  'identical words ',
  'identical words ',
]

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let storage: Storage

beforeAll(async () => {
  folder = await temporaryFolder()
  storage = await openTestStorage(folder.path)
  readFileInto(storage, { path: '/facts.txt', paragraphs })
  const reading = beginFile(storage, { path: '/reading.txt', paragraphs: ['engine engine engine'] })
  storage.documents.appendBatch(reading?.documentKey ?? 0, batchOf(reading?.hash ?? '', ['engine engine engine']))
})

afterAll(async () => {
  await storage[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

/** As a question is searched: hits, weighed. */
async function weighed(
  { keywordIndex }: Pick<Storage, 'keywordIndex'>,
  query: string,
  limit: number,
): Promise<readonly IndexHit[]> {
  const hits = await keywordIndex.search(query, { limit: limit * weighedPerHit, signal: never })
  const keys = hits.map(({ chunkKey }) => chunkKey)
  return bestByWords(hits, await keywordIndex.coverage(query, keys, { signal: never }), limit)
}

const search = async (query: string, limit = 10): Promise<readonly (string | undefined)[]> => {
  const hits = await weighed(storage, query, limit)
  expect(hits.map(({ score }) => score)).toEqual(hits.map(({ score }) => score).toSorted((a, b) => b - a))
  expect(hits.every(({ score }) => score >= 0)).toBe(true)
  return storage.documents.chunksByKey(hits.map(({ chunkKey }) => chunkKey)).map(({ text }) => text)
}

describe('keyword search', () => {
  test('English words are stemmed, and a document that is being read is not found', async () => {
    expect((await search('engine')).toSorted()).toEqual([paragraphs[0], paragraphs[1]].toSorted())
    expect(await search('run')).toEqual([paragraphs[0]])
  })

  test('case, accents and width do not matter', async () => {
    expect(await search('ＣＡＦＥ')).toEqual([paragraphs[3]])
  })

  test('words inside unspaced Chinese are found, Traditional as well', async () => {
    expect(await search('违约责任')).toEqual([paragraphs[2]])
    expect(await search('違約責任')).toEqual([paragraphs[2]])
  })

  test('any term may match, the best first', async () => {
    const hits = await search('engine oil')
    expect(hits[0]).toBe(paragraphs[1])
    expect(hits).toHaveLength(2)
  })

  test('a quoted phrase must match in order', async () => {
    expect(await search('"oil needs" engine')).toEqual([])
    expect(await search('"needs oil" running')).toEqual([paragraphs[1]])
    expect(await search('"AB-1234"')).toEqual([paragraphs[1]])
    expect(await search('“合同法规定”')).toEqual([paragraphs[2]])
    expect(await search('「合同法規定」')).toEqual([paragraphs[2]])
    expect(await search('“违约合同法”')).toEqual([])
  })

  test('scores are shares of what a perfect chunk would have', async () => {
    const [hit] = await weighed(storage, '违约责任', 1)
    const [partly] = await weighed(storage, '违约责任 unheardof', 1)
    expect(hit?.score).toBeGreaterThan(0.25)
    expect(hit?.score).toBeLessThanOrEqual(1)
    expect(partly?.score).toBeLessThan((hit?.score ?? 0) * 0.9)
  })

  test('of any chunk it is said what a search says of it; of those without a term, or without the phrase, nothing', async () => {
    await using own = await temporaryFolder()
    // One of a few chunks, where shares are counted otherwise, and one of many.
    for (const others of [0, 300]) {
      await using library = await openTestStorage(join(own.path, String(others)))
      const fillers = Array.from({ length: others }, (_, index) => `Something about gardens, number ${index}. `)
      readFileInto(library, { path: '/all.txt', paragraphs: [...paragraphs, '文件系统的描述。', ...fillers] })
      for (const query of ['engine oil harbour', '系统描述 engine', '"needs oil" engine']) {
        const hits = await weighed(library, query, 10)
        expect(hits.length).toBeGreaterThan(0)
        const all = Array.from({ length: paragraphs.length + others + 5 }, (_, key) => key)
        const coverage = await library.keywordIndex.coverage(query, all, { signal: never })
        expect([...coverage].toSorted()).toEqual(hits.map(({ chunkKey, score }) => [chunkKey, score]).toSorted())
        const { chunkKey = 0 } = hits[0] ?? {}
        expect([...(await library.keywordIndex.coverage(query, [chunkKey], { signal: never }))]).toEqual([
          [chunkKey, hits[0]?.score],
        ])
      }
      expect((await library.keywordIndex.coverage('?!', [1, 2], { signal: never })).size).toBe(0)
    }
  })

  test('a chunk that holds the words of a Chinese question stands before one with pairs across them', async () => {
    await using own = await temporaryFolder()
    await using library = await openTestStorage(own.path)
    // 文件 | 系统 | 描述: the second chunk holds the rarer pairs, which no word holds.
    const common = ['文件很多。', '系统很大。', '描述很长。']
    const fillers = Array.from({ length: 240 }, (_, index) => (index < 60 ? common[index % 3] : null) ?? '花园里的树。')
    const texts = ['本页描述系统和文件。', '统描件系，并无其他。', ...fillers]
    readFileInto(library, { path: '/zh.txt', paragraphs: texts })
    const [first] = await weighed(library, '文件系统描述', 3)
    const [best] = library.documents.chunksByKey([first?.chunkKey ?? 0])
    expect(best?.text).not.toContain('统描件系')
  })

  test('a library of one chunk knows rare words too', async () => {
    await using own = await temporaryFolder()
    await using tiny = await openTestStorage(own.path)
    readFileInto(tiny, { path: '/one.txt', paragraphs: ['The carrels of this library open at nine. '] })
    const scoreOf = async (query: string): Promise<number> => (await weighed(tiny, query, 1))[0]?.score ?? 0
    expect(await scoreOf('When do the carrels open?')).toBeGreaterThan(0.4)
    // One word that is not there costs its own share, and not all of it.
    expect(await scoreOf('When do the carrels open, asks 6f2a1b3c?')).toBeGreaterThan(0.15)
    expect(await scoreOf('Who invented the library of locomotives?')).toBeLessThan(0.2)
  })

  test('a code is one piece, and a number is found however it is written', async () => {
    const written = [
      'Form 12 was sent on day 3. ',
      'Section 3.12 says otherwise. ',
      'Paid 1,250,000 yuan. ',
      'Paid 4500.50 yuan. ',
    ]
    readFileInto(storage, { path: '/numbers.txt', paragraphs: written })
    expect((await search('3.12'))[0]).toBe(written[1])
    expect((await search('1250000'))[0]).toBe(written[2])
    expect((await search('１，２５０，０００'))[0]).toBe(written[2])
    expect((await search('4,500.50'))[0]).toBe(written[3])
  })

  test('stop words alone, marks alone and nothing find nothing or no error', async () => {
    expect(await search('')).toEqual([])
    expect(await search('?! ++ ""')).toEqual([])
    expect(await search('engine', 0)).toEqual([])
  })

  test('equal scores come by key, and the limit holds', async () => {
    const hits = await weighed(storage, 'identical', 10)
    expect(hits).toHaveLength(2)
    expect(hits[0]?.score).toBe(hits[1]?.score)
    expect(hits[0]?.chunkKey).toBeLessThan(hits[1]?.chunkKey ?? 0)
    expect(await search('identical', 1)).toHaveLength(1)
  })

  test('chunks that cannot be shown never crowd out those that can', async () => {
    const many = Array.from({ length: 400 }, () => 'zebra zebra zebra ')
    const removed = readFileInto(storage, { path: '/zebras.txt', paragraphs: many })
    storage.documents.remove([removed.documentId])
    const kept = Array.from(
      { length: 20 },
      (_, index) => `one zebra among the ${index} other animals of this rather long sentence `,
    )
    readFileInto(storage, { path: '/zoo.txt', paragraphs: kept })
    expect((await search('zebra', 15)).every((text) => text?.startsWith('one zebra'))).toBe(true)
    expect(await search('zebra', 15)).toHaveLength(15)
  })

  const syntax = fc.constantFrom(
    '"',
    "'",
    '*',
    '^',
    '(',
    ')',
    ':',
    '-',
    '+',
    'AND',
    'OR',
    'NOT',
    'NEAR(',
    '{',
    '}',
    ',',
    '\0',
    'engine',
    '合同',
    '“',
    '”',
    ' ',
    '\\',
    'terms :',
    '1=1; --',
  )
  propertyTest.prop(
    [
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.array(syntax, { maxLength: 30 }).map((parts) => parts.join(' ')),
      ),
    ],
    { numRuns: 300 },
  )('no text is ever read as syntax', async (query) => {
    await expect(storage.keywordIndex.search(query, { limit: 5, signal: never })).resolves.toBeInstanceOf(Array)
  })

  const parts = fc.array(fc.array(fc.string()))
  propertyTest.prop([fc.array(fc.string()), parts, parts, parts], { numRuns: 100 })(
    'no term can leave its quotes',
    (terms, phrases, codes, otherForms) => {
      const match = matchExpression({ terms, phrases, codes, otherForms })
      expect((match?.expression ?? '').replaceAll(/"[^"\0]*"/g, 'x')).toMatch(/^(?:x|\(|\)| OR | AND )*$/)
    },
  )

  test('a pasted page is a question too', async () => {
    expect(await search(`${'lorem ipsum dolor '.repeat(1_000)} engine ${'x1 '.repeat(2_000)}`)).toBeInstanceOf(Array)
  })
})

describe('the search thread', () => {
  test('abort rejects with its reason, and the next question is answered', async () => {
    const abort = new AbortController()
    const reason = new Error('stopped')
    const first = storage.keywordIndex.search('engine', { limit: 5, signal: abort.signal })
    const second = storage.keywordIndex.search('engine', { limit: 5, signal: abort.signal })
    abort.abort(reason)
    await expect(first).rejects.toBe(reason)
    await expect(second).rejects.toBe(reason)
    await expect(storage.keywordIndex.search('engine', { limit: 5, signal: abort.signal })).rejects.toBe(reason)
    expect(await search('engine')).toHaveLength(2)
  })

  test('a thread that cannot start is an error of its question alone', async () => {
    await using thread = createSearchThread({
      thread: keywordThread,
      databasePath: join(folder.path, 'absent', 'carrel.sqlite'),
    })
    await expect(
      thread.ask({ kind: 'search', query: 'a', limit: 1, within: null }, { signal: never }),
    ).rejects.toMatchObject({
      code: 'worker-crashed',
    })
    await expect(
      thread.ask({ kind: 'search', query: 'a', limit: 1, within: null }, { signal: never }),
    ).rejects.toMatchObject({
      code: 'worker-crashed',
    })
  })

  test('closing settles what waits', async () => {
    const thread = createSearchThread({ thread: keywordThread, databasePath: join(folder.path, 'carrel.sqlite') })
    const asked = [1, 2].map(() =>
      thread.ask({ kind: 'search', query: 'engine', limit: 1, within: null }, { signal: never }),
    )
    const settled = Promise.allSettled(asked)
    await thread[Symbol.asyncDispose]()
    expect((await settled).every(({ status }) => status === 'rejected')).toBe(true)
    await expect(
      thread.ask({ kind: 'search', query: 'engine', limit: 1, within: null }, { signal: never }),
    ).rejects.toMatchObject({
      code: 'internal',
    })
  })
})
