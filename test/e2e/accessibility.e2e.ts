import { expect, test } from '@playwright/test'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startRecordingModelServer } from '../support/recording-model-server.ts'
import { axeViolations, expectAxeIsClean, useLook } from './support/axe.ts'
import { dropFiles } from './support/drop-files.ts'
import { launchCarrel, makeFolder } from './support/launch.ts'
import { ask, importSmallDocument, readStatus } from './support/library.ts'

const looks = [
  ['light', 'en'],
  ['dark', 'zh-CN'],
] as const

for (const [theme, language] of looks) {
  test(`axe finds nothing on any screen in ${theme}, ${language}`, async () => {
    test.setTimeout(180_000)
    await using folder = await makeFolder('carrel-files-')
    await using server = await startRecordingModelServer()
    await using app = await launchCarrel({ ollamaHost: server.url })
    const { page } = app
    const clean = (screen: string): Promise<void> => expectAxeIsClean(page, screen)
    const answer = page.getByTestId('answer').last()
    const openMenuOf = async (row: string): Promise<void> => {
      const item = page.getByTestId(row).first()
      await item.hover()
      await item.locator('[aria-haspopup="menu"]').last().click()
      await expect(page.getByRole('menu')).toBeVisible()
    }

    await expect(page.getByTestId('composer')).toBeVisible()
    await useLook(page, theme, language)
    await expect(page.getByTestId('onboarding')).toBeVisible()
    await clean('onboarding')
    await page.getByRole('tab').nth(1).click()
    await clean('no conversation yet')
    await page.getByRole('tab').first().click()

    await importSmallDocument(page, folder.path)
    await ask(page, 'Who invented the steam locomotive?')
    await expect(page.getByTestId('refused')).toBeVisible()
    await clean('nothing close enough')
    await page.getByTestId('search-trace').click()
    await expect(page.getByTestId('search-trace-details')).toBeVisible()
    await clean('how it was found')
    await page.keyboard.press('Escape')
    await page.getByTestId('basis-menu').click()
    await expect(page.getByRole('menu')).toBeVisible()
    await clean('what answers rest on')
    await page.keyboard.press('Escape')
    await writeFile(join(folder.path, 'Broken.pdf'), '%PDF-1.7\nnothing that follows is of a PDF\n')
    await writeFile(join(folder.path, 'Nothing.txt'), '')
    await dropFiles(page, [join(folder.path, 'Broken.pdf'), join(folder.path, 'Nothing.txt')])
    await expect.poll(async () => (await readStatus(page)).totals.byState['needs-attention']).toBe(2)
    await expect(page.locator('[data-testid="document-row"][data-state="needs-attention"]')).toHaveCount(2)
    await clean('library with rows that need attention')
    await openMenuOf('document-row')
    await clean('menu of a document')
    await page.keyboard.press('Escape')
    await page.getByTestId('document-row').first().getByRole('button').first().focus()
    await page.keyboard.press('Delete')
    await expect(page.getByRole('alertdialog').or(page.getByRole('dialog'))).toBeVisible()
    await clean('removing a document')
    await page.keyboard.press('Escape')
    await page.getByTestId('model-menu').click()
    await expect(page.getByRole('menu')).toBeVisible()
    await clean('menu of models')
    await page.keyboard.press('Escape')

    // A conversation of its own: a follow-up would be condensed first.
    await page.keyboard.press('Control+n')
    await ask(page, 'When do the carrels open?')
    const stopped = await server.nextRequest()
    await expect(page.getByTestId('passage-card').first()).toBeVisible()
    await clean('passages while the model loads')
    stopped.sendReasoning('First the rules of the desks.')
    stopped.sendText('They open at nine, [1] half of an answer')
    await expect(answer).toContainText('half of an answer')
    await clean('an answer that streams')
    await page.getByTestId('stop').click()
    await expect(answer).toHaveAttribute('data-state', 'stopped')
    await clean('a stopped answer')

    await page.keyboard.press('Control+n')
    await ask(page, 'When do the carrels open, again?')
    const failed = await server.nextRequest()
    failed.sendText('They open')
    failed.sendErrorLine('the runner has terminated')
    await expect(answer).toHaveAttribute('data-state', 'failed')
    await clean('a failed answer')

    await page.keyboard.press('Control+n')
    await ask(page, 'At what hour do the carrels of this library open?')
    const complete = await server.nextRequest()
    complete.sendText(
      'A **small private desk** [1].\n\n- one\n- two\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n```js\nconst desk = 1\n```\n',
    )
    complete.finish()
    await expect(answer).toHaveAttribute('data-state', 'complete')
    await clean('a complete answer')
    await page.getByTestId('context-meter-next').click()
    await expect(page.getByTestId('context-details')).toBeVisible()
    await clean('what took the room of the context')
    await page.keyboard.press('Escape')
    await expect(page.getByTestId('context-details')).toBeHidden()
    await page.getByTestId('citation').first().hover()
    await expect(page.getByTestId('citation-quote').first()).toBeVisible()
    await clean('the quotation of a citation')
    await page.getByTestId('citation').first().click()
    await expect(page.getByTestId('evidence-mark').first()).toBeVisible()
    await clean('evidence')

    await page.getByRole('tab').nth(1).click()
    await expect(page.getByTestId('conversation-row').first()).toBeVisible()
    await clean('list of conversations')
    await openMenuOf('conversation-row')
    await clean('menu of a conversation')
    await page.getByRole('menuitem').first().click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await clean('renaming')
    await page.keyboard.press('Escape')
    await openMenuOf('conversation-row')
    await page.getByRole('menuitem').last().click()
    await clean('deleting a conversation, or having deleted it')
    await page.keyboard.press('Escape')

    await page.keyboard.press('Control+k')
    await page.keyboard.type('Carrels')
    await expect(page.getByRole('option').first()).toBeVisible()
    await clean('palette')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+Comma')
    await expect(page.getByRole('dialog')).toBeVisible()
    await clean('settings')
    await page.evaluate(() => {
      const dialog = document.querySelector('[role="dialog"]')
      for (const part of dialog?.querySelectorAll('*') ?? []) part.scrollTop = part.scrollHeight
    })
    await clean('settings, their end')
    await page.keyboard.press('Escape')
  })

  test(`axe finds nothing without a model in ${theme}, ${language}`, async () => {
    test.setTimeout(180_000)
    await using folder = await makeFolder('carrel-files-')
    await using server = await startRecordingModelServer({ models: [] })
    await using app = await launchCarrel({ ollamaHost: server.url })
    const { page } = app
    await expect(page.getByTestId('composer')).toBeVisible()
    await useLook(page, theme, language)
    await importSmallDocument(page, folder.path)
    await ask(page, 'When do the carrels open?')
    await expect(page.getByTestId('answer')).toHaveAttribute('data-state', 'complete')
    await expect(page.getByTestId('quotes-label')).toBeVisible()
    const card = page.getByTestId('model-card')
    await expect(card).toHaveAttribute('data-state', 'no-model')
    expect(await axeViolations(page), 'quotations, and a server without a model').toEqual([])
    const { port } = server
    await server.close()
    await page.evaluate(() => window.api.request('models:status', {}))
    await expect(card).not.toHaveAttribute('data-state', 'no-model')
    expect(await axeViolations(page), 'no server').toEqual([])
    await using newest = await startRecordingModelServer({ port })
    newest.setModels([{ name: 'recorded:1b', isLoaded: true }])
    await page.evaluate(() => window.api.request('models:status', {}))
    await expect(card).toHaveCount(0)
  })
}

