import { createHash } from 'node:crypto'
import { chmod, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { documentIdSchema } from '../../../src/shared/ids.ts'
import type { DocumentSummary } from '../../../src/shared/document.ts'
import { createOriginals, type OriginalFiles } from '../../../src/main/originals.ts'
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

it('is replaced when the file holds other bytes, also of the same length', async () => {
  const originals = originalsAt(path)
  await originals.find(documentId, { signal })
  await writeFile(path, Buffer.from('%PDF-1.7 the tideX'))
  await utimes(path, new Date(1), new Date(1))
  expect(await originals.find(documentId, { signal })).toBe('replaced')
  await writeFile(path, 'shorter')
  expect(await originals.find(documentId, { signal })).toBe('replaced')
  expect(await originals.occupied(documentId)).toEqual([path])
})

it('is moved when no file is left in its folder, or its place is no file; its folder may be gone too', async () => {
  const originals = originalsAt(path, folder)
  await rm(path)
  expect(await originals.find(documentId, { signal })).toBe('moved')
  expect(await originalsAt(join(folder, 'left', 'tides.pdf')).find(documentId, { signal })).toBe('folder-gone')
  expect(await originals.occupied(documentId)).toEqual([])
})

it('of several places the state that tells most is given', async () => {
  const other = join(folder, 'other.pdf')
  await writeFile(other, 'something else now')
  const originals = originalsAt(join(folder, 'left', 'tides.pdf'), join(folder, 'gone.pdf'), other)
  expect(await originals.find(documentId, { signal })).toBe('replaced')
})

it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
  'is locked when it may not be read, also once it was proven',
  async () => {
    const originals = originalsAt(path)
    await originals.find(documentId, { signal })
    await chmod(path, 0o000)
    expect(await originals.find(documentId, { signal })).toBe('locked')
    expect(await originalsAt(path).find(documentId, { signal })).toBe('locked')
  },
)

describe('what the file system says', () => {
  const there = { sizeBytes: bytes.length, modifiedAt: 1, isFile: true }
  const failure = (code: string): Error => Object.assign(new Error(code), { code })
  const reject = (code: string) => async (): Promise<never> => {
    throw failure(code)
  }
  const soundFiles: OriginalFiles = {
    stat: async () => there,
    read: async function* () {
      yield bytes
    },
    tryToOpen: async () => undefined,
    list: async () => ['something'],
  }
  const find = async (
    files: Partial<OriginalFiles>,
    where = '/home/ann/tides.pdf',
    platform: NodeJS.Platform = 'linux',
  ): Promise<unknown> => {
    const summary = { paths: [where], sizeBytes: bytes.length } as unknown as DocumentSummary
    const originals = createOriginals({
      documents: { summaries: () => [summary] },
      files: { ...soundFiles, ...files },
      platform,
    })
    return originals.find(documentId, { signal })
  }
  const readFailing = (code: string): OriginalFiles['read'] =>
    async function* () {
      yield bytes.subarray(0, 4)
      throw failure(code)
    }

  it.each(['EACCES', 'EPERM', 'EBUSY'])(
    '%s while it is opened: another program holds it, or it may not be read',
    async (code) => {
      expect(await find({ read: readFailing(code) })).toBe('locked')
      expect(await find({ stat: reject(code) })).toBe('locked')
    },
  )

  it('a file that is proven already is still tried, so that a lock is seen', async () => {
    let isHeld = false
    const summary = { paths: ['/home/ann/tides.pdf'], sizeBytes: bytes.length } as unknown as DocumentSummary
    const tryToOpen = async (): Promise<void> => {
      if (isHeld) throw failure('EBUSY')
    }
    const originals = createOriginals({
      documents: { summaries: () => [summary] },
      files: { ...soundFiles, tryToOpen },
      platform: 'linux',
    })
    expect(await originals.find(documentId, { signal })).toEqual({
      path: '/home/ann/tides.pdf',
      sizeBytes: bytes.length,
    })
    isHeld = true
    expect(await originals.find(documentId, { signal })).toBe('locked')
  })

  it.each(['EIO', 'ENODEV', 'ESTALE', 'EHOSTDOWN'])('%s: its drive or share went', async (code) => {
    expect(await find({ stat: reject(code) })).toBe('drive-away')
    expect(await find({ read: readFailing(code) })).toBe('drive-away')
  })

  it.each([
    ['/media/ann/STICK/tides.pdf', 'linux'],
    ['/run/media/ann/STICK/a/tides.pdf', 'linux'],
    ['/Volumes/STICK/tides.pdf', 'darwin'],
    ['E:\\papers\\tides.pdf', 'win32'],
    ['\\\\desk\\papers\\tides.pdf', 'win32'],
  ] as const)('%s: an unplugged drive is no moved file', async (where, platform) => {
    expect(await find({ stat: reject('ENOENT'), list: reject('ENOENT') }, where, platform)).toBe('drive-away')
    const stat = async (at: string): Promise<typeof there> => {
      if (at === where) throw failure('ENOENT')
      return { ...there, isFile: false }
    }
    expect(await find({ stat }, where, platform)).toBe('moved')
  })

  it('an empty folder where a drive was mounted is an unplugged drive, on Linux', async () => {
    const missing = { stat: reject('ENOENT'), list: async () => [] }
    expect(await find(missing, '/mnt/STICK/tides.pdf')).toBe('drive-away')
    expect(await find(missing, '/home/ann/tides.pdf')).toBe('folder-gone')
  })

  it('what is no failure of the file system is not hidden', async () => {
    const stat = async (): Promise<never> => {
      throw new TypeError('a mistake of ours')
    }
    await expect(find({ stat })).rejects.toThrow('a mistake of ours')
  })
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

it('answers nobody, and lives on, whenever the page gives up', async () => {
  for (let turns = 0; turns < 30; turns += 1) {
    const controller = new AbortController()
    const request = new Request('https://page.example/', { signal: controller.signal })
    // A fresh one each time, so that the file is hashed again.
    const responding = originalResponse(documentId, request, { originals: originalsAt(path) }).catch(() => null)
    for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    controller.abort('told to stop')
    const response = await responding
    await response?.arrayBuffer().catch(() => null)
  }
  const again = await originalResponse(documentId, new Request('https://page.example/'), {
    originals: originalsAt(path),
  })
  expect(Buffer.from(await again.arrayBuffer())).toEqual(bytes)
})
