import { expect, test } from 'vitest'
import { trackVersionsInUse } from '../../../../src/main/storage/versions-in-use.ts'
import { createManualClock } from '../../../support/manual-clock.ts'

const begin = () => {
  const clock = createManualClock(0)
  const versions = trackVersionsInUse(clock)
  const changeAt = async (ms: number, work = async () => undefined as unknown): Promise<void> => {
    clock.advance(ms - clock.now())
    await versions.change(work)
  }
  return { clock, versions, changeAt }
}

test('what an earlier process left is kept until the first change', async () => {
  const { versions, changeAt } = begin()
  expect(versions.oldestNeededMs()).toBe(0)
  await changeAt(1_000)
  expect(versions.oldestNeededMs()).toBe(1_000)
})

test('the version that a read found is kept until that read has ended, however often the table changes', async () => {
  const { versions, changeAt } = begin()
  await changeAt(1_000)
  const { promise, resolve } = Promise.withResolvers<string>()
  expect(versions.isRead).toBe(false)
  const reading = versions.read(() => promise)
  expect(versions.isRead).toBe(true)
  await changeAt(2_000)
  const { promise: later, reject } = Promise.withResolvers<never>()
  const failing = versions.read(() => later)
  await changeAt(3_000)
  expect(versions.oldestNeededMs()).toBe(1_000)
  resolve('found')
  expect(await reading).toBe('found')
  expect(versions.oldestNeededMs()).toBe(2_000)
  reject(new Error('gone'))
  await expect(failing).rejects.toThrow('gone')
  expect(versions.oldestNeededMs()).toBe(3_000)
  expect(versions.isRead).toBe(false)
})

test('a read that begins in the middle of a change may have found the version before it', async () => {
  const { clock, versions, changeAt } = begin()
  await changeAt(1_000)
  const reading: Promise<void>[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  await changeAt(2_000, async () => {
    clock.advance(500)
    reading.push(versions.read(() => promise))
  })
  expect(versions.oldestNeededMs()).toBe(1_000)
  resolve()
  await Promise.all(reading)
  expect(versions.oldestNeededMs()).toBe(2_000)
})

test('a change that failed may have left the version before it as the present one', async () => {
  const { versions, changeAt } = begin()
  await changeAt(1_000)
  await expect(changeAt(2_000, () => Promise.reject(new Error('full')))).rejects.toThrow('full')
  expect(versions.oldestNeededMs()).toBe(1_000)
})

test('a read that failed while the table changed is run again; one that failed by itself is not', async () => {
  const { versions, changeAt } = begin()
  let attempts = 0
  const failing = async (during: () => Promise<void>): Promise<string> => {
    attempts += 1
    await during()
    throw new Error(`no file, attempt ${attempts}`)
  }
  await expect(versions.read(() => failing(async () => undefined))).rejects.toThrow('attempt 1')

  attempts = 0
  const found = versions.read(() => (attempts === 1 ? Promise.resolve('found') : failing(() => changeAt(1_000))))
  expect(await found).toBe('found')

  attempts = 0
  await expect(versions.read(() => failing(() => changeAt(2_000)))).rejects.toThrow('attempt 3')
  expect(versions.oldestNeededMs()).toBe(2_000)
})
