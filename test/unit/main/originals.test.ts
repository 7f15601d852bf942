import { createHash } from 'node:crypto'
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { documentIdSchema } from '../../../src/shared/ids.ts'
import type { DocumentSummary } from '../../../src/shared/document.ts'
import { createOriginals } from '../../../src/main/originals.ts'
import { originalResponse, readRange, documentOf } from '../../../src/main/electron/original-response.ts'

const bytes = Buffer.from('%PDF-1.7 the tides')
const documentId = documentIdSchema.parse(createHash('sha256').update(bytes).digest('hex'))
const { signal } = new AbortController()
let folder = ''
let path = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carrel-original-'))
  path = join(folder, 'tides.pdf')
  await writeFile(path, bytes)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

function originalsAt(...paths: string[]): ReturnType<typeof createOriginals> {
  const summary = { paths, sizeBytes: bytes.length } as unknown as DocumentSummary
  return createOriginals({ documents: { summaries: () => [summary] } })
}

it('is found at any of its places, by its bytes', async () => {
  const other = join(folder, 'other.pdf')
  await writeFile(other, 'something else now')
  const originals = originalsAt(join(folder, 'gone.pdf'), other, path)
  expect(await originals.find(documentId, { signal })).toEqual({ path, sizeBytes: bytes.length })
})

it('is changed when the file holds other bytes, also of the same length', async () => {
  const originals = originalsAt(path)
  await originals.find(documentId, { signal })
  await writeFile(path, Buffer.from('%PDF-1.7 the tideX'))
  await utimes(path, new Date(1), new Date(1))
  expect(await originals.find(documentId, { signal })).toBe('changed')
  await writeFile(path, 'shorter')
  expect(await originals.find(documentId, { signal })).toBe('changed')
})

it('is gone when no file is left, or its place is no file', async () => {
  const originals = originalsAt(path, folder)
  await rm(path)
  expect(await originals.find(documentId, { signal })).toBe('gone')
})

it.each([
  [null, null],
  ['bytes=0-3', { start: 0, end: 3 }],
  ['bytes=5-', { start: 5, end: 9 }],
  ['bytes=-4', { start: 6, end: 9 }],
  ['bytes=-40', { start: 0, end: 9 }],
  ['bytes=2-400', { start: 2, end: 9 }],
  ['bytes=10-12', 'unsatisfiable'],
  ['bytes=7-3', 'unsatisfiable'],
  ['bytes=0-1,4-5', null],
  ['bytes=-', null],
  ['lines=1-2', null],
] as const)('range %s', (header, range) => {
  expect(readRange(header, 10)).toEqual(range)
})

it.each([
  [`app://carrel/document/${documentId}`, documentId],
  [`app://carrel/document/${documentId}/x`, null],
  ['app://carrel/document/../index.html', null],
  [`app://other/document/${documentId}`, null],
  [`https://carrel/document/${documentId}`, null],
  ['app://carrel/document/ABC', null],
])('%s names a document', (url, id) => {
  expect(documentOf(url)).toBe(id)
})

it('is served whole, in ranges, and refused where it is not what was read', async () => {
  const originals = originalsAt(path)
  const ask = (headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
    originalResponse(documentId, new Request('app://carrel/document/x', { headers, method }), { originals })
  const whole = await ask()
  expect([whole.status, await whole.text()]).toEqual([200, bytes.toString()])
  const part = await ask({ range: 'bytes=9-11' })
  expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
    206,
    `bytes 9-11/${bytes.length}`,
    'the',
  ])
  const head = await ask({}, 'HEAD')
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, String(bytes.length), ''])
  expect((await ask({ range: 'bytes=900-' })).status).toBe(416)
  await writeFile(path, 'changed')
  expect((await ask()).status).toBe(409)
  await rm(path)
  expect((await ask()).status).toBe(404)
})
