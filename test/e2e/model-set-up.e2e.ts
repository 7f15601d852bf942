import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { startRecordingModelServer } from '../support/recording-model-server.ts'
import { launchCarrel, makeFolder } from './support/launch.ts'
import { ask, importSmallDocument } from './support/library.ts'

test('a server that starts later is noticed, a model is downloaded with progress, cancelled, continued, and used', async () => {
  await using folder = await makeFolder('carrel-files-')
  const first = await startRecordingModelServer()
  const { port, url } = first
  await first.close()
  await using app = await launchCarrel({ ollamaHost: url })
  const { page } = app
  await importSmallDocument(page, folder.path)
  const card = page.getByTestId('model-card')
  await expect(card).toHaveAttribute('data-state', /^not-(installed|running)$|^wrong-port$/)

  // Nobody touches the page: it looks again by itself.
  await using server = await startRecordingModelServer({ port, models: [] })
  await expect(card).toHaveAttribute('data-state', 'no-model', { timeout: 60_000 })

  await card.getByRole('button', { name: 'Download a model' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('Ollama downloads it from the internet')
  await dialog.getByRole('radio', { name: /^qwen3:1\.7b/ }).check()
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([])
  await dialog.getByRole('button', { name: 'Download', exact: true }).click()
  const pull = await server.nextPull()
  pull.send({ status: 'pulling manifest' }, { status: 'pulling a', digest: 'sha256:a', total: 1000, completed: 340 })
  await expect(dialog.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '34')

  // The download lives in main: a reload changes nothing.
  await page.reload()
  await expect(card.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '34')
  expect(pull.isOpen).toBe(true)
  await card.getByRole('button', { name: 'Cancel' }).click()
  await pull.closed
  await expect(card.getByTestId('pull')).toHaveAttribute('data-phase', 'cancelled')

  await card.getByRole('button', { name: 'Go on' }).click()
  const again = await server.nextPull()
  server.setModels([{ name: 'qwen3:1.7b' }])
  again.send({ status: 'pulling a', digest: 'sha256:a', total: 1000, completed: 1000 }, { status: 'success' })
  again.end()
  await expect(card).toBeHidden({ timeout: 60_000 })

  await ask(page, 'When do the carrels open?')
  const chat = await server.nextRequest()
  expect(chat.body.model).toBe('qwen3:1.7b')
  // The model was loaded while the question was written, with the context it is asked with.
  const warmUp = server.requests.find(({ path }) => path === '/api/generate')
  expect(JSON.parse(warmUp?.body ?? '{}')).toMatchObject({
    model: 'qwen3:1.7b',
    options: { num_ctx: chat.body.options?.['num_ctx'] },
  })
  chat.sendText('At nine.')
  chat.finish()
  await expect(page.getByTestId('answer')).toHaveAttribute('data-state', 'complete')
})

test('an answer of a llama.cpp on loopback, chosen in Settings; closing the window ends a download', async () => {
  await using folder = await makeFolder('carrel-files-')
  await using llama = await startRecordingModelServer({
    product: 'llama-cpp',
    models: [{ name: 'local-model', isLoaded: true, contextTokens: 4096 }],
  })
  await using ollama = await startRecordingModelServer({ models: [] })
  await using app = await launchCarrel({ ollamaHost: ollama.url })
  const { page, gone, application } = app
  await importSmallDocument(page, folder.path)
  await page.getByRole('button', { name: 'Settings' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox', { name: 'Where to look' }).click()
  await page.getByRole('option', { name: 'One address' }).click()
  const address = dialog.getByLabel('Address of the model server on this computer')
  const useAddress = address.locator('xpath=ancestor::form').getByRole('button', { name: 'Use' })
  await address.fill('models.example.com:1234')
  await useAddress.click()
  await expect(dialog.getByRole('alert')).toContainText('models.example.com:1234 is not an address of this computer')
  await address.fill(`localhost:${llama.port}/v1`)
  await useAddress.click()
  await expect(dialog.getByTestId('model-list')).toContainText('local-model')
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([])
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('status-bar')).toContainText('llama.cpp')

  await ask(page, 'When do the carrels open?')
  const chat = await llama.nextRequest()
  chat.sendText('They open at nine, half of an answer')
  await expect(page.getByTestId('answer')).toContainText('half of an answer')
  await page.getByTestId('stop').click()
  expect((await chat.closed).isComplete).toBe(false)

  await page.evaluate(() => window.api.request('models:use-server', { address: 'auto' }))
  await page.evaluate(() => window.api.request('models:pull', { name: 'qwen3:8b' }))
  const pull = await ollama.nextPull()
  pull.send({ status: 'pulling manifest' })
  await Promise.race([
    application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close()).catch(() => undefined),
    gone,
  ])
  await pull.closed
  await gone
})

test('writing a question loads the model, and closing the window gives that up', async () => {
  await using folder = await makeFolder('carrel-files-')
  await using server = await startRecordingModelServer()
  server.reply('/api/generate', 'silent')
  await using app = await launchCarrel({ ollamaHost: server.url })
  const { page, gone, application } = app
  await importSmallDocument(page, folder.path)
  await expect(page.getByTestId('status-bar')).toContainText('recorded:1b')
  await page.getByTestId('composer').fill('When')
  await expect.poll(() => server.requests.some(({ path }) => path === '/api/generate')).toBe(true)
  expect(server.openConnections).toBeGreaterThan(0)

  // A question does not wait for it, and does not end it.
  await ask(page, 'When do the carrels open?')
  const chat = await server.nextRequest()
  chat.sendText('At nine.')
  chat.finish()
  await expect(page.getByTestId('answer')).toHaveAttribute('data-state', 'complete')
  expect(server.openConnections).toBeGreaterThan(0)
  await Promise.race([
    application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close()).catch(() => undefined),
    gone,
  ])
  await server.allClosed()
  await gone
})
