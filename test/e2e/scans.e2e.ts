import { AxeBuilder } from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { characterErrors, scanPage, scanPdf, scanTiff } from '../support/scans/draw-scan.ts'
import { dropFiles } from './support/drop-files.ts'
import { launchCarrel, makeFolder } from './support/launch.ts'
import { ask, readNewestConversation, waitUntilReady } from './support/library.ts'
import { readPicture } from './support/read-picture.ts'

const ferry = ['The ferry to the lighthouse leaves at noon', 'from the northern quay, every second Sunday.']
const lighthouse = ['港口的渡轮每逢周日中午开往灯塔。', '请在码头的售票处购买船票。']

/** What of the drawn pages lies under the marks, on white, turned back by `turn` degrees, as a PNG. */
async function pictureUnderMarks(page: Page, turn: number, marks = '.pdf-mark'): Promise<Uint8Array> {
  const address = await page.evaluate(
    ([selector, degrees]) => {
      const sheet = [...document.querySelectorAll('.pdf-page')].find((each) => each.querySelector(selector) !== null)
      const source = sheet?.querySelector('canvas')
      if (sheet == null || source == null) throw new Error('no page is marked')
      const ratio = source.width / sheet.getBoundingClientRect().width
      const masked = document.createElement('canvas')
      masked.width = source.width
      masked.height = source.height
      const drawing = masked.getContext('2d')
      if (drawing === null) throw new Error('no canvas')
      drawing.fillStyle = '#fff'
      drawing.fillRect(0, 0, masked.width, masked.height)
      const origin = sheet.getBoundingClientRect()
      for (const mark of sheet.querySelectorAll(selector)) {
        const box = mark.getBoundingClientRect()
        const place = [
          (box.x - origin.x) * ratio,
          (box.y - origin.y) * ratio,
          box.width * ratio,
          box.height * ratio,
        ] as const
        drawing.drawImage(source, ...place, ...place)
      }
      // Twice as large, as recognition likes it.
      const isSideways = degrees % 180 !== 0
      const turned = document.createElement('canvas')
      turned.width = 2 * (isSideways ? masked.height : masked.width)
      turned.height = 2 * (isSideways ? masked.width : masked.height)
      const target = turned.getContext('2d')
      if (target === null) throw new Error('no canvas')
      target.translate(turned.width / 2, turned.height / 2)
      target.rotate((-degrees * Math.PI) / 180)
      target.scale(2, 2)
      target.drawImage(masked, -masked.width / 2, -masked.height / 2)
      return turned.toDataURL('image/png')
    },
    [marks, turn] as const,
  )
  return Buffer.from(address.slice(address.indexOf(',') + 1), 'base64')
}

for (const [name, bytes, question, lines, language, turn] of [
  ['ferry.pdf', () => scanPdf([{ lines: ferry }]), 'When does the ferry leave?', ferry, 'eng', 0],
  ['sideways.pdf', () => scanPdf([{ lines: ferry, turn: 90 }]), 'When does the ferry leave?', ferry, 'eng', 90],
  ['灯塔.png', () => scanPage({ lines: lighthouse }).png, '渡轮什么时候开往灯塔？', lighthouse, 'chi_sim', 0],
  ['ferry.tiff', () => scanTiff({ lines: ferry }), 'When does the ferry leave?', ferry, 'eng', 0],
] as const) {
  test(`${name}: a citation opens the page as it was scanned, and what lies under the marks is the passage`, async () => {
    await using folder = await makeFolder('carrel-scan-')
    await using app = await launchCarrel()
    const { page } = app
    const path = join(folder.path, name)
    await writeFile(path, bytes())
    // The pane at twice its width: what is read back below are its pixels.
    await page.setViewportSize({ width: 1_900, height: 1_000 })
    await dropFiles(page, [path])
    await waitUntilReady(page, 1)
    await ask(page, question)
    await expect(page.getByTestId('answer')).toHaveAttribute('data-state', 'complete')
    await page.getByTestId('passage-card').first().click()
    await expect(page.getByTestId('pdf-mark').first()).toBeVisible()
    const passage = (await readNewestConversation(page)).turns.at(-1)?.sources[0]?.text ?? ''
    expect(characterErrors(passage, lines.join(''))).toBeLessThanOrEqual(0.05)
    const underMarks = async (): Promise<number> =>
      characterErrors(await readPicture(await pictureUnderMarks(page, turn), language), passage)
    // The pane has a third of the scan's resolution; a mark in another place reads nothing like the passage.
    await expect.poll(underMarks, { timeout: 60_000 }).toBeLessThanOrEqual(0.2)
  })
}

test('words on scanned pages are found where they stand on the picture', async () => {
  await using folder = await makeFolder('carrel-scan-')
  await using app = await launchCarrel()
  const { page } = app
  const path = join(folder.path, 'logbook.pdf')
  const lamp = ['The lantern of the lighthouse burns', 'from dusk until the morning.']
  await writeFile(path, scanPdf([{ lines: ferry }, { lines: lamp }, { lines: ferry }]))
  await page.setViewportSize({ width: 1_900, height: 1_000 })
  await dropFiles(page, [path])
  await waitUntilReady(page, 1)
  await ask(page, 'When does the ferry leave?')
  await expect(page.getByTestId('answer')).toHaveAttribute('data-state', 'complete')
  await page.getByTestId('passage-card').first().click()
  await expect(page.getByTestId('pdf-mark').first()).toBeVisible()
  await page.getByRole('button', { name: 'Search in this document' }).click()
  const field = page.getByRole('searchbox', { name: 'Search in this document' })
  const status = page.getByRole('toolbar').getByRole('status')
  await field.fill('FERRY')
  await expect(status).toHaveText('1 of 2')
  await page.keyboard.press('Enter')
  await expect(status).toHaveText('2 of 2')
  await field.fill('lantern')
  await expect(status).toHaveText('1 of 1')
  await expect(page.locator('[data-page="2"] .pdf-found[data-current]')).toBeVisible()
  const underMark = async (): Promise<string> =>
    (await readPicture(await pictureUnderMarks(page, 0, '.pdf-found'), 'eng')).toLowerCase()
  await expect.poll(underMark, { timeout: 60_000 }).toContain('antern')
})

test('a half scanned PDF is searchable before its scans are read; reading them can be stopped and taken up', async () => {
  await using folder = await makeFolder('carrel-scan-')
  await using app = await launchCarrel()
  const { page } = app
  const path = join(folder.path, 'logbook.pdf')
  await writeFile(path, scanPdf(Array.from({ length: 12 }, () => ({ lines: ferry }))))
  await dropFiles(page, [path])
  const row = page.getByTestId('document-row')
  const line = row.getByTestId('scan-line')
  await expect(line).toContainText(/A scan: [1-9]\d* of 12 pages read/, { timeout: 60_000 })
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  expect(violations.map(({ id }) => id)).toEqual([])
  await ask(page, 'When does the ferry leave?')
  await expect(page.getByTestId('answer')).toHaveAttribute('data-state', 'complete')
  await expect(page.getByTestId('passage-card').first()).toContainText('lighthouse')
  await line.getByRole('button', { name: 'Stop reading scans' }).click()
  await expect(line).toContainText(/pages? without text (was|were) not read/)
  await expect(row).toHaveAttribute('data-state', 'ready')
  await line.getByRole('button', { name: 'Read them' }).click()
  await expect(line).toContainText(/A scan:/)
  await waitUntilReady(page, 1)
})
