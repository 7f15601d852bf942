import { expect, test } from '@playwright/test'
import { startRecordingModelServer } from '../support/recording-model-server.ts'
import { launchCarrel, makeFolder } from './support/launch.ts'
import { ask, importSmallDocument, readNewestConversation } from './support/library.ts'

const foreign = 'Who invented the steam locomotive?'

test('nothing close enough is said, with the nearest passages; "answer anyway" and general knowledge are the reader\'s choice', async () => {
  await using data = await makeFolder('carrel-data-')
  await using server = await startRecordingModelServer({ answer: () => ({ tokens: ['By the model.'], gapMs: 1 }) })
  await using app = await launchCarrel({ dataFolder: data.path, ollamaHost: server.url })
  const { page } = app
  await importSmallDocument(page, data.path)

  await ask(page, foreign)
  await expect(page.getByTestId('refused')).toContainText('Nothing close enough in 1 document searched.')
  await expect(page.getByRole('group', { name: 'Nearest passages' })).toBeVisible()
  expect(server.chats).toHaveLength(0)
  await page.getByTestId('search-trace').click()
  await expect(page.getByTestId('search-trace-details')).toContainText('Not close enough')
  await page.keyboard.press('Escape')

  await page.getByTestId('answer-anyway').click()
  await expect(page.getByTestId('answer')).toHaveText(/By the model/)
  await expect(page.getByTestId('basis-label')).toHaveText('Answered although nothing was close enough')
  await expect(page.getByTestId('refused')).toHaveCount(0)
  expect(server.chats.at(-1)?.body.messages.at(-1)?.content).toContain('open at nine')

  await page.getByTestId('basis-menu').click()
  await page.getByRole('menuitemradio', { name: /General knowledge allowed/ }).click()
  await ask(page, 'How tall is the highest mountain on Mars?')
  await expect(page.getByTestId('answer').nth(1)).toHaveText(/By the model/)
  await expect(page.getByTestId('basis-label').nth(1)).toHaveText(
    'From general knowledge: nothing close enough in 1 document',
  )
  expect(server.chats.at(-1)?.body.messages.at(-1)?.content).not.toContain('open at nine')

  const { turns } = await readNewestConversation(page)
  expect(turns.map(({ mode, usage }) => [mode, usage?.search?.basis, usage?.search?.isClose])).toEqual([
    ['generated', 'anyway', false],
    ['generated', 'general', false],
  ])
  // What a turn rested on is told when the conversation is opened again.
  await page.reload()
  await page.getByRole('tab').nth(1).click()
  await page.getByTestId('conversation-row').first().click()
  await expect(page.getByTestId('basis-label').first()).toHaveText('Answered although nothing was close enough')
})
