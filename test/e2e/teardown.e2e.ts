import { expect, test } from '@playwright/test'
import { startRecordingModelServer } from '../support/recording-model-server.ts'
import { launchCarrel, makeFolder, type RunningApp } from './support/launch.ts'
import { ask, importSmallDocument, readNewestConversation } from './support/library.ts'

/** Whatever takes the reader away, the model's connection closes, and what was written is there next time. */
const paths: readonly { readonly name: string; readonly leave: (app: RunningApp) => Promise<unknown> }[] = [
  { name: 'the Stop button', leave: ({ page }) => page.getByTestId('stop').click() },
  { name: 'Esc', leave: ({ page }) => page.keyboard.press('Escape') },
  { name: 'reload', leave: ({ page }) => page.reload() },
  {
    name: 'closing the window',
    leave: async ({ application, gone }) => {
      // The reply is lost when the app ends with its last window.
      await Promise.race([
        application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close()).catch(() => undefined),
        gone,
      ])
      await gone
    },
  },
  {
    name: 'a crash of the page',
    leave: ({ application }) =>
      application.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
      ),
  },
  { name: 'quitting', leave: (app) => app.quit() },
]

for (const { name, leave } of paths) {
  test(`${name} closes the model's connection and keeps the partial answer with its sources`, async () => {
    await using data = await makeFolder('carrel-data-')
    await using server = await startRecordingModelServer()
    {
      await using app = await launchCarrel({ dataFolder: data.path, ollamaHost: server.url })
      const { page } = app
      await importSmallDocument(page, data.path)
      await ask(page, 'When do the carrels open?')
      const chat = await server.nextRequest()
      chat.sendText('They open at nine, half of an answer')
      await expect(page.getByTestId('answer')).toContainText('half of an answer')
      expect(chat.isOpen).toBe(true)

      await leave(app)
      // The server ends nothing by itself: only the app can have closed this.
      expect((await chat.closed).isComplete).toBe(false)
      await app.quit()
    }
    await using app = await launchCarrel({ dataFolder: data.path, ollamaHost: server.url })
    const [turn] = (await readNewestConversation(app.page)).turns
    expect(turn).toMatchObject({ finishReason: 'aborted', error: null })
    expect(turn?.answer).toContain('half of an answer')
    expect(turn?.sources.map(({ documentName }) => documentName)).toContain('Carrels.md')

    await app.page.getByRole('tab', { name: 'Conversations' }).click()
    await app.page.getByTestId('conversation-row').first().getByRole('button').first().click()
    await expect(app.page.getByTestId('answer')).toContainText('half of an answer')
    await expect(app.page.getByTestId('answer')).toHaveAttribute('data-state', 'stopped')
    await expect(app.page.getByTestId('passage-card').first()).toBeVisible()
  })
}

test('deleting the conversation ends its answer', async () => {
  await using data = await makeFolder('carrel-data-')
  await using server = await startRecordingModelServer()
  await using app = await launchCarrel({ dataFolder: data.path, ollamaHost: server.url })
  await importSmallDocument(app.page, data.path)
  await ask(app.page, 'When do the carrels open?')
  const chat = await server.nextRequest()
  chat.sendText('They open')
  await expect(app.page.getByTestId('answer')).toContainText('They open')
  const { conversation } = await readNewestConversation(app.page)
  await app.page.evaluate((id) => window.api.request('conversations:delete', { id }), conversation.id)
  expect((await chat.closed).isComplete).toBe(false)
})

// Node closes a destroyed socket a microtask later; what it read in between ended in Electron's error dialog, not in the end.
test('quitting while tokens pour in ends the app', async () => {
  await using data = await makeFolder('carrel-data-')
  const tokens = Array.from({ length: 20_000 }, (_, index) => `word${index} `)
  await using server = await startRecordingModelServer({ answer: { tokens, gapMs: 1 } })
  for (let round = 0; round < 4; round += 1) {
    await using app = await launchCarrel({ dataFolder: data.path, ollamaHost: server.url })
    if (round === 0) await importSmallDocument(app.page, data.path)
    await ask(app.page, 'When do the carrels open?')
    const chat = await server.nextRequest()
    await expect(app.page.getByTestId('answer')).toContainText('word1 ')
    await app.quit()
    expect((await chat.closed).isComplete).toBe(false)
  }
})
