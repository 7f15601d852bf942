import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentIdSchema } from '../../../src/shared/ids.ts'
import type { RecognisedPage } from '../../../src/main/ports/parsing.ts'
import { systemClock } from '../../../src/main/system-clock.ts'
import { createRecogniserClient, type RecogniserClient } from '../../../src/main/worker/recogniser-client.ts'
import { recogniserLimits } from '../../../src/main/worker/worker-limits.ts'
import { createRecordingLog } from '../../support/recording-log.ts'
import { temporaryFolder } from '../../support/run-carrel.ts'
import {
  characterErrors,
  type DrawnPage,
  scanBitmap,
  scanPage,
  scanPdf,
  scanTiff,
} from '../../support/scans/draw-scan.ts'
import { isRunning, modelsFolder, neverAborted, sourceTransport } from './workers.ts'

const english = [
  'The harbour opens at nine in the morning and closes at six.',
  'Either party may end this lease by giving three months notice',
  'in writing. The deposit is returned within fourteen days of the',
  'handover, less what is needed for repairs beyond ordinary wear.',
]
const chinese = [
  '任何一方均可提前三个月以书面形式通知对方解除本合同。',
  '押金应在交接后十四日内退还，扣除超出正常损耗的维修费用。',
  '承租人不得擅自转租或者改变房屋结构。',
]

