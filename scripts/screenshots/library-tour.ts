import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dropFiles } from '../../test/e2e/support/drop-files.ts'
import { readStatus } from '../../test/e2e/support/library.ts'
import { scanPdf } from '../../test/support/scans/draw-scan.ts'
import { say, type Stage } from './stage.ts'
import type { TourStop } from './tour-stop.ts'

const usual = { width: 1280, height: 800 }

const words = {
  en: {
    folder: 'Harbour archive',
    long: 'Chronicle of the harbour, 1871 to 1924.txt',
    paragraph: (day: number) =>
      `Day ${day}. The harbour master enters the barges that came through the lock, their grain and timber, and the state of the ice. `,
    names: ['Tide tables 1911.txt', 'Letters of the pilot.txt', 'Dredging accounts.txt', 'Lamp keeper, rules.txt'],
    collections: [
      ['Office move', ['Minutes', 'schedule', 'Amendment']],
      ['Leases', ['lease', 'Amendment', '租赁合同']],
      ['Harbour', ['Harbour', 'Plotter']],
    ],
    mention: 'What must be paid before the move? @Lea',
    scan: {
      name: 'Ferry timetable 1952, scanned.pdf',
      lines: [
        'FERRY TIMETABLE, SUMMER OF 1952',
        '',
        'The ferry to the lighthouse leaves at noon from the northern',
        'quay, every second Sunday between May and September. Tickets',
        'are sold at the booth beside the weighing house until half an',
        'hour before the ferry leaves.',
        '',
        'In fog the ferry stays in the harbour; the flag on the tower',
        'then hangs at half height.',
      ],
      question: 'When does the ferry to the lighthouse leave?',
      translated: '开往灯塔的渡轮什么时候出发？',
      answer:
        'The ferry leaves **at noon** from the northern quay, every second Sunday between May and September [[leaves at noon]].',
    },
  },
  zh: {
    folder: '港口档案',
    long: '港口大事记（1871—1924）.txt',
    paragraph: (day: number) => `第${day}日。港务长登记当日过闸的驳船、所载的粮食与木材，以及冰情。`,
    names: ['潮汐表（1911）.txt', '引水员书信.txt', '疏浚账目.txt', '守灯人须知.txt'],
    collections: [
      ['办公室搬迁', ['搬迁', '交接', 'Amendment']],
      ['租赁合同', ['租赁合同', 'lease', 'Amendment']],
      ['港口与湿地', ['湿地', 'Harbour']],
    ],
    mention: '搬迁之前要付清哪些费用？@租赁',
    scan: {
      name: '渡轮时刻表（1952 年扫描件）.pdf',
      lines: [
        '一九五二年夏季渡轮时刻表',
        '',
        '开往灯塔的渡轮每逢周日中午从北码头出发，',
        '五月至九月期间隔周一班。船票在过磅房旁的',
        '售票亭出售，开船前半小时停止售票。',
        '',
        '大雾时渡轮停航，塔楼上的旗帜降至一半。',
      ],
      question: '开往灯塔的渡轮什么时候出发？',
      translated: 'When does the ferry to the lighthouse leave?',
      answer: '渡轮每逢周日**中午**从北码头出发，五月至九月期间隔周一班 [[中午从北码头出发]]。',
    },
  },
} as const

async function untilRead(stage: Stage): Promise<void> {
  for (;;) {
    const { queued, reading, searchable } = (await readStatus(stage.page)).totals.byState
    if (queued + reading + searchable === 0) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** Collections with documents, one chosen by `@` in a question that is being written. */
export const collections: TourStop = async (stage, { language }) => {
  const { page } = stage
  await stage.startConversation()
  await page.evaluate(async (wanted) => {
    const listed = await window.api.request('library:list', { offset: 0, limit: 500, filter: '' })
    if (!listed.ok) throw new Error(listed.error.code)
    for (const [name, parts] of wanted) {
      const made = await window.api.request('collections:create', { name })
      if (!made.ok) throw new Error(made.error.code)
      const documentIds = listed.value.documents
        .filter((document) => parts.some((part) => document.name.includes(part)))
        .map(({ id }) => id)
      const added = await window.api.request('collections:add', { id: made.value.id, documentIds })
      if (!added.ok) throw new Error(added.error.code)
    }
  }, words[language].collections)
  const rows = page.getByTestId('collection-row')
  await rows.nth(words[language].collections.length).waitFor()
  await rows.nth(1).getByRole('button').first().click()
  await page.getByTestId('composer').click()
  await page.keyboard.type(words[language].mention)
  await page.getByTestId('scope-options').waitFor()
  await page.mouse.move(5, 5)
  await stage.shoot('collections', [usual])
  await page.keyboard.press('Escape')
  await page.getByTestId('composer').fill('')
  await rows.first().getByRole('button').first().click()
}

/** A drop while it is read: the file under way, what waits, what failed; then the same paused. */
export const queue: TourStop = async (stage, { language, scratch }) => {
  const { page } = stage
  const { folder, long, paragraph, names } = words[language]
  const place = join(scratch, folder)
  await mkdir(place, { recursive: true })
  await writeFile(join(place, long), Array.from({ length: 30_000 }, (_, day) => paragraph(day).repeat(3)).join('\n\n'))
  for (const name of names) await writeFile(join(place, name), paragraph(1).repeat(40))
  // The long one first: it is read in the order of the drop, and the others wait for it.
  await dropFiles(
    page,
    [long, ...names].map((name) => join(place, name)),
  )
  await page.getByTestId('import-reading').filter({ hasText: long }).waitFor()
  await page.getByTestId('document-row').filter({ hasText: names[3] }).waitFor()
  await stage.shoot('queue', [usual])
  await page.evaluate(() => window.api.request('library:pause', { isPaused: true }))
  await page.locator('[data-testid="import-panel"][data-paused="true"]').waitFor()
  await stage.shoot('queue-paused', [usual])
  await page.getByTestId('import-attention').getByRole('button').first().click()
  await page.locator('[data-testid="document-row"][data-state="needs-attention"]').first().waitFor()
  await stage.shoot('queue-attention', [usual])
  await page.evaluate(async () => {
    const listed = await window.api.request('library:list', { offset: 0, limit: 5, filter: '' })
    if (!listed.ok) throw new Error(listed.error.code)
    const documentIds = listed.value.documents.map(({ id }) => id)
    await window.api.request('library:remove', { documentIds })
    await window.api.request('library:pause', { isPaused: false })
  })
  await page.locator('[data-pane="left"] h2 + button').first().click()
  await untilRead(stage)
}

/** A page without text of its own, read by recognition, and cited in its picture. */
export const scan: TourStop = async (stage, { language, scratch }) => {
  const { page } = stage
  const { name, lines, question, translated, answer } = words[language].scan
  const path = join(scratch, name)
  await writeFile(path, scanPdf([{ lines }]))
  await dropFiles(page, [path])
  await page.locator('[data-testid="document-row"][data-state="ready"]').filter({ hasText: name }).waitFor()
  await stage.startConversation()
  const asked = await stage.ask({ question, translated, text: answer })
  await say(asked.chat, asked.pieces)
  asked.finish()
  await page.locator('main article').last().locator('[data-testid="answer"][data-state="complete"]').waitFor()
  await page.getByTestId('citation').first().click()
  await page.locator('.pdf-mark').first().waitFor()
  await page.mouse.move(5, 5)
  await stage.settle()
  await stage.shoot('scan-evidence')
  await stage.closeEvidence()
}
