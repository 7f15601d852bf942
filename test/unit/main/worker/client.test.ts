import { describe, expect, it } from 'vitest'
import { AppError, serializeError } from '../../../../src/shared/errors.ts'
import { WorkerClient, type WorkerClientOptions } from '../../../../src/main/worker/client.ts'
import { CrashBreaker } from '../../../../src/main/worker/crash-breaker.ts'
import { createManualClock } from '../../../support/manual-clock.ts'
import { createRecordingLog } from '../../../support/recording-log.ts'
import { createFakeTransport } from './fake-transport.ts'

function setUp(options: Partial<WorkerClientOptions> = {}) {
  const transport = createFakeTransport()
  const clock = createManualClock()
  const client = new WorkerClient({
    transport,
    entry: 'embedder',
    environment: { A: '1' },
    workerArguments: ['--x'],
    clock,
    log: createRecordingLog(),
    breaker: new CrashBreaker({ clock }),
    ...options,
  })
  const ask = (subject: string, signal = new AbortController().signal) =>
    client.request({ method: 'embed', input: { subject }, subject, signal })
  return { transport, clock, client, ask }
}

/** All promise reactions that are due have run. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('WorkerClient', () => {
  it('starts with the first request, sends it when the worker is ready, and settles by id', async () => {
    const { transport, client, ask } = setUp()
    expect(transport.processes).toHaveLength(0)
    const first = ask('one')
    const second = ask('two')
    const process = transport.latest()
    expect(transport.processes).toHaveLength(1)
    expect(process).toMatchObject({
      entry: 'embedder',
      environment: { A: '1' },
      workerArguments: ['--x'],
      received: [],
    })
    process.ready()
    expect(process.received.map((message) => message.type)).toEqual(['request', 'request'])
    process.say({ type: 'result', id: 2, value: 'b' })
    process.say({ type: 'result', id: 1, value: 'a' })
    process.say({ type: 'result', id: 1, value: 'again' })
    await expect(first).resolves.toBe('a')
    await expect(second).resolves.toBe('b')
    expect(client.pid).toBe(1000)
  })

  it('passes on the error of the worker', async () => {
    const { transport, ask } = setUp()
    const answer = ask('one')
    transport.latest().ready()
    transport.latest().say({ type: 'error', id: 1, error: serializeError(new AppError('encrypted-file', 'Locked.')) })
    await expect(answer).rejects.toMatchObject({ code: 'encrypted-file', message: 'Locked.' })
  })

  it('sends the next batch only after the last was taken', async () => {
    const { transport, client } = setUp()
    const taken: unknown[] = []
    let release: () => void = () => undefined
    const answer = client.request({
      method: 'parse',
      input: {},
      subject: 'file',
      signal: new AbortController().signal,
      onBatch: (batch) => {
        taken.push(batch)
        return new Promise((resolve) => {
          release = resolve
        })
      },
    })
    const process = transport.latest()
    process.ready()
    process.say({ type: 'batch', id: 1, value: 'slice' })
    expect(taken).toEqual(['slice'])
    await settled()
    expect(process.received.filter(({ type }) => type === 'batch-taken')).toEqual([])
    release()
    await settled()
    expect(process.received.at(-1)).toEqual({ type: 'batch-taken', id: 1 })
    process.say({ type: 'result', id: 1, value: 'end' })
    await expect(answer).resolves.toBe('end')
  })

  it('cancels when a batch cannot be taken, and passes the reason on', async () => {
    const { transport, client } = setUp()
    const full = new AppError('storage-full', 'The disk is full.')
    const answer = client.request({
      method: 'parse',
      input: {},
      subject: 'file',
      signal: new AbortController().signal,
      onBatch: () => Promise.reject(full),
    })
    transport.latest().ready()
    transport.latest().say({ type: 'batch', id: 1, value: '' })
    await expect(answer).rejects.toBe(full)
    expect(transport.latest().received.at(-1)).toEqual({ type: 'cancel', id: 1 })
  })

  it('rejects at once on abort and tells the worker', async () => {
    const { transport, ask } = setUp()
    const controller = new AbortController()
    const answer = ask('one', controller.signal)
    transport.latest().ready()
    controller.abort()
    await expect(answer).rejects.toBe(controller.signal.reason)
    expect(transport.latest().received.at(-1)).toEqual({ type: 'cancel', id: 1 })
    transport.latest().say({ type: 'result', id: 1, value: 'late' })
    await expect(ask('two', controller.signal)).rejects.toBe(controller.signal.reason)
    expect(transport.latest().received).toHaveLength(2)
  })

  it.each([0, 1, null])('rejects everything pending when the process exits (%s), and starts anew', async (code) => {
    const { transport, ask } = setUp()
    const answers = [ask('one'), ask('two')]
    transport.latest().ready()
    transport.latest().exit(code)
    for (const answer of answers)
      await expect(answer).rejects.toMatchObject({ code: 'worker-crashed', retryable: true })
    const next = ask('three')
    expect(transport.processes).toHaveLength(2)
    transport.latest().ready()
    transport.latest().say({ type: 'result', id: 3, value: 'c' })
    await expect(next).resolves.toBe('c')
  })

  it('ends a worker that breaks the protocol or speaks another version', async () => {
    const { transport, ask } = setUp()
    const first = ask('one')
    transport.latest().say({ type: 'nonsense' })
    await expect(first).rejects.toMatchObject({ code: 'worker-crashed' })
    const second = ask('two')
    transport.latest().ready(99)
    await expect(second).rejects.toMatchObject({ code: 'worker-crashed' })
    expect(transport.processes.map(({ isKilled }) => isKilled)).toEqual([true, true])
  })

  it('rests after three crashes in a row on different subjects', async () => {
    const { transport, clock, ask } = setUp()
    for (const subject of ['a', 'b', 'b', 'b', 'c']) {
      const answer = ask(subject)
      transport.latest().exit(null)
      await expect(answer).rejects.toMatchObject({ code: 'worker-crashed' })
    }
    expect(transport.processes).toHaveLength(5)
    await expect(ask('d')).rejects.toMatchObject({ code: 'worker-crashed', details: { reason: 'resting' } })
    expect(transport.processes).toHaveLength(5)
    clock.advance(60_000)
    const answer = ask('d')
    transport.latest().ready()
    transport.latest().say({ type: 'result', id: 6, value: 'fine' })
    await expect(answer).resolves.toBe('fine')
  })

  it('does not rest when a request in between ended well', async () => {
    const { transport, ask } = setUp()
    let id = 0
    for (const subject of ['a', 'b', 'ok', 'c', 'd']) {
      id += 1
      const answer = ask(subject)
      transport.latest().ready()
      if (subject === 'ok') transport.latest().say({ type: 'result', id, value: 1 })
      else transport.latest().exit(1)
      await answer.catch((error: unknown) => expect(error).toMatchObject({ code: 'worker-crashed' }))
    }
    void ask('e').catch(() => undefined)
    expect(transport.latest().received).toEqual([])
  })

  it.each([
    [0, 0],
    [7, 1],
    [null, 1],
  ])('says so in the log when a process that was asked to stop ends with %s', async (code, lines) => {
    const log = createRecordingLog()
    const { transport, client, ask } = setUp({ log })
    const answer = ask('one')
    transport.latest().ready()
    transport.latest().say({ type: 'result', id: 1, value: 'a' })
    await answer
    const stopped = client[Symbol.asyncDispose]()
    transport.latest().exit(code)
    await stopped
    expect(log.lines.filter((line) => line.includes('was asked to stop and ended'))).toHaveLength(lines)
  })

  it('asks the process to stop after ten idle minutes, not before', async () => {
    const { transport, clock, client, ask } = setUp()
    const answer = ask('one')
    const process = transport.latest()
    process.ready()
    clock.advance(3_600_000)
    expect(process.received).toHaveLength(1)
    process.say({ type: 'result', id: 1, value: 1 })
    await answer
    clock.advance(599_999)
    expect(process.received).toHaveLength(1)
    clock.advance(1)
    expect(process.received.at(-1)).toEqual({ type: 'stop' })
    expect(client.pid).toBeUndefined()
    process.exit(0)
  })

  it('ends a process that says nothing for too long, but not while main takes a batch', async () => {
    const { transport, clock, client } = setUp({
      limits: { openMs: 1_000, silenceMs: 1_000, totalMs: 60_000, memoryBytes: null },
    })
    let release: () => void = () => undefined
    const answer = client.request({
      method: 'parse',
      input: {},
      subject: 'file',
      signal: new AbortController().signal,
      onBatch: () =>
        new Promise((resolve) => {
          release = resolve
        }),
    })
    const process = transport.latest()
    process.ready()
    clock.advance(999)
    process.say({ type: 'batch', id: 1, value: '' })
    clock.advance(5_000)
    expect(process.isKilled).toBe(false)
    release()
    await settled()
    clock.advance(1_000)
    expect(process.isKilled).toBe(true)
    await expect(answer).rejects.toMatchObject({
      code: 'worker-crashed',
      details: { reason: 'silent', blame: 'this' },
    })
  })

  const limits = { openMs: 3_000, silenceMs: 1_000, totalMs: 5_000, memoryBytes: 1_000 }
  const readFile = (client: WorkerClient): Promise<unknown> =>
    client.request({ method: 'parse', input: {}, subject: 'file', signal: new AbortController().signal })

  it('ends a process that speaks but takes too long in all, and names the part it was at', async () => {
    const { transport, clock, client } = setUp({ limits })
    const answer = readFile(client)
    const process = transport.latest()
    process.ready()
    process.say({ type: 'progress', id: 1, part: 0 })
    clock.advance(2_900)
    for (const part of [1, 2, 3]) {
      process.say({ type: 'progress', id: 1, part })
      clock.advance(699)
    }
    expect(process.isKilled).toBe(false)
    clock.advance(3)
    expect(process.isKilled).toBe(true)
    await expect(answer).rejects.toMatchObject({ details: { reason: 'slow', blame: 'this', part: 3 } })
  })

  it('ends a process that takes too much memory', async () => {
    const { transport, clock, client } = setUp({ limits: { ...limits, openMs: 60_000, totalMs: 60_000 } })
    const answer = readFile(client)
    const process = transport.latest()
    process.ready()
    process.residentBytes = 1_000
    clock.advance(1_000)
    expect(process.isKilled).toBe(false)
    process.residentBytes = 1_001
    clock.advance(250)
    expect(process.isKilled).toBe(true)
    await expect(answer).rejects.toMatchObject({ details: { reason: 'memory', blame: 'this' } })
  })

  it('blames the request that was worked on, and none when the process never came up', async () => {
    const { transport, ask } = setUp()
    const answers = [ask('one'), ask('two')]
    transport.latest().ready()
    transport.latest().exit(null)
    for (const [index, blame] of ['this', 'another'].entries())
      await expect(answers[index]).rejects.toMatchObject({ details: { reason: 'ended', blame } })
    const early = ask('three')
    transport.latest().exit(null)
    await expect(early).rejects.toMatchObject({ details: { reason: 'ended', blame: 'start' } })
  })

  it('disposes: asks, kills after two seconds, rejects what is pending and all that follows', async () => {
    const { transport, clock, client, ask } = setUp()
    const answer = ask('one')
    const process = transport.latest()
    process.ready()
    const disposed = client[Symbol.asyncDispose]()
    await expect(answer).rejects.toMatchObject({ code: 'worker-crashed', details: { reason: 'stopped' } })
    expect(process.received.at(-1)).toEqual({ type: 'stop' })
    clock.advance(1_999)
    expect(process.isKilled).toBe(false)
    clock.advance(1)
    expect(process.isKilled).toBe(true)
    await disposed
    await expect(ask('two')).rejects.toMatchObject({ code: 'worker-crashed' })
    expect(transport.processes).toHaveLength(1)
  })

  it('disposes a process that is not ready yet, and waits for nothing when there is none', async () => {
    const { transport, client, ask } = setUp()
    const answer = ask('one')
    const disposed = client[Symbol.asyncDispose]()
    await expect(answer).rejects.toMatchObject({ code: 'worker-crashed' })
    await disposed
    expect(transport.latest().isKilled).toBe(true)
    await setUp().client[Symbol.asyncDispose]()
  })
})