describe('the recogniser process', { timeout: 600_000 }, () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let recogniser: RecogniserClient
  let files = 0
  beforeAll(async () => {
    folder = await temporaryFolder()
    recogniser = createRecogniserClient({
      transport: sourceTransport,
      modelsFolder,
      clock: systemClock,
      log: createRecordingLog(),
    })
  })
  afterAll(async () => {
    await recogniser[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  const recognise = async (bytes: Uint8Array, page = 1, start = 0): Promise<RecognisedPage> => {
    files += 1
    const path = join(folder.path, `scan-${files}`)
    await writeFile(path, bytes)
    const documentId = documentIdSchema.parse(createHash('sha256').update(bytes).digest('hex'))
    return recogniser.recognise(
      { path, documentId, page, start, sliceOrdinal: 3, chunkOrdinal: 7, passwords: [] },
      { signal: neverAborted },
    )
  }

  it.each<readonly [string, DrawnPage, number]>([
    ['English', { lines: english }, 0.01],
    ['Chinese', { lines: chinese }, 0.02],
    ['both', { lines: [...english, ...chinese] }, 0.03],
    ['English on its head', { lines: english, turn: 180 }, 0.02],
    ['Chinese lying on its side', { lines: chinese, turn: 90 }, 0.03],
    ['English lying on its other side', { lines: english, turn: 270 }, 0.02],
    ['a bad copy', { lines: english, isBad: true }, 0.1],
  ])('reads %s', async (_name, page, mostErrors) => {
    const { slice, chunks, confidence } = await recognise(scanPdf([page]))
    expect(characterErrors(slice?.text ?? '', page.lines.join(' '))).toBeLessThanOrEqual(mostErrors)
    expect(confidence).toBeGreaterThan(50)
    expect(slice?.page).toMatchObject({ number: 1, confidence })
    expect(chunks[0]).toMatchObject({ ordinal: 7, page: 1 })
  })

  it('reads columns one after the other, and puts no space between Chinese characters', async () => {
    const sentence = '图书馆每天上午九点开放，下午六点关闭，节假日请提前预约座位。'
    const other = '借书证可以在一楼办理，需要带上身份证件，每人最多可借十本书。'
    const column = (text: string): string[] => [...(text.repeat(7).match(/.{18}/g) ?? [])]
    const [first, second] = [column(sentence), column(other)]
    const { slice } = await recognise(scanPdf([{ lines: first, second }]))
    expect(slice?.text).not.toMatch(/\p{Script=Han} \p{Script=Han}/u)
    expect(characterErrors(slice?.text ?? '', [...first, ...second].join(''))).toBeLessThanOrEqual(0.06)
  })

  it('marks each word where it was drawn, whichever way the paper lay', async () => {
    for (const turn of [0, 90, 180, 270] as const) {
      const page = { lines: english, turn }
      const { slice } = await recognise(scanPdf([page]), 1, 500)
      const at = slice?.text.indexOf('harbour') ?? -1
      const run = slice?.runs.find(({ start }) => start === 500 + at)
      expect(run, `turned by ${turn}`).toBeDefined()
      const ink = inkIn(scanPage(page), run ?? { x: 0, y: 0, width: 0, height: 0 })
      // The word has ink, and a frame of a few points around it has none: the gap to its neighbours.
      expect(ink.inside).toBeGreaterThan(300)
      expect(ink.frame).toBeLessThan(ink.inside * 0.02)
    }
  })

  it('reads PNG, JPEG, TIFF and bitmaps', async () => {
    const page = { lines: english.slice(0, 2) }
    const { png, jpeg } = scanPage(page)
    for (const bytes of [png, jpeg, scanTiff(page), scanBitmap(page)]) {
      const { slice } = await recognise(bytes)
      expect(characterErrors(slice?.text ?? '', page.lines.join(' '))).toBeLessThanOrEqual(0.02)
      expect(slice?.page).toMatchObject({ width: 1_654, height: 2_339 })
    }
  })

  it('finds nothing on a blank page, nor in specks', async () => {
    expect((await recognise(scanPdf([{ lines: [] }]))).slice).toBeNull()
    expect((await recognise(scanPdf([{ lines: [], isBad: true }]))).slice).toBeNull()
  })

  it('says what is wrong with a file that changed or is damaged', async () => {
    const path = join(folder.path, 'changed.png')
    await writeFile(path, scanPage({ lines: english }).png)
    const page = { path, page: 1, start: 0, sliceOrdinal: 0, chunkOrdinal: 0, passwords: [] }
    const other = documentIdSchema.parse('1'.repeat(64))
    await expect(recogniser.recognise({ ...page, documentId: other }, { signal: neverAborted })).rejects.toMatchObject({
      code: 'unreadable-file',
      details: { reason: 'changed' },
    })
    await expect(recognise(scanPage({ lines: english }).png.subarray(0, 60))).rejects.toMatchObject({
      code: 'unreadable-file',
    })
  })

  it('is ended when a page takes too long', async () => {
    await using hasty = createRecogniserClient({
      transport: sourceTransport,
      modelsFolder,
      clock: systemClock,
      log: createRecordingLog(),
      limits: { ...recogniserLimits, openMs: 1, totalMs: 1 },
    })
    const path = join(folder.path, 'slow.pdf')
    const bytes = scanPdf([{ lines: english }])
    await writeFile(path, bytes)
    const documentId = documentIdSchema.parse(createHash('sha256').update(bytes).digest('hex'))
    await expect(
      hasty.recognise(
        { path, documentId, page: 1, start: 0, sliceOrdinal: 0, chunkOrdinal: 0, passwords: [] },
        { signal: neverAborted },
      ),
    ).rejects.toMatchObject({ code: 'worker-crashed' })
    expect(hasty.pid === undefined || !isRunning(hasty.pid)).toBe(true)
  })
})

/** Dark pixels inside a box given in points, and in a frame of 3 points around it. */
function inkIn(
  scan: ReturnType<typeof scanPage>,
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): { readonly inside: number; readonly frame: number } {
  const scale = 200 / 72
  const count = (grow: number): number => {
    let dark = 0
    for (let y = Math.floor((box.y - grow) * scale); y < (box.y + box.height + grow) * scale; y += 1)
      for (let x = Math.floor((box.x - grow) * scale); x < (box.x + box.width + grow) * scale; x += 1)
        if ((scan.colours[(y * scan.width + x) * 4] ?? 255) < 128) dark += 1
    return dark
  }
  const inside = count(1)
  return { inside, frame: count(3) - inside }
}
