import { AxeBuilder } from '@axe-core/playwright'
import { type ElectronApplication, expect, type Page, test } from '@playwright/test'
import { join } from 'node:path'
import { boardEmbedders } from '../../src/shared/board-embedders.ts'
import type { EmbedderRecord, EmbeddersStatus } from '../../src/shared/embedder.ts'
import { makeEmbedderFolder } from '../support/embedder-folder.ts'
import { startFakeEmbeddingServer } from '../support/fake-embedding-server.ts'
import { launchCarrel, makeFolder } from './support/launch.ts'
import { ask, importSmallDocument } from './support/library.ts'

/** Legacy mode: Electron cannot open the blank page that axe otherwise joins its results in. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => null))),
  )
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode(true).include('[role="dialog"]').analyze()
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`))
}

/** The next dialog of the system answers with this folder. */
async function answerFolderDialog(application: ElectronApplication, folder: string): Promise<void> {
  await application.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] })
  }, folder)
}

/** What was drawn, for whoever looks at it. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['CARREL_TEST_PICTURES']
  if (folder !== undefined) await page.screenshot({ path: join(folder, `embedders-${name}.png`) })
}

const status = (page: Page): Promise<EmbeddersStatus> =>
  page.evaluate(async () => {
    const result = await window.api.request('embedders:status', {})
    if (!result.ok) throw new Error(result.error.message)
    return result.value
  })

test('an embedder is added from a folder, takes over with a new index, and gives its place back', async () => {
  test.setTimeout(180_000)
  await using folder = await makeFolder('carrel-files-')
  await using app = await launchCarrel()
  const { page, application } = app
  await importSmallDocument(page, folder.path)
  const borrowed = await makeEmbedderFolder(folder.path, {
    files: { '1_Pooling/config.json': null, 'sentence_bert_config.json': null },
  })
  await answerFolderDialog(application, borrowed)
  await page.keyboard.press('Control+,')
  const settings = page.getByRole('dialog', { name: 'Settings' })
  await settings.getByRole('button', { name: 'Add from a folder…' }).click()
  const form = settings.getByTestId('embedder-form')
  // What the configuration says stands there; what it does not say is asked for.
  await expect(form.getByRole('textbox', { name: 'Before each question' })).toHaveValue('query: ')
  await expect(form.getByRole('textbox', { name: 'Longest text, in tokens' })).toHaveValue('512')
  const add = form.getByRole('button', { name: 'Add', exact: true })
  await expect(add).toBeDisabled()
  await form.getByRole('combobox', { name: 'Pooling' }).click()
  await page.getByRole('option', { name: 'mean of all tokens' }).click()
  await form.getByRole('textbox', { name: 'Name' }).fill('Borrowed')
  expect(await violations(page)).toEqual([])
  await picture(page, 'form-light-en')
  await add.click()
  await expect(settings.getByRole('list', { name: 'Embedders added' })).toContainText('Borrowed')
  await picture(page, 'added-light-en')

  const row = settings.getByTestId('embedder-other')
  await row.getByRole('combobox').focus()
  await page.keyboard.press('Enter')
  await page.getByRole('option', { name: 'Borrowed' }).press('Enter')
  await expect(row.getByTestId('confirm-reindex')).toContainText('A new index by Borrowed')
  expect(await violations(page)).toEqual([])
  await picture(page, 'confirm-light-en')
  await row.getByRole('button', { name: 'Make the new index' }).press('Enter')
  const added = (await status(page)).embedders.find(({ identity }) => identity.name === 'Borrowed')
  await expect
    .poll(async () => (await status(page)).groups.find(({ group }) => group === 'other'), { timeout: 120_000 })
    .toMatchObject({ embedderId: added?.id, next: null })
  await expect(settings.getByRole('list', { name: 'Embedders added' })).toContainText('in use')

  await row.getByRole('combobox').click()
  await page.getByRole('option', { name: 'all-MiniLM-L6-v2' }).click()
  await row.getByRole('button', { name: 'Make the new index' }).click()
  const remove = settings.getByRole('button', { name: 'Remove Borrowed' })
  await remove.click({ timeout: 120_000 })
  await expect(settings.getByRole('list', { name: 'Embedders added' })).toHaveCount(0)

  // A folder that is none is refused in one sentence.
  await answerFolderDialog(application, folder.path)
  await settings.getByRole('button', { name: 'Add from a folder…' }).click()
  await expect(page.getByText('The folder has no config.json.')).toBeVisible()
})

test('an embedder of Ollama is added, and its absence is said', async () => {
  test.setTimeout(180_000)
  await using folder = await makeFolder('carrel-files-')
  const server = await startFakeEmbeddingServer()
  await using app = await launchCarrel({ ollamaHost: server.url })
  const { page } = app
  await importSmallDocument(page, folder.path)
  await page.keyboard.press('Control+,')
  const settings = page.getByRole('dialog', { name: 'Settings' })
  await settings.getByRole('button', { name: 'Add from Ollama…' }).click()
  await expect(settings.getByRole('combobox', { name: 'Model', exact: true }).last()).toContainText('embed-me:latest')
  expect(await violations(page)).toEqual([])
  await picture(page, 'ollama-light-en')
  await settings.getByTestId('embedder-form').getByRole('button', { name: 'Add', exact: true }).click()
  await expect(settings.getByRole('list', { name: 'Embedders added' })).toContainText('48 dimensions')
  const row = settings.getByTestId('embedder-other')
  await row.getByRole('combobox').click()
  await page.getByRole('option', { name: 'embed-me:latest' }).click()
  await row.getByRole('button', { name: 'Make the new index' }).click()
  await expect(settings.getByRole('list', { name: 'Embedders added' })).toContainText('in use', { timeout: 60_000 })
  await expect
    .poll(async () => (await status(page)).groups.find(({ group }) => group === 'other'), { timeout: 60_000 })
    .toMatchObject({ embedderId: expect.stringMatching(/^ollama-/), next: null })
  await server[Symbol.asyncDispose]()
  await settings.getByRole('button', { name: 'Add from Ollama…' }).click()
  await expect(settings.getByText('Ollama does not answer. Start it, then look again.')).toBeVisible()
  await page.keyboard.press('Escape')
  await ask(page, 'When do the carrels open?')
  await expect(page.getByTestId('keywords-only')).toHaveText(
    'Searched by keywords only. Ollama does not answer, so its embedder embed-me:latest cannot be used. Start Ollama.',
  )
  await expect(page.getByTestId('answer').last()).toContainText('open at nine')
  await picture(page, 'keywords-only-light-en')
})

const multilingual: EmbedderRecord = {
  id: 'folder-0123456789abcdef',
  identity: {
    source: 'folder',
    name: 'multilingual-e5-small',
    fileHash: '',
    pooling: 'mean',
    questionPrefix: 'query: ',
    passagePrefix: 'passage: ',
    dimensions: 384,
    limitTokens: 512,
  },
  languages: 'many',
  sizeBytes: 118_000_000,
  millisecondsPerToken: 0.3,
}
/** A library with German and Russian in it, and Chinese that gets another index. */
const busy: EmbeddersStatus = {
  embedders: [...Object.values(boardEmbedders), multilingual],
  processes: 2,
  groups: [
    {
      group: 'chinese',
      embedderId: 'bge-small-zh-v1.5',
      passages: 3_420,
      averageTokens: 170,
      misfit: null,
      next: {
        embedderId: multilingual.id,
        donePassages: 1_290,
        totalPassages: 3_420,
        secondsLeft: 190,
        problem: null,
      },
    },
    {
      group: 'other',
      embedderId: 'all-MiniLM-L6-v2',
      passages: 18_240,
      averageTokens: 168,
      misfit: { languages: ['de', 'ru'], share: 0.31, passages: 5_654 },
      next: null,
    },
  ],
}

