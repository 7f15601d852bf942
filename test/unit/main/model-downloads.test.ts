import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { PullProgress } from '../../../src/main/ports/generator.ts'
import { createModelDownloads, type ModelDownloads } from '../../../src/main/model-downloads.ts'
import { AppError } from '../../../src/shared/errors.ts'
import type { ModelPull } from '../../../src/shared/model-server.ts'
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts'
import { createRecordingLog } from '../../support/recording-log.ts'

let clock: ManualClock
let downloads: ModelDownloads
let told: (ModelPull | null)[]
let send: (progress: PullProgress | 'end' | Error) => Promise<void>
let signal: AbortSignal | null
const onDone = vi.fn()

beforeEach(() => {
  clock = createManualClock()
  told = []
  signal = null
  onDone.mockReset()
  downloads = createModelDownloads({
    clock,
    log: createRecordingLog(),
    onDone,
    care: {
      pull: (name, options) => {
        if (name === '') throw new AppError('invalid-request', 'No name.')
        signal = options.signal
        return fakePull(options.signal)
      },
    },
  })
  downloads.onChange((pull) => told.push(pull))
})

/** Yields what the test sends; abort rejects as the real one does. */
async function* fakePull(ending: AbortSignal): AsyncGenerator<PullProgress> {
  for (;;) {
    const { promise, resolve, reject } = Promise.withResolvers<PullProgress | 'end'>()
    send = async (progress) => {
      if (progress instanceof Error) reject(progress)
      else resolve(progress)
      await new Promise((next) => setImmediate(next))
    }
    ending.addEventListener('abort', () => reject(ending.reason), { once: true })
    const next = await promise
    if (next === 'end') return
    yield next
  }
}
const downloading = (receivedBytes: number): PullProgress => ({ phase: 'downloading', receivedBytes, totalBytes: 1000 })

describe('a download', () => {
  it('begins at once, tells a few times a second, and ends', async () => {
    expect(downloads.start('m')).toMatchObject({ name: 'm', phase: 'starting', error: null })
    expect(told).toHaveLength(1)
    for (let bytes = 100; bytes <= 600; bytes += 100) await send(downloading(bytes))
    expect(told).toHaveLength(1)
    clock.advance(200)
    expect(told).toHaveLength(2)
    expect(told.at(-1)).toMatchObject({ phase: 'downloading', receivedBytes: 600, totalBytes: 1000 })
    await send('end')
    expect(told.at(-1)).toMatchObject({ phase: 'done', receivedBytes: 600 })
    expect(onDone).toHaveBeenCalledOnce()
    expect(clock.waiting).toBe(0)
  })

  it('says a rate once there is enough to say, over the last seconds', async () => {
    downloads.start('m')
    await send(downloading(500))
    expect(downloads.current?.bytesPerSecond).toBeNull()
    clock.advance(1000)
    await send(downloading(600))
    expect(downloads.current?.bytesPerSecond).toBe(100)
    for (let second = 0; second < 10; second += 1) {
      clock.advance(1000)
      await send(downloading(620 + second * 20))
    }
    expect(downloads.current?.bytesPerSecond).toBe(20)
    downloads.cancel()
  })

  it('is the only one', async () => {
    downloads.start('m')
    expect(() => downloads.start('n')).toThrow(expect.objectContaining({ code: 'busy' }))
    await send('end')
    expect(downloads.start('n')).toMatchObject({ name: 'n' })
    await downloads[Symbol.asyncDispose]()
  })

  it('refuses a bad name before it begins', () => {
    expect(() => downloads.start('')).toThrow(expect.objectContaining({ code: 'invalid-request' }))
    expect(downloads.current).toBeNull()
    expect(told).toEqual([])
  })

  it('keeps what it had when it is cancelled, and is dismissed by cancelling again', async () => {
    downloads.start('m')
    await send(downloading(300))
    downloads.cancel()
    await vi.waitUntil(() => downloads.current?.phase === 'cancelled')
    expect(downloads.current).toMatchObject({ receivedBytes: 300, error: null })
    downloads.cancel()
    expect(downloads.current).toBeNull()
    expect(told.at(-1)).toBeNull()
    expect(onDone).not.toHaveBeenCalled()
  })

  it('says why it failed', async () => {
    downloads.start('m')
    await send(new AppError('model-download-failed', 'No space.', { details: { reason: 'disk-full' } }))
    expect(downloads.current).toMatchObject({ phase: 'failed', error: { code: 'model-download-failed' } })
  })

  it('ends with Carrel', async () => {
    downloads.start('m')
    await send(downloading(300))
    await downloads[Symbol.asyncDispose]()
    expect(signal?.aborted).toBe(true)
    expect(clock.waiting).toBe(0)
  })
})
