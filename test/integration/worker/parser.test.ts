import { chmod, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentIdSchema } from '../../../src/shared/ids.ts'
import type { ParsedBatch } from '../../../src/main/ports/parsing.ts'
import { createParserClient } from '../../../src/main/worker/parser-client.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createRecordingLog } from '../../support/recording-log.ts'
import { isRunning, modelsFolder, neverAborted, sourceTransport } from './workers.ts'

const everything = { leaveOut: [] }
const clock = createManualClock()
const parser = createParserClient({ transport: sourceTransport, modelsFolder, clock, log: createRecordingLog() })
const paragraph = 'The board may declare a dividend out of the distributable profits of the company. '
let folder = ''

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

async function fileOf(name: string, text: string) {
  const path = join(folder, name)
  await writeFile(path, text)
  return { path, documentId: documentIdSchema.parse(sha256(text)) }
}

/** `sections` Markdown sections, each one chunk. */
const longText = (sections: number): string =>
  Array.from({ length: sections }, (_, index) => `# Section ${index}\n\n${paragraph.repeat(8)}\n\n`).join('')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carrel-parser-'))
})
afterAll(async () => {
  await parser[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

describe('parser process', () => {
  it('cuts a stored text as it cut it when the file was read, whatever pieces it is given in', async () => {
    const text = `${longText(40)}# 第一章\n\n${'用人单位与劳动者协商一致，可以解除劳动合同。'.repeat(60)}\n\n${paragraph.repeat(400)}`
    const file = await fileOf('cut again.md', text)
    const batches: ParsedBatch[] = []
    const onBatch = async (batch: ParsedBatch): Promise<void> => void batches.push(batch)
    await parser.parse(file, { parts: everything, signal: neverAborted, onBatch })
    const slices = batches.flatMap((batch) => batch.slices)
    expect(slices.length).toBeGreaterThan(1)
    const read = batches.flatMap((batch) => batch.chunks)
    const options = { signal: neverAborted }
    const whole = await parser.cut({ documentId: file.documentId, slices, state: null }, options)
    expect(whole.chunks).toEqual(read)
    const first = await parser.cut({ documentId: file.documentId, slices: slices.slice(0, 1), state: null }, options)
    const rest = await parser.cut({ documentId: file.documentId, slices: slices.slice(1), state: first.state }, options)
    expect([...first.chunks, ...rest.chunks]).toEqual(read)
  })

  it('reads a file into batches in order, one after the other', async () => {
    const text = `${longText(300)}# 第一章\n\n用人单位与劳动者协商一致，可以解除劳动合同。\n`
    const file = await fileOf('长 handbook.md', text)
    const batches: ParsedBatch[] = []
    let taking = 0
    const parsed = await parser.parse(file, {
      parts: everything,
      signal: neverAborted,
      onBatch: async (batch) => {
        taking += 1
        expect(taking).toBe(1)
        batches.push(batch)
        await new Promise((resolve) => setImmediate(resolve))
        taking -= 1
      },
    })
    expect(parsed).toEqual({
      kind: 'markdown',
      title: 'Section 0',
      passwordUsed: null,
      pageCount: null,
      notices: [],
      hash: file.documentId,
    })
    expect(batches.length).toBeGreaterThan(3)
    const slices = batches.flatMap((batch) => batch.slices)
    const canonical = slices.map((slice) => slice.text).join('')
    let position = 0
    for (const slice of slices) {
      expect(slice.start).toBe(position)
      position = slice.end
    }
    const chunks = batches.flatMap((batch) => batch.chunks)
    expect(chunks.map(({ ordinal }) => ordinal)).toEqual(chunks.map((_, index) => index))
    for (const chunk of chunks) expect(chunk.text).toBe(canonical.slice(chunk.start, chunk.end))
    expect(chunks.at(-1)).toMatchObject({ embedder: 'bge-small-zh-v1.5', language: 'zh', headingPath: ['第一章'] })
    expect(chunks[0]).toMatchObject({ embedder: 'all-MiniLM-L6-v2', language: 'en' })
    for (const batch of batches) expect(batch.chunks.length).toBeLessThanOrEqual(64)
  })

  it('names what is wrong with a file, and reads the next one in the same process', async () => {
    const ignore = { parts: everything, signal: neverAborted, onBatch: () => Promise.resolve() }
    const gone = { path: join(folder, 'gone.md'), documentId: documentIdSchema.parse(sha256('')) }
    await expect(parser.parse(gone, ignore)).rejects.toMatchObject({
      code: 'unreadable-file',
      details: { reason: 'vanished' },
    })
    const { pid } = parser
    await expect(parser.parse({ ...gone, path: folder }, ignore)).rejects.toMatchObject({ code: 'unreadable-file' })
    const huge = await fileOf('huge.txt', '')
    await truncate(huge.path, 200 * 1024 * 1024 + 1)
    await expect(parser.parse(huge, ignore)).rejects.toMatchObject({ code: 'file-too-large' })
    await expect(parser.parse(await fileOf('empty.txt', ''), ignore)).rejects.toMatchObject({ code: 'empty-file' })
    await expect(parser.parse(await fileOf('broken.pdf', '%PDF-1.7\nnothing'), ignore)).rejects.toMatchObject({
      code: 'unreadable-file',
    })
    await expect(parser.parse(await fileOf('fine.txt', 'Fine.'), ignore)).resolves.toMatchObject({ kind: 'text' })
    expect(parser.pid).toBe(pid)
  })

  // Root may read everything, and Windows has no such permission bits.
  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('says when it may not read a file', async () => {
    const locked = await fileOf('locked.txt', 'secret')
    await chmod(locked.path, 0)
    await expect(
      parser.parse(locked, { parts: everything, signal: neverAborted, onBatch: () => Promise.resolve() }),
    ).rejects.toMatchObject({ details: { reason: 'permission' } })
  })

  it('marks a document in a script that no embedder knows', async () => {
    const file = await fileOf('russian.txt', 'Договор может быть расторгнут любой стороной в любое время.')
    const parsed = await parser.parse(file, {
      parts: everything,
      signal: neverAborted,
      onBatch: () => Promise.resolve(),
    })
    expect(parsed.notices).toEqual([{ code: 'keywords-only', values: { percent: 100 } }])
  })

  it('stops at the next batch on abort, and when a batch cannot be taken', async () => {
    const file = await fileOf('long.md', longText(1_500))
    const controller = new AbortController()
    let batches = 0
    const aborted = parser.parse(file, {
      parts: everything,
      signal: controller.signal,
      onBatch: () => {
        batches += 1
        controller.abort()
        return Promise.resolve()
      },
    })
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' })
    const full = new Error('full')
    await expect(
      parser.parse(file, { parts: everything, signal: neverAborted, onBatch: () => Promise.reject(full) }),
    ).rejects.toBe(full)
    await expect(
      parser.parse(await fileOf('after.txt', 'After.'), {
        parts: everything,
        signal: neverAborted,
        onBatch: () => Promise.resolve(),
      }),
    ).resolves.toMatchObject({ kind: 'text' })
    expect(batches).toBe(1)
  })

  it('rejects with worker-crashed when it is killed in mid-work, and starts anew', async () => {
    const file = await fileOf('killed.md', longText(1_000))
    let batches = 0
    const killed = parser.parse(file, {
      parts: everything,
      signal: neverAborted,
      onBatch: () => {
        batches += 1
        if (batches === 2 && parser.pid !== undefined) process.kill(parser.pid, 'SIGKILL')
        return Promise.resolve()
      },
    })
    await expect(killed).rejects.toMatchObject({ code: 'worker-crashed', retryable: true })
    await expect(
      parser.parse(file, { parts: everything, signal: neverAborted, onBatch: () => Promise.resolve() }),
    ).resolves.toMatchObject({ kind: 'markdown' })
  })

  it('stops after ten idle minutes, starts again, and leaves no process when disposed', async () => {
    const file = await fileOf('idle.txt', 'Idle.')
    const options = { parts: everything, signal: neverAborted, onBatch: () => Promise.resolve() }
    await parser.parse(file, options)
    const first = parser.pid
    clock.advance(600_000)
    expect(parser.pid).toBeUndefined()
    await parser.parse(file, options)
    const second = parser.pid
    expect(second).not.toBe(first)
    await parser[Symbol.asyncDispose]()
    for (const pid of [first, second]) expect(isRunning(pid ?? 0)).toBe(false)
  })
})
