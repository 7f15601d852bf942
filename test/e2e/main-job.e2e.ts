import { expect, test } from '@playwright/test'
import { citedAnswerTokens, startRecordingModelServer } from '../support/recording-model-server.ts'
import { dropFiles } from './support/drop-files.ts'
import { launchCarrel, makeFolder } from './support/launch.ts'
import { ask, fillMixedFolder, readNewestConversation, waitUntilReady } from './support/library.ts'

test('a dropped folder becomes a streamed answer whose citation opens the passage', async () => {
  await using folder = await makeFolder('资料-')
  await using server = await startRecordingModelServer({ answer: { tokens: citedAnswerTokens, gapMs: null } })
  await using app = await launchCarrel({ ollamaHost: server.url })
  const { page } = app

  const count = await fillMixedFolder(folder.path)
  await dropFiles(page, [folder.path])
  await waitUntilReady(page, count)
  await expect(page.getByTestId('document-row')).toHaveCount(count)
  await expect(page.locator('[data-testid="document-row"]:not([data-state="ready"])')).toHaveCount(0)
  await expect(page.getByTestId('document-row').filter({ hasText: '值班表' })).toHaveCount(1)

  await ask(page, 'What notice must the tenant give to end the Elm Street lease early?')
  // Part of the library is Chinese: the question is translated first. The model has said nothing yet, and what was found can be
  // read already.
  const translation = await server.nextRequest()
  await expect(page.getByTestId('passage-card').first()).toBeVisible()
  translation.sendText('提前终止榆树街租约需要提前多久通知？')
  translation.finish()
  const chat = await server.nextRequest()
  await expect(page.getByTestId('passage-card').first()).toBeVisible()
  await expect(page.getByTestId('answer').filter({ hasText: /\S/ })).toHaveCount(0)

  const answer = page.getByTestId('answer')
  chat.release(4)
  await expect(answer).toContainText('The documents say so')
  await expect(answer).toHaveAttribute('data-state', 'streaming')
  await expect(answer).not.toContainText('They also agree')
  chat.release(citedAnswerTokens.length)
  await expect(answer).toContainText('They also agree')
  await expect(answer).toHaveAttribute('data-state', 'complete')
  await expect(page.getByTestId('ask')).toBeVisible()

  const { sources } = (await readNewestConversation(page)).turns[0] ?? { sources: [] }
  expect(sources.map(({ number }) => number)).toEqual(sources.map((_source, index) => index + 1))
  expect(sources.filter(({ isCited }) => isCited)).toHaveLength(2)
  const lease = sources.find(({ documentName }) => documentName === 'Office lease, 14 Elm Street.pdf')
  expect(lease?.page).toBeGreaterThan(0)
  await expect(page.locator('[data-testid="passage-card"][data-number="1"]')).toContainText(
    sources[0]?.documentName ?? 'none',
  )

  await page.locator('[data-testid="citation"][data-number="1"]').first().click()
  // A PDF opens as its pages, which pdf-pages.e2e.ts reads; here its stored text is read.
  if (sources[0]?.kind === 'pdf') await page.getByRole('button', { name: 'Show the text as it was read' }).click()
  const marks = page.getByTestId('evidence-mark')
  await expect(marks.first()).toBeVisible()
  const marked = await marks.evaluateAll((elements) =>
    elements.map((element) => ({
      start: Number(element.dataset['start']),
      end: Number(element.dataset['end']),
      text: element.textContent,
    })),
  )
  const cited = sources[0]
  if (cited === undefined) throw new Error('the answer has no source')
  for (const { start, end, text } of marked) expect(text).toBe(cited.text.slice(start - cited.start, end - cited.start))
  // Between blocks there is only white space that is not drawn: all the rest of the passage is marked, in order.
  expect(
    marked
      .map(({ text }) => text)
      .join('')
      .replace(/\s/g, ''),
  ).toBe(cited.text.replace(/\s/g, ''))
})

test('a Chinese question finds the Chinese document', async () => {
  await using folder = await makeFolder('资料-')
  await using server = await startRecordingModelServer({
    answer: { tokens: ['提前', '退租', '见', '[1]', '。'], gapMs: 1 },
  })
  await using app = await launchCarrel({ ollamaHost: server.url })
  const { page } = app
  const count = await fillMixedFolder(folder.path)
  await dropFiles(page, [folder.path])
  await waitUntilReady(page, count)

  await ask(page, '周三由谁值班？')
  await expect(page.getByTestId('answer')).toHaveAttribute('data-state', 'complete')
  const { sources } = (await readNewestConversation(page)).turns[0] ?? { sources: [] }
  expect(sources[0]?.documentName).toBe('值班表.md')
  await page.locator('[data-testid="citation"][data-number="1"]').first().click()
  await expect(page.getByTestId('evidence-mark').filter({ hasText: '李薇' })).toHaveCount(1)
})
