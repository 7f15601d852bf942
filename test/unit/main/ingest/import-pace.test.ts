import { describe, expect, it } from 'vitest'
import { createImportPace } from '../../../../src/main/ingest/import-pace.ts'
import { createRateMeter } from '../../../../src/main/ingest/rate-meter.ts'
import { passagesExpected, timeLeft } from '../../../../src/main/ingest/time-left.ts'
import { createManualClock } from '../../../support/manual-clock.ts'

describe('the rate', () => {
  it('counts only time in which there was work, of the last minute', () => {
    const clock = createManualClock()
    const rate = createRateMeter(() => clock.now())
    rate.begin()
    clock.advance(2_000)
    rate.add(100)
    expect(rate.perSecond).toBeNull()
    clock.advance(8_000)
    rate.add(100)
    expect(rate.perSecond).toBe(20)
    rate.end()
    clock.advance(3_600_000)
    expect(rate.perSecond).toBe(20)
    rate.begin()
    clock.advance(10_000)
    rate.add(400)
    expect(rate.perSecond).toBe(30)
    clock.advance(55_000)
    // Only the last addition is within the minute.
    expect(rate.perSecond).toBeCloseTo(400 / 60)
    clock.advance(60_000)
    expect(rate.perSecond).toBeNull()
  })
})

describe('the time left', () => {
  const nothingRead = { files: 0, bytes: 0, passages: 0 }

  it('is what waits by the rate', () => {
    expect(timeLeft(600, 0, 50)).toEqual({ seconds: 12, isAtLeast: false })
    expect(timeLeft(600, 0, null)).toBeNull()
    expect(timeLeft(0, 0, 50)).toBeNull()
    expect(timeLeft(100, 100, 10)).toEqual({ seconds: 20, isAtLeast: false })
    expect(timeLeft(100, null, 10)).toEqual({ seconds: 10, isAtLeast: true })
  })

  it('takes unread files to be like those that were read, and before that says nothing of them', () => {
    const counts = { filesToRead: 10, bytesToRead: 10_000 }
    expect(passagesExpected(counts, nothingRead)).toBeNull()
    expect(passagesExpected(counts, { files: 5, bytes: 5_000, passages: 50 })).toBe(100)
    // Nothing but pictures until now: what is known is all there is to say.
    expect(passagesExpected(counts, { files: 5, bytes: 0, passages: 0 })).toBeNull()
    expect(passagesExpected({ filesToRead: 0, bytesToRead: 0 }, nothingRead)).toBe(0)
  })
})

describe('the pace of an import', () => {
  const counts = { filesToRead: 2, bytesToRead: 2_000, filesBeingRead: 1, passagesToEmbed: 30, documentsHeld: 4 }
  const current = {
    locationKey: 7,
    path: '/papers/tides.pdf',
    sizeBytes: 1_000,
    documentKey: 3,
    documentId: null,
    pagesRead: 30,
    pageCount: 40,
    passagesRead: 12,
  }

  it('tells of the file that is read, and counts what is left of it', () => {
    const clock = createManualClock()
    const pace = createImportPace(clock)
    pace.work()
    for (let file = 0; file < 4; file += 1) pace.read({ bytes: 1_000, passages: 10 })
    clock.advance(10_000)
    pace.embedded(100)
    expect(pace.describe(counts, { isPaused: false, current })).toEqual({
      isPaused: false,
      reading: { documentId: 'file-7', name: 'tides.pdf', pagesRead: 30, pageCount: 40, passagesRead: 12 },
      filesToRead: 3,
      passagesToEmbed: 30,
      passagesEmbedded: 100,
      passagesExpected: 24,
      documentsHeld: 4,
      passagesPerSecond: 10,
      // 30 known, 20 in the files that wait, 4 on the last ten pages of this one.
      timeLeft: { seconds: 5.4, isAtLeast: false },
    })
    expect(pace.describe(counts, { isPaused: true, current })).toMatchObject({
      passagesPerSecond: null,
      timeLeft: null,
    })
    // A file alone says by its pages what it holds, as soon as some were read.
    const alone = { ...counts, filesToRead: 0, bytesToRead: 0 }
    const begun = createImportPace(clock)
    expect(begun.describe(alone, { isPaused: false, current })).toMatchObject({ passagesExpected: 4 })
    const first = { ...current, pagesRead: 1 }
    expect(begun.describe(alone, { isPaused: false, current: first })).toMatchObject({ passagesExpected: null })
    pace.rest({ isDone: true })
    expect(pace.describe(counts, { isPaused: false, current: null })).toMatchObject({
      passagesEmbedded: 0,
      reading: null,
    })
  })
})
