import { basename, join } from 'node:path'
import { dropFiles } from '../../test/e2e/support/drop-files.ts'
import { readStatus } from '../../test/e2e/support/library.ts'
import { scripts } from './answers.ts'
import { writeLibrary } from './library.ts'
import { collections, queue, scan } from './library-tour.ts'
import { say } from './stage.ts'
import type { TourStop } from './tour-stop.ts'

const anyMark = '.pdf-mark, [data-testid="evidence-mark"]'
const narrow = { width: 900, height: 600 }
const usual = { width: 1280, height: 800 }

const firstRun: TourStop = async (stage) => {
  await stage.page.getByTestId('model-card').waitFor()
  await stage.shoot('first-run')
  await stage.shoot('first-run-narrow', [narrow])
}

const dropOverlay: TourStop = async (stage, { scratch }) => {
  const session = await stage.page.context().newCDPSession(stage.page)
  const data = { items: [], files: [scratch], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 600, y: 400, data })
  await stage.page.getByTestId('drop-target').waitFor()
  await stage.settle()
  await stage.shoot('drop-overlay', [usual])
  // Chromium's own way to call a drag off tells the page nothing.
  await stage.page.evaluate(() => window.dispatchEvent(new DragEvent('dragleave')))
  await stage.page.getByTestId('drop-target').waitFor({ state: 'detached' })
  await session.detach()
}