for (const [theme, language] of [
  ['light', 'zh-CN'],
  ['dark', 'en'],
] as const) {
  test(`axe finds nothing in ${theme}, ${language}: several answers, a search of conversations, recently deleted`, async () => {
    await using folder = await makeFolder('carrel-files-')
    await using server = await startRecordingModelServer({
      answer: { tokens: ['They open at nine ', '[1]', '.'], gapMs: 1 },
    })
    await using app = await launchCarrel({ ollamaHost: server.url })
    const { page } = app
    await expect(page.getByTestId('composer')).toBeVisible()
    await useLook(page, theme, language)
    await importSmallDocument(page, folder.path)
    const finished = page.locator('[data-testid="answer"][data-state="complete"]')
    await ask(page, 'When do the carrels open?')
    await expect(finished).toHaveCount(1)
    await ask(page, 'What is a carrel?')
    await expect(finished).toHaveCount(2)
    await page.getByRole('tab').nth(1).click()
    await expect(page.getByTestId('conversation-row')).toHaveCount(1)
    expect(await axeViolations(page)).toEqual([])
    await page.getByTestId('conversation-search').fill('carr')
    await expect(page.getByTestId('conversation-hit')).toHaveCount(2)
    await page.getByTestId('conversation-hit').first().click()
    await expect(page.locator('[data-testid="turn"][aria-current="location"]')).toBeVisible()
    expect(await axeViolations(page)).toEqual([])
    await page.getByTestId('conversation-search').fill('')
    await page.getByTestId('conversation-row').getByRole('button').first().press('Delete')
    await page.getByTestId('recently-deleted').click()
    await expect(page.getByTestId('deleted-conversation')).toHaveCount(1)
    await expect(page.locator('[data-sonner-toast][data-front="true"]')).toHaveCSS('opacity', '1')
    expect(await axeViolations(page)).toEqual([])
  })
}