for (const [theme, language] of [
  ['light', 'en'],
  ['dark', 'zh-CN'],
] as const) {
  test(`progress, misfits and failures are drawn in ${theme}, ${language}, and axe finds nothing`, async () => {
    test.setTimeout(120_000)
    await using app = await launchCarrel()
    const { page, application } = app
    await expect(page.getByTestId('composer')).toBeVisible()
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.evaluate((change) => window.api.request('settings:set', change), { theme, language })
    await expect(page.locator('html')).toHaveAttribute('lang', language)
    await page.keyboard.press('Control+,')
    const show = (shown: EmbeddersStatus): Promise<void> =>
      application.evaluate(
        ({ BrowserWindow }, push) => BrowserWindow.getAllWindows()[0]?.webContents.send('push', push),
        { type: 'embedders', status: shown },
      )
    await expect(page.getByTestId('embedder-other')).toBeVisible()
    await show(busy)
    await expect(page.getByTestId('misfit')).toBeVisible()
    await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '37')
    await page.getByTestId('embedder-chinese').scrollIntoViewIfNeeded()
    expect(await violations(page)).toEqual([])
    await picture(page, `busy-${theme}-${language}`)
    const problem = { code: 'embedder-away', message: '', retryable: true, details: { model: 'bge-m3' } } as const
    await show({
      ...busy,
      groups: busy.groups.map((group) =>
        group.next === null ? group : { ...group, next: { ...group.next, problem } },
      ),
    })
    await expect(page.getByTestId('reindex').getByRole('alert')).toBeVisible()
    expect(await violations(page)).toEqual([])
    await picture(page, `problem-${theme}-${language}`)
  })
}
