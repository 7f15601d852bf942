import { expect, test } from '@playwright/test'
import { readFile } from 'node:fs/promises'
import { launchCarrel, makeFolder } from './support/launch.ts'
import { ask, importSmallDocument, readNewestConversation } from './support/library.ts'

const url = process.env['CARREL_TEST_OLLAMA'] ?? ''
const requestLog = process.env['CARREL_TEST_OLLAMA_LOG'] ?? ''

test.describe('on a real Ollama', () => {
  test.skip(url === '', 'no real Ollama: CARREL_TEST_OLLAMA is not set')
  // The small model reads a prompt slowly on a machine that does something else as well.
  test.setTimeout(240_000)

  test('the answer streams, and Stop ends the request in the log of the real Ollama', async () => {
    test.skip(requestLog === '', 'this real Ollama shows no request log (CARREL_TEST_OLLAMA_LOG)')
    await using data = await makeFolder('carrel-data-')
    await using app = await launchCarrel({ dataFolder: data.path, ollamaHost: url })
    const { page } = app
    await importSmallDocument(page, data.path)
    const chatsLogged = async (): Promise<number> =>
      (await readFile(requestLog, 'utf8')).split('\n').filter((line) => line.includes('/api/chat')).length
    const before = await chatsLogged()

    await ask(page, 'Write a very long story about a library and its carrels, in many chapters.')
    const answer = page.getByTestId('answer')
    await expect(answer).toContainText(/\w{3}/, { timeout: 200_000 })
    // Ollama writes its line when a request has ended: this one has not.
    expect(await chatsLogged()).toBe(before)
    await page.getByTestId('stop').click()
    await expect(answer).toHaveAttribute('data-state', 'stopped')
    await expect.poll(chatsLogged, { timeout: 60_000 }).toBe(before + 1)

    const [turn] = (await readNewestConversation(page)).turns
    expect(turn).toMatchObject({ finishReason: 'aborted', mode: 'generated' })
    expect(turn?.answer).not.toBe('')
    expect(turn?.sources).not.toHaveLength(0)
  })
})
