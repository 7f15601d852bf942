import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writePdf } from '../../support/documents/pdf-writer.ts'
import { openImport } from '../../support/import-under-test.ts'
import { embedderWords, parserWords } from '../../support/lethal/lethal-words.ts'
import { temporaryFolder } from '../../support/run-carrel.ts'
import { endlessPagePdf } from '../../support/documents/endless-page.ts'

/** Short only where a file hangs: on a busy computer all else may take its time. */
const limits = { openMs: 60_000, silenceMs: 60_000, memoryBytes: 500 * 1024 ** 2 }
const impatience = { openMs: 8_000, silenceMs: 3_000 }
const page = (number: number, word = ''): string => `Page ${number} tells of the ${word} harbour and its tides.`

function pdfOf(texts: readonly string[]): Uint8Array {
  return writePdf({ pages: texts.map((text) => ({ strings: [{ text, x: 60, y: 700, size: 11 }] })) })
}

/** Enough for several parts (about 32,000 units each). */
function longText(wordIn: (paragraph: number) => string): string {
  return Array.from(
    { length: 500 },
    (_, index) =>
      `Paragraph ${index} of the long report ${wordIn(index)} goes on about dues, depths and the keeper of the light, whose log has one line a day.`,
  ).join('\n\n')
}

describe('a file that ends or hangs the reader', { timeout: 240_000 }, () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  beforeAll(async () => {
    folder = await temporaryFolder()
  })
  afterAll(() => folder[Symbol.asyncDispose]())

  const write = async (name: string, content: string | Uint8Array): Promise<string> => {
    const path = join(folder.path, 'documents', name)
    await mkdir(join(folder.path, 'documents'), { recursive: true })
    await writeFile(path, content)
    return path
  }

  it.each([
    ['ends', parserWords.end],
    ['hangs', parserWords.hang],
    ['eats the memory of', parserWords.memory],
  ])('costs the page that %s it, and nothing else', async (what, word) => {
    await using carrel = await openImport({
      dataFolder: join(folder.path, `pages-${what}`),
      entries: 'lethal',
      parser: { ...limits, ...(what === 'hangs' ? impatience : {}) },
    })
    const poison = await write(`${what}.pdf`, pdfOf([page(1), page(2), page(3, word), page(4), page(5)]))
    const good = await write('good.md', '# Good\n\nThis one has nothing the matter with it.\n')
    const documents = await carrel.add(poison, good)
    expect(documents.get('good.md')).toMatchObject({ state: 'ready', problem: null, notices: [] })
    expect(documents.get(`${what}.pdf`)).toMatchObject({
      state: 'ready',
      problem: null,
      pageCount: 5,
      notices: [{ code: 'pages-left-out', values: { count: 1, pages: '3' } }],
    })
    const { signal } = new AbortController()
    for (const [query, found] of [
      ['Page 4', 1],
      [word, 0],
    ] as const)
      expect((await carrel.storage.keywordIndex.search(query, { limit: 5, signal })).length > 0).toBe(found === 1)
    expect((await carrel.storage.verify()).problems).toEqual([])
  })

  it('costs the page in which a real PDF never comes to its end, and nothing else', async () => {
    await using carrel = await openImport({
      dataFolder: join(folder.path, 'endless'),
      parser: { ...limits, ...impatience },
    })
    const endless = await write('endless.pdf', endlessPagePdf([page(1), page(2), null, page(4)]))
    const good = await write('after.md', '# After\n\nThis one waited behind it.\n')
    const documents = await carrel.add(endless, good)
    expect(documents.get('after.md')).toMatchObject({ state: 'ready', problem: null })
    expect(documents.get('endless.pdf')).toMatchObject({
      state: 'ready',
      problem: null,
      pageCount: 4,
      notices: [{ code: 'pages-left-out', values: { count: 1, pages: '3' } }],
    })
    const { signal } = new AbortController()
    expect((await carrel.storage.keywordIndex.search('Page 4', { limit: 5, signal })).length).toBeGreaterThan(0)
    expect((await carrel.storage.verify()).problems).toEqual([])
  })

  it('keeps the text of a part that cannot be indexed, and finds all others', async () => {
    await using carrel = await openImport({
      dataFolder: join(folder.path, 'parts'),
      entries: 'lethal',
      parser: limits,
    })
    const path = await write(
      'report.txt',
      longText((paragraph) => (paragraph === 400 ? parserWords.end : `item${paragraph}`)),
    )
    const document = (await carrel.add(path)).get('report.txt')
    expect(document).toMatchObject({
      state: 'ready',
      notices: [{ code: 'parts-left-out', values: { count: 1 } }],
    })
    const { signal } = new AbortController()
    const isFound = async (word: string): Promise<boolean> =>
      (await carrel.storage.keywordIndex.search(word, { limit: 5, signal })).length > 0
    expect(await isFound('item3')).toBe(true)
    expect(await isFound('item401')).toBe(false)
    if (document === undefined) throw new Error('no document')
    const { sliceCount, slices } = carrel.storage.documents.readSlices(document.id, {
      start: 0,
      end: 1_000_000,
      neighbours: 0,
    })
    expect(slices).toHaveLength(sliceCount)
    expect(slices.map(({ text }) => text).join('')).toContain(parserWords.end)
    expect((await carrel.storage.verify()).problems).toEqual([])
  })

  it('is set aside with its reason when nothing of it can be read; the others finish', async () => {
    await using carrel = await openImport({
      dataFolder: join(folder.path, 'whole'),
      entries: 'lethal',
      parser: limits,
    })
    const documents = await carrel.add(
      await write('ends.txt', `All of it is ${parserWords.end}.`),
      await write('eats.md', `# ${parserWords.memory}\n\nNever read.`),
      await write('fine.txt', 'Fine.'),
    )
    const problems = Object.fromEntries([...documents].map(([name, { state, problem }]) => [name, [state, problem]]))
    const aside = (reason: string) => [
      'needs-attention',
      expect.objectContaining({ code: 'unreadable-file', retryable: true, details: { reason } }),
    ]
    expect(problems).toEqual({
      'ends.txt': aside('reader-ended'),
      'eats.md': aside('reader-memory'),
      'fine.txt': ['ready', null],
    })
    await using impatient = await openImport({
      dataFolder: join(folder.path, 'hangs'),
      entries: 'lethal',
      parser: { ...limits, ...impatience },
    })
    const hanging = await impatient.add(await write('hangs.txt', `This one ${parserWords.hang}.`))
    expect(hanging.get('hangs.txt')).toMatchObject({
      state: 'needs-attention',
      problem: { details: { reason: 'reader-slow' } },
    })
  })

  it('costs the passage that ends or hangs the embedder its vector, and nothing else', async () => {
    await using carrel = await openImport({
      dataFolder: join(folder.path, 'embedder'),
      entries: 'lethal',
      parser: limits,
      embedder: { openMs: 8_000 },
    })
    const sections = (words: readonly string[]): string =>
      words
        .map((word) => `# Section ${word}\n\n${`The board of ${word} may declare a dividend this year. `.repeat(12)}`)
        .join('\n\n')
    const documents = await carrel.add(
      await write('ends.md', sections(['one', embedderWords.end, 'three'])),
      await write('hangs.md', sections([embedderWords.hang, 'two'])),
      await write('fine.md', sections(['fine'])),
    )
    const notice = (count: number) => [{ code: 'passages-not-embedded', values: { count } }]
    expect(documents.get('ends.md')).toMatchObject({ state: 'ready', problem: null, notices: notice(1) })
    expect(documents.get('hangs.md')).toMatchObject({ state: 'ready', problem: null, notices: notice(1) })
    expect(documents.get('fine.md')).toMatchObject({ state: 'ready', problem: null, notices: [] })
    const { chunkIndex, documents: records, keywordIndex } = carrel.storage
    const { chunks } = records.totals()
    expect(await chunkIndex.chunkKeys('all-MiniLM-L6-v2')).toHaveLength(chunks - 2)
    const { signal } = new AbortController()
    expect((await keywordIndex.search(embedderWords.end, { limit: 5, signal })).length).toBeGreaterThan(0)
    expect((await carrel.storage.verify()).problems).toEqual([])
  })
})
