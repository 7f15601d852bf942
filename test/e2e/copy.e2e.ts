import { expect, test } from '@playwright/test'
import { startRecordingModelServer } from '../support/recording-model-server.ts'
import { launchCarrel, makeFolder } from './support/launch.ts'
import { ask, importSmallDocument } from './support/library.ts'
import { readClipboard } from './support/read-clipboard.ts'

const written = [
  'They open at **nine** [1].\n\n',
  '| Day | Opens |\n| --- | --- |\n| Monday | nine |\n\n',
  '```\nif (day < 6) {\n  open()\n}\n```\n',
]

test('an answer is copied as Markdown and as HTML for a word processor, with its references', async () => {
  await using data = await makeFolder('carrel-data-')
  await using server = await startRecordingModelServer({ answer: { tokens: written, gapMs: 1 } })
  await using app = await launchCarrel({ dataFolder: data.path, ollamaHost: server.url })
  const { page } = app
  await importSmallDocument(page, data.path)
  await ask(page, 'When do the carrels of this library open?')
  await expect(page.getByTestId('answer')).toHaveAttribute('data-state', 'complete')
  await page.getByRole('button', { name: 'Copy with references' }).click()
  await expect(page.getByText('Copied.')).toBeVisible()
  const whole = await readClipboard(app)
  expect(whole.text).toContain('They open at **nine** [1].')
  expect(whole.text).toContain('### References')
  expect(whole.text).toContain('[1] **Carrels.md**')
  expect(whole.html).toContain('They open at <strong>nine</strong> [1].')
  expect(whole.html).toMatch(/<table border="1"[^>]*>/)
  expect(whole.html).toMatch(/<td[^>]*>Monday<\/td>/)
  expect(whole.html).toMatch(
    /<pre style="font-family:Consolas[^>]*><code[^>]*>if \(day &lt; 6\) \{\n {2}open\(\)\n\}<\/code><\/pre>/,
  )
  expect(whole.html).toContain('References</h3>')
  expect(whole.html).toContain('The carrels of this library open at nine.')

  await page.getByRole('button', { name: 'More for this answer' }).click()
  await page.getByRole('menuitem', { name: 'Copy the text alone' }).click()
  await expect.poll(async () => (await readClipboard(app)).text).not.toContain('References')
  const alone = await readClipboard(app)
  expect(alone.text).toContain('| Monday | nine |')
  expect(alone.html).toMatch(/<table border="1"[^>]*>/)
})
