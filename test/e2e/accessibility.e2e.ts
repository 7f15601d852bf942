import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { startRecordingModelServer } from '../support/recording-model-server.ts'
import { launchCarrel, makeFolder } from './support/launch.ts'
import { ask, importSmallDocument } from './support/library.ts'

/** Legacy mode: Electron cannot open the blank page that axe otherwise joins its results in. */
async function violations(page: Page): Promise<readonly string[]> {
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)} (${node.failureSummary ?? ''})`),
  )
}

/** Colours change over 120-180 ms; half-way they may have too little contrast. */
async function useTheme(page: Page, theme: 'light' | 'dark', language: 'en' | 'zh-CN'): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.evaluate((change) => window.api.request('settings:set', change), { theme, language })
  await expect(page.locator('html')).toHaveAttribute('lang', language)
  await expect
    .poll(() => page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches))
    .toBe(theme === 'dark')
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => null))),
  )
}

for (const [theme, language] of [
  ['light', 'en'],
  ['dark', 'zh-CN'],
] as const) {
  test(`axe finds nothing in ${theme}, ${language}: empty, and with an answer and its evidence open`, async () => {
    await using folder = await makeFolder('carrel-files-')
    await using server = await startRecordingModelServer({
      answer: { tokens: ['They open at nine ', '[1]', '.'], gapMs: 1 },
    })
    await using app = await launchCarrel({ ollamaHost: server.url })
    const { page } = app
    await expect(page.getByTestId('composer')).toBeVisible()
    await useTheme(page, theme, language)
    expect(await violations(page)).toEqual([])

    await importSmallDocument(page, folder.path)
    await ask(page, 'When do the carrels open?')
    await expect(page.getByTestId('answer')).toHaveAttribute('data-state', 'complete')
    await page.getByTestId('context-meter-next').click()
    await expect(page.getByTestId('context-details')).toBeVisible()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await expect(page.getByTestId('context-details')).toBeHidden()
    await page.getByTestId('citation').first().click()
    await expect(page.getByTestId('evidence-mark').first()).toBeVisible()
    expect(await violations(page)).toEqual([])
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
    await useTheme(page, theme, language)
    await importSmallDocument(page, folder.path)
    const finished = page.locator('[data-testid="answer"][data-state="complete"]')
    await ask(page, 'When do the carrels open?')
    await expect(finished).toHaveCount(1)
    await ask(page, 'What is a carrel?')
    await expect(finished).toHaveCount(2)
    await page.getByRole('tab').nth(1).click()
    await expect(page.getByTestId('conversation-row')).toHaveCount(1)
    expect(await violations(page)).toEqual([])
    await page.getByTestId('conversation-search').fill('carr')
    await expect(page.getByTestId('conversation-hit')).toHaveCount(2)
    await page.getByTestId('conversation-hit').first().click()
    await expect(page.locator('[data-testid="turn"][aria-current="location"]')).toBeVisible()
    expect(await violations(page)).toEqual([])
    await page.getByTestId('conversation-search').fill('')
    await page.getByTestId('conversation-row').getByRole('button').first().press('Delete')
    await page.getByTestId('recently-deleted').click()
    await expect(page.getByTestId('deleted-conversation')).toHaveCount(1)
    await expect(page.locator('[data-sonner-toast]')).toHaveCSS('opacity', '1')
    expect(await violations(page)).toEqual([])
  })
}
