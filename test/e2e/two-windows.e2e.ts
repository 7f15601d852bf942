import { expect, type Page, test } from '@playwright/test'
import type { RecordedChat } from '../support/recorded-chat.ts'
import { type RecordingModelServer, startRecordingModelServer } from '../support/recording-model-server.ts'
import { createSeededRandom } from '../support/seeded-random.ts'
import { launchCarrel, makeFolder, type RunningApp } from './support/launch.ts'
import { importSmallDocument, readStatus } from './support/library.ts'

/** As a person opens one: by the menu. */
async function openSecondWindow({ application }: RunningApp): Promise<Page> {
  const opened = application.waitForEvent('window')
  await application.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('new-window')?.click())
  const page = await opened
  await expect(page.getByTestId('composer')).toBeVisible()
  return page
}

/** A new conversation in this window. @returns the chat that the server holds */
async function askAnew(page: Page, server: RecordingModelServer, question: string): Promise<RecordedChat> {
  await page.getByTestId('composer').press('Control+n')
  await page.getByTestId('composer').fill(`When do the carrels of this library open? ${question}`)
  await page.getByTestId('composer').press('Enter')
  await expect
    .poll(() => server.chats.some(({ body }) => body.messages.at(-1)?.content.includes(question) === true))
    .toBe(true)
  const chat = server.chats.findLast(({ body }) => body.messages.at(-1)?.content.includes(question) === true)
  if (chat === undefined) throw new Error('no chat')
  return chat
}

/** The window of a page, in main. */
function windowCall(app: RunningApp, page: Page, call: 'close' | 'crash' | 'destroy'): Promise<void> {
  return page
    .evaluate(() => document.title)
    .then(() => app.application.browserWindow(page))
    .then((handle) =>
      handle.evaluate((window, what) => {
        if (what === 'close') window.close()
        else if (what === 'crash') window.webContents.forcefullyCrashRenderer()
        else window.destroy()
      }, call),
    )
}

type Leave = (app: RunningApp, page: Page) => Promise<unknown>
const paths: Readonly<Record<string, Leave>> = {
  Stop: (_app, page) => page.getByTestId('stop').click(),
  Esc: (_app, page) => page.keyboard.press('Escape'),
  reload: (_app, page) => page.reload(),
  'closing the window': (app, page) => windowCall(app, page, 'close'),
  'a crash of the page': (app, page) => windowCall(app, page, 'crash'),
  'deleting the conversation': (_app, page) =>
    page.evaluate(async () => {
      const list = await window.api.request('conversations:list', { offset: 0, limit: 1 })
      const id = list.ok ? list.value.conversations[0]?.id : undefined
      if (id !== undefined) await window.api.request('conversations:delete', { id })
    }),
}
/** After these the window is gone, or its page is of no more use to a test. */
const windowEnds = ['closing the window', 'a crash of the page']

const stages: Readonly<Record<string, (chat: RecordedChat, page: Page) => Promise<void> | void>> = {
  load: () => undefined,
  'prompt reading': (chat) => chat.sendHeaders(),
  'first token': (chat) => chat.sendText('They open'),
  async 'mid-answer'(chat, page) {
    chat.sendText('They open at nine, half of an answer')
    await expect(page.getByTestId('answer')).toContainText('half of an answer')
    chat.sendText(' and more')
  },
}

async function countUncaught({ application }: RunningApp): Promise<() => Promise<readonly string[]>> {
  await application.evaluate(() => {
    const seen: string[] = []
    Object.assign(globalThis, { uncaughtInTest: seen })
    process.on('unhandledRejection', (reason) => void seen.push(String(reason)))
    process.on('warning', (warning) => void seen.push(String(warning)))
  })
  return () => application.evaluate(() => (globalThis as unknown as { uncaughtInTest: string[] }).uncaughtInTest)
}

