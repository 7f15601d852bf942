import { describe, expect, it } from 'vitest'
import { AppError } from '../../../../src/shared/errors.ts'
import type { ParsedDocument, PartsToRead } from '../../../../src/main/ports/parsing.ts'
import type { WorkerCrash } from '../../../../src/main/ports/workers.ts'
import { readApart } from '../../../../src/main/ingest/read-apart.ts'

const parsed: ParsedDocument = { kind: 'pdf', title: null, pageCount: 9, notices: [], hash: 'h' }
const crash = (part?: number, reason: WorkerCrash['reason'] = 'ended', blame: WorkerCrash['blame'] = 'this') =>
  new AppError('worker-crashed', 'Ended.', {
    retryable: true,
    details: { reason, blame, ...(part === undefined ? {} : { part }) },
  })

/** A document of nine parts; `ends`: how the reading of a part ends the process, or how often the whole does. */
function documentOf(options: {
  readonly lethal?: Readonly<Record<number, WorkerCrash['reason']>>
  readonly wholeFails?: AppError[]
  readonly probeFails?: AppError[]
  readonly chunks?: number
  /** The process says that it is at a part so many before the one that ends it. */
  readonly ahead?: number
}) {
  const calls: string[] = []
  const { lethal = {}, wholeFails = [], probeFails = [], chunks = 5, ahead = 0 } = options
  const result = readApart({
    read: (parts: PartsToRead) => {
      const leaveOut = 'leaveOut' in parts ? parts.leaveOut : []
      calls.push(`read without ${leaveOut.join(' ')}`)
      for (let part = 0; part < 9; part += 1) {
        const reason = lethal[part]
        if (reason !== undefined && !leaveOut.includes(part)) return Promise.reject(crash(part - ahead, reason))
      }
      const failure = wholeFails.shift()
      return failure === undefined ? Promise.resolve({ parsed, chunks }) : Promise.reject(failure)
    },
    probe: (part) => {
      calls.push(`probe ${part}`)
      const failure = lethal[part] === undefined ? probeFails.shift() : crash(part, lethal[part])
      return failure === undefined ? Promise.resolve() : Promise.reject(failure)
    },
    onLeftOut: (part, { reason }) => calls.push(`left out ${part} ${reason}`),
  })
  return { result, calls }
}

describe('readApart', () => {
  it('reads once what is sound', async () => {
    const { result, calls } = documentOf({})
    expect(await result).toBe(parsed)
    expect(calls).toEqual(['read without '])
  })

  it('leaves out the pages that end the reader alone, named in order', async () => {
    const { result, calls } = documentOf({ lethal: { 3: 'ended', 6: 'silent' } })
    expect((await result).notices).toEqual([{ code: 'pages-left-out', values: { count: 2, pages: '4, 7' } }])
    expect(calls).toEqual([
      'read without ',
      'probe 3',
      'probe 3',
      'left out 3 ended',
      'read without 3',
      'probe 6',
      'left out 6 silent',
      'read without 3 6',
    ])
  })

  it('finds the part to blame among those that were read ahead', async () => {
    const { result, calls } = documentOf({ lethal: { 4: 'ended', 5: 'memory' }, ahead: 3 })
    expect((await result).notices).toEqual([{ code: 'pages-left-out', values: { count: 2, pages: '5, 6' } }])
    expect(calls.filter((call) => call.startsWith('left out'))).toEqual(['left out 4 ended', 'left out 5 memory'])
  })

  it('blames no part for a process that was ended from outside, not even twice', async () => {
    const { result, calls } = documentOf({
      wholeFails: [crash(2), crash(2), crash(undefined, 'ended', 'start')],
      probeFails: [crash(2)],
    })
    expect((await result).notices).toEqual([])
    expect(calls.filter((call) => call.startsWith('left out'))).toEqual([])
  })

  it.each([
    ['ends however it is read', { wholeFails: Array.from({ length: 5 }, () => crash()) }, 'reader-ended', 5],
    ['hangs before any part', { wholeFails: [crash(undefined, 'silent')] }, 'reader-slow', 1],
    ['takes too much memory as a whole', { wholeFails: [crash(8, 'memory')] }, 'reader-memory', 1],
    ['takes too long as a whole', { wholeFails: [crash(8, 'slow')] }, 'reader-slow', 1],
    ['keeps nothing to search', { lethal: { 0: 'memory' } as const, chunks: 0 }, 'reader-memory', 2],
    [
      'ends at a part although that is left out',
      { lethal: { 0: 'silent' } as const, wholeFails: [crash(0, 'silent')] },
      'reader-slow',
      2,
    ],
  ])('sets aside what %s', async (_what, document, reason, reads) => {
    const { result, calls } = documentOf(document)
    await expect(result).rejects.toMatchObject({ code: 'unreadable-file', retryable: true, details: { reason } })
    expect(calls.filter((call) => call.startsWith('read'))).toHaveLength(reads)
  })

  it('gives up after twenty parts', async () => {
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, part) => [part, 'memory' as const]))
    const { result, calls } = documentOf({ lethal: many })
    expect((await result).notices).toHaveLength(1)
    expect(calls.filter((call) => call.startsWith('left out'))).toHaveLength(9)
  })

  it.each([
    new AppError('encrypted-file', 'Locked.'),
    new AppError('worker-crashed', 'Rests.', { details: { reason: 'resting' } }),
  ])('passes on what is no crash', async (error) => {
    await expect(documentOf({ wholeFails: [error] }).result).rejects.toBe(error)
    await expect(documentOf({ wholeFails: [crash(1)], probeFails: [error] }).result).rejects.toBe(error)
  })
})
