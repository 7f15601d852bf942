import { expect, test } from '@playwright/test'
import { connect } from 'node:net'
import { launchCarrel, makeFolder } from './support/launch.ts'
import { ask, importSmallDocument, readNewestConversation } from './support/library.ts'

/** Carrel also tries the usual port; a server of the machine's own there would answer. */
function listensOn(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

test('without Ollama the answer is quotations, labelled as such, and a card says what is missing', async () => {
  test.skip(await listensOn(11434), 'an Ollama of this machine answers on its usual port, so there is none missing')
  await using folder = await makeFolder('carrel-files-')
  await using app = await launchCarrel()
  const { page } = app
  await importSmallDocument(page, folder.path)
  await ask(page, 'When do the carrels open?')
  await expect(page.getByTestId('answer')).toHaveAttribute('data-state', 'complete')
  await expect(page.getByTestId('answer')).toContainText('open at nine')
  await expect(page.getByTestId('quotes-label')).toBeVisible()
  await expect(page.getByTestId('model-card')).toHaveAttribute('data-state', /^(not-installed|not-running)$/)

  const [turn] = (await readNewestConversation(page)).turns
  expect(turn).toMatchObject({ mode: 'quotes', model: null, finishReason: 'stop' })
  await page.getByTestId('citation').first().click()
  await expect(page.getByTestId('evidence-mark').first()).toBeVisible()
})