const importing: TourStop = async (stage, { language, scratch }) => {
  const folder = join(scratch, language === 'zh' ? '资料' : 'Papers')
  const { paths, readableCount } = await writeLibrary(folder, language)
  await stage.lookForModels()
  // One by one, so that the list has the same order each time.
  for (const path of paths) {
    await dropFiles(stage.page, [path])
    await stage.page
      .getByTestId('document-row')
      .filter({ hasText: basename(path) })
      .waitFor()
  }
  await stage.shoot('importing', [usual])
  for (;;) {
    const { totals } = await readStatus(stage.page)
    const { ready, queued, reading, searchable } = totals.byState
    if (ready === readableCount && queued + reading + searchable === 0) break
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

const fullLibrary: TourStop = async (stage) => {
  // The encrypted file asked for its password by itself.
  const asked = stage.page.getByRole('dialog')
  await asked.waitFor()
  await stage.page.keyboard.press('Escape')
  await asked.waitFor({ state: 'detached' })
  // What was said about the import goes by itself.
  await stage.page.waitForFunction(() => document.querySelector('[data-sonner-toast]') === null)
  await stage.settle()
  await stage.shoot('library-full')
}

const leaseAnswer: TourStop = async (stage, { language }) => {
  const { page } = stage
  const { chat, pieces, finish } = await stage.ask(scripts[language].lease)
  await page.getByTestId('passage-card').first().waitFor()
  await stage.shoot('model-reading', [usual])
  const half = Math.floor(pieces.length * 0.62)
  await say(chat, pieces.slice(0, half))
  await stage.settle()
  await stage.shoot('streaming')
  await say(chat, pieces.slice(half))
  finish()
  await page.locator('[data-testid="answer"][data-state="complete"]').waitFor()
  await stage.settle()
  await stage.shoot('answer')
  await stage.shoot('citation-hover', [usual], async () => {
    await page.mouse.move(5, 5)
    await page.getByTestId('citation').first().hover()
    await page.getByTestId('citation-quote').waitFor()
  })
  await page.mouse.move(5, 5)
  await page.getByTestId('citation').first().click()
  await page.locator(anyMark).first().waitFor()
  await page.mouse.move(5, 5)
  await stage.settle()
  await stage.shoot('answer-evidence')
  await page.getByTestId('citation').nth(2).click()
  await page.locator(anyMark).first().waitFor()
  await page.mouse.move(5, 5)
  await stage.settle()
  await stage.shoot('answer-evidence-text')
  await stage.shoot('narrow-evidence', [narrow])
  await stage.closeEvidence()
  await stage.shoot('narrow-answer', [narrow])
}

const report: TourStop = async (stage, { language }) => {
  await stage.startConversation()
  await stage.askWhole(scripts[language].report)
  await stage.shoot('report')
  await stage.page.getByTestId('citation').first().click()
  await stage.page.locator(anyMark).first().waitFor()
  await stage.page.mouse.move(5, 5)
  await stage.settle()
  await stage.shoot('report-evidence')
  await stage.closeEvidence()
}

const followUp: TourStop = async (stage, { language }) => {
  const { page } = stage
  await stage.askWhole(scripts[language].followUp)
  await stage.shoot('follow-up')
  await page.getByTestId('searched-edit').last().click()
  await page.getByTestId('searched-input').waitFor()
  await stage.shoot('follow-up-editor', [usual])
  await page.keyboard.press('Escape')
  await page.getByTestId('context-meter-next').click()
  await page.getByTestId('context-details').waitFor()
  await stage.shoot('context', [usual])
  await page.keyboard.press('Escape')
}

/** A context so small that the lowest passages have no place in it. */
const leftOut: TourStop = async (stage, { language }) => {
  const { page } = stage
  await page.evaluate(() =>
    window.api.request('settings:set', { contextTokens: 2048, preset: 'custom', passageCount: 20 }),
  )
  await stage.startConversation()
  await stage.askWhole(scripts[language].failed)
  await page.getByTestId('context-meter-next').click()
  await page.getByTestId('left-out').waitFor()
  await stage.shoot('left-out', [usual])
  await page.keyboard.press('Escape')
  await page.evaluate(() => window.api.request('settings:set', { contextTokens: 8192, preset: 'default' }))
}

const stopped: TourStop = async (stage, { language }) => {
  await stage.startConversation()
  const { chat, pieces } = await stage.ask(scripts[language].stopped)
  await say(chat, pieces)
  await stage.page.keyboard.press('Escape')
  await stage.page.getByTestId('answer-stopped').waitFor()
  await stage.settle()
  await stage.shoot('stopped', [usual])
}

const failed: TourStop = async (stage, { language }) => {
  await stage.startConversation()
  const { chat, pieces } = await stage.ask(scripts[language].failed)
  await say(chat, pieces)
  chat.sendErrorLine('the model runner has ended unexpectedly')
  chat.end()
  await stage.page.getByRole('alert').first().waitFor()
  await stage.settle()
  await stage.shoot('failed', [usual])
}

const quotes: TourStop = async (stage, { language }) => {
  await stage.startConversation()
  await stage.page.getByTestId('model-menu').click()
  await stage.settle()
  await stage.shoot('model-menu', [usual])
  await stage.page.getByRole('menuitemradio').last().click()
  await stage.write(scripts[language].quotesQuestion)
  await stage.page.locator('[data-testid="answer"][data-state="complete"]').waitFor()
  await stage.settle()
  await stage.shoot('quotes')
  await stage.page.getByTestId('model-menu').click()
  await stage.page.getByRole('menuitemradio').first().click()
}

const longQuestion: TourStop = async (stage, { language }) => {
  const { longTitleQuestion, lease } = scripts[language]
  await stage.startConversation()
  await stage.askWhole({
    question: longTitleQuestion,
    translated: lease.translated,
    text: language === 'zh' ? '文档没有说明押金如何退还。' : 'The documents do not say what becomes of the deposit.',
  })
  await stage.shoot('long-question', [usual, narrow])
}

/** Every document that mentions something. */
const findings: TourStop = async (stage, { language }) => {
  const { page } = stage
  await stage.startConversation()
  await page
    .getByTestId('composer')
    .fill(language === 'zh' ? '哪些合同提到租金？' : 'Which contracts mention the rent?')
  await page.getByTestId('findings-offer').waitFor()
  await stage.shoot('findings-offer', [usual])
  await page.getByTestId('findings-offer').click()
  await page.getByTestId('findings-summary').waitFor()
  await stage.shoot('findings')
  await page.getByTestId('finding-open').first().click()
  await page.locator(anyMark).first().waitFor()
  await page.mouse.move(5, 5)
  await stage.shoot('findings-evidence')
  await stage.closeEvidence()
  await stage.shoot('findings-narrow', [narrow])
  await stage.startConversation()
}

const lists: TourStop = async (stage, { language }) => {
  const { page } = stage
  await stage.resize(usual)
  await page.getByRole('tab').nth(1).click()
  await page.getByTestId('conversation-row').first().waitFor()
  await stage.settle()
  await stage.shoot('conversations', [usual])
  const row = page.getByTestId('conversation-row').first()
  await row.hover()
  await row.getByRole('button').last().click()
  await stage.settle()
  await stage.shoot('conversation-menu', [usual])
  await page.getByRole('menuitem').first().click()
  await page.getByRole('dialog').waitFor()
  await stage.settle()
  await stage.shoot('rename-dialog', [usual])
  await page.keyboard.press('Escape')
  await page.getByTestId('conversation-search').fill(language === 'zh' ? '租' : 'lease')
  await page.locator('[data-line]').first().waitFor()
  await stage.shoot('conversation-search', [usual])
  await page.getByTestId('conversation-search').fill('')
  const last = page.getByTestId('conversation-row').last()
  await last.hover()
  await last.getByRole('button').last().click()
  await page.getByRole('menuitem').last().click()
  await stage.shoot('conversation-deleted', [usual])
  await page
    .locator('[data-pane="left"]')
    .getByRole('button', { name: /^(Recently deleted|最近删除)$/ })
    // The notice with Undo may still lie over it.
    .dispatchEvent('click')
  const deleted = page.getByTestId('deleted-conversation')
  await deleted.waitFor()
  await stage.shoot('recently-deleted', [usual])
  await deleted.getByRole('button').first().click()
  await deleted.waitFor({ state: 'detached' })
  await page.locator('[data-pane="left"] section header button').click()
  await page.getByRole('tab').nth(0).click()
  const documentRow = page.getByTestId('document-row').first()
  await documentRow.hover()
  await documentRow.getByRole('button').last().click()
  await stage.settle()
  await stage.shoot('document-menu', [usual])
  await page.getByRole('menuitem').last().click()
  await page.getByRole('alertdialog').waitFor()
  await stage.settle()
  await stage.shoot('remove-dialog', [usual])
  await page.keyboard.press('Escape')
  await stage.settle()
}

const palette: TourStop = async (stage) => {
  const { page } = stage
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').waitFor()
  await page.getByRole('option').nth(3).waitFor()
  await stage.settle()
  await stage.shoot('palette', [usual])
  await page.keyboard.press('Escape')
}

const settings: TourStop = async (stage) => {
  const { page } = stage
  await page.keyboard.press('Control+Comma')
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  await stage.settle()
  await stage.shoot('settings-top', [usual])
  const groups = dialog.locator('section')
  for (let index = 1; index < (await groups.count()); index += 1) {
    await groups.nth(index).scrollIntoViewIfNeeded()
    await groups.nth(index).evaluate((element) => element.scrollIntoView({ block: 'start' }))
    await stage.shoot(`settings-${index}`, [usual])
  }
  await page.keyboard.press('Escape')
}

/** A server without a model, and the download that ends that. */
const noModel: TourStop = async (stage) => {
  const { page, server } = stage
  server.setModels([])
  await stage.lookForModels()
  await stage.startConversation()
  const card = page.getByTestId('model-card')
  await card.waitFor()
  await stage.shoot('no-model', [usual])
  await card.getByRole('button').first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio').first().check()
  await stage.shoot('download-dialog', [usual])
  await dialog
    .getByRole('button')
    .filter({ hasText: /^(Download|下载)$/ })
    .click()
  const pull = await server.nextPull()
  const layer = { status: 'pulling a', digest: 'sha256:a', total: 1_359_000_000 }
  pull.send({ status: 'pulling manifest' }, { ...layer, completed: 489_000_000 })
  await page
    .locator('[role="progressbar"][aria-valuenow="35"], [role="progressbar"][aria-valuenow="36"]')
    .first()
    .waitFor()
  await stage.shoot('downloading', [usual])
  await page.evaluate(() => window.api.request('models:cancel-pull', {}))
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
}

const narrowSides: TourStop = async (stage) => {
  await stage.resize(narrow)
  await stage.page.locator('[data-pane="middle"] header button').first().click()
  await stage.settle()
  await stage.shoot('narrow-library', [narrow])
}

export const tour: readonly TourStop[] = [
  firstRun,
  dropOverlay,
  importing,
  fullLibrary,
  leaseAnswer,
  report,
  followUp,
  leftOut,
  stopped,
  failed,
  longQuestion,
  quotes,
  findings,
  lists,
  palette,
  settings,
  collections,
  scan,
  queue,
  noModel,
  narrowSides,
]