test('two windows: whatever ends an answer in one leaves the other alone, and at the end nothing is left', async () => {
  test.setTimeout(300_000)
  const random = createSeededRandom()
  await using data = await makeFolder('carrel-data-')
  await using server = await startRecordingModelServer()
  await using app = await launchCarrel({ dataFolder: data.path, ollamaHost: server.url })
  const uncaught = await countUncaught(app)
  await importSmallDocument(app.page, data.path)
  const first = app.page
  let second = await openSecondWindow(app)
  const cells = random.shuffled(
    Object.keys(stages).flatMap((stage) => Object.keys(paths).map((path) => ({ stage, path }))),
  )
  for (const [number, { stage, path }] of cells.entries()) {
    await test.step(`${number}: ${stage}, ${path} (CARREL_TEST_SEED=${random.seed} repeats it)`, async () => {
      const kept = await askAnew(first, server, `Question ${number} of the first window`)
      const chat = await askAnew(second, server, `Question ${number} of the second window`)
      await stages[stage]?.(chat, second)
      await second.waitForTimeout(random.next() * 30)
      await paths[path]?.(app, second)
      expect((await chat.closed).isComplete).toBe(false)
      expect(kept.isOpen).toBe(true)
      kept.sendText('Undisturbed.')
      kept.finish()
      await expect(first.getByTestId('answer')).toHaveAttribute('data-state', 'complete')
      await expect(first.getByTestId('answer')).toContainText('Undisturbed.')
      if (windowEnds.includes(path)) {
        if (path !== 'closing the window') await windowCall(app, second, 'destroy').catch(() => undefined)
        second = await openSecondWindow(app)
      }
      if (path === 'reload') await expect(second.getByTestId('composer')).toBeVisible()
    })
  }

  expect((await readStatus(first)).activeAnswers).toBe(0)
  await server.allClosed()

  // Both are asked when the app quits.
  const chats = [
    await askAnew(first, server, 'The last of the first'),
    await askAnew(second, server, 'The last of the second'),
  ]
  for (const chat of chats) chat.sendText('Half an answer')
  const workers = await app.application.evaluate(({ app: electron }) => electron.getAppMetrics().map(({ pid }) => pid))
  expect(await uncaught()).toEqual([])
  await app.quit()
  for (const chat of chats) expect((await chat.closed).isComplete).toBe(false)
  await server.allClosed()
  const isAlive = (pid: number): boolean => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }
  await expect.poll(() => workers.filter(isAlive)).toEqual([])
})

test('sleep ends the answers of both windows; after waking both can ask again', async () => {
  await using data = await makeFolder('carrel-data-')
  await using server = await startRecordingModelServer()
  await using app = await launchCarrel({ dataFolder: data.path, ollamaHost: server.url })
  await importSmallDocument(app.page, data.path)
  const pages = [app.page, await openSecondWindow(app)]
  const emit = (event: 'suspend' | 'resume'): Promise<unknown> =>
    app.application.evaluate(({ powerMonitor }, name) => powerMonitor.emit(name), event)

  for (const round of ['before sleep', 'after waking']) {
    const chats: RecordedChat[] = []
    for (const [index, page] of pages.entries()) chats.push(await askAnew(page, server, `Window ${index} ${round}`))
    for (const chat of chats) chat.sendText('Half an answer')
    for (const page of pages) await expect(page.getByTestId('answer')).toContainText('Half an answer')
    if (round === 'before sleep') {
      await emit('suspend')
      for (const chat of chats) expect((await chat.closed).isComplete).toBe(false)
      for (const page of pages) await expect(page.getByTestId('answer')).toHaveAttribute('data-state', 'stopped')
      expect((await readStatus(app.page)).activeAnswers).toBe(0)
      await emit('resume')
    } else {
      for (const chat of chats) chat.finish()
      for (const page of pages) await expect(page.getByTestId('answer')).toHaveAttribute('data-state', 'complete')
    }
  }
  await app.quit()
})

test('one conversation in two windows: one asks at a time, and both show what was answered', async () => {
  await using data = await makeFolder('carrel-data-')
  await using server = await startRecordingModelServer()
  await using app = await launchCarrel({ dataFolder: data.path, ollamaHost: server.url })
  await importSmallDocument(app.page, data.path)
  const first = app.page
  const begun = await askAnew(first, server, 'When do the carrels open?')
  begun.sendText('At nine.')
  begun.finish()
  await expect(first.getByTestId('answer')).toHaveAttribute('data-state', 'complete')

  const second = await openSecondWindow(app)
  await second.getByRole('tab', { name: 'Conversations' }).click()
  await second.getByTestId('conversation-row').first().getByRole('button').first().click()
  await expect(second.getByTestId('answer')).toContainText('At nine.')

  await first.getByTestId('composer').fill('Summarise the rules of the carrels')
  await first.getByTestId('composer').press('Enter')
  await expect.poll(() => server.chats.length).toBe(2)
  await second.getByTestId('composer').fill('And who may sit there?')
  await second.getByTestId('composer').press('Enter')
  await expect(second.getByText('This conversation is still answering')).toBeVisible()
  expect(server.chats).toHaveLength(2)
  // Condensing comes first for a follow-up; the answer itself is the chat after it.
  server.chats[1]?.finish()
  await expect.poll(() => server.chats.length).toBe(3)
  server.chats[2]?.sendText('Be quiet there.')
  server.chats[2]?.finish()
  await expect(first.getByTestId('answer').last()).toContainText('Be quiet there.')
  await expect(second.getByText('Be quiet there.')).toBeVisible()
  await app.quit()
})
