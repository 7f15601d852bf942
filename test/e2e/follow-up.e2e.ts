import { expect, test } from '@playwright/test'
import type { ChatBody } from '../support/recorded-chat.ts'
import { startRecordingModelServer } from '../support/recording-model-server.ts'
import { launchCarrel, makeFolder } from './support/launch.ts'
import { ask, importSmallDocument, readNewestConversation } from './support/library.ts'

const condensed = 'When do the carrels close on Sundays?'
const isCondensing = ({ messages }: ChatBody): boolean =>
  messages.at(-1)?.content.startsWith('Rewrite the last question') === true

test('a follow-up shows what was searched for it; an edit searches again, and the earlier answer can be brought back', async () => {
  await using data = await makeFolder('carrel-data-')
  let answered = 0
  await using server = await startRecordingModelServer({
    answer: (body) =>
      isCondensing(body)
        ? { tokens: [`Standalone question: ${condensed}`], gapMs: 1 }
        : { tokens: [`Answer ${(answered += 1)} [1].`], gapMs: 1 },
  })
  await using app = await launchCarrel({ dataFolder: data.path, ollamaHost: server.url })
  const { page } = app
  await importSmallDocument(page, data.path)

  await ask(page, 'When do the carrels open?')
  await expect(page.getByTestId('answer')).toHaveText(/Answer 1/)
  await expect(page.getByTestId('searched')).toHaveCount(0)

  await ask(page, 'and on Sundays?')
  await expect(page.getByTestId('answer').nth(1)).toHaveText(/Answer 2/)
  await expect(page.getByTestId('searched')).toContainText(condensed)

  await page.getByTestId('searched-edit').click()
  await expect(page.getByTestId('searched-input')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('searched-edit')).toBeFocused()
  await page.keyboard.press('Enter')
  await page.getByTestId('searched-input').fill('Sunday hours of the carrels')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('answer').nth(1)).toHaveText(/Answer 3/)
  await expect(page.getByTestId('searched')).toContainText('Sunday hours of the carrels')
  await expect(page.getByTestId('answer')).toHaveCount(2)
  // The edited words went to the model as the question, and nothing rewrote them.
  expect(server.chats.filter(({ body }) => isCondensing(body))).toHaveLength(1)
  expect(server.chats.at(-1)?.body.messages.at(-1)?.content).toContain('Question: Sunday hours of the carrels')

  await page.getByTestId('other-answer').click()
  await expect(page.getByTestId('answer').nth(1)).toHaveText(/Answer 2/)
  const { turns } = await readNewestConversation(page)
  expect(turns.map(({ condensedQuestion, otherAnswerIds }) => [condensedQuestion, otherAnswerIds.length])).toEqual([
    [null, 0],
    [condensed, 1],
  ])
})
