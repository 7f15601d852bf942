import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'

/** What axe finds on what is drawn now. Legacy mode: Electron cannot open the blank page that axe otherwise joins its results in. */
export async function axeViolations(page: Page): Promise<readonly string[]> {
  // Colours change and things move in over 120-180 ms; half-way they may have too little contrast.
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity)
        .map(({ finished }) => finished.catch(() => null)),
    ),
  )
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  const texts: string[] = []
  for (const { id, nodes } of violations) {
    for (const { html, target, failureSummary = '' } of nodes) {
      const isFloating = await page
        .locator(String(target[0]))
        .first()
        .evaluate((element) => element.closest('[data-radix-popper-content-wrapper]') !== null)
      // Menus and tooltips hang in the body, and belong to their trigger: a landmark of their own would be one too many.
      if (id === 'region' && isFloating) continue
      texts.push(`${id}: ${html.slice(0, 160)} (${failureSummary})`)
    }
  }
  return texts
}

/** The test goes on, and fails at its end where axe found something. */
export async function expectAxeIsClean(page: Page, screen: string): Promise<void> {
  await test.step(`axe: ${screen}`, async () => expect.soft(await axeViolations(page), screen).toEqual([]))
}

/** Sets theme and language, and waits until the page shows them; nothing moves any more. */
export async function useLook(page: Page, theme: 'light' | 'dark', language: 'en' | 'zh-CN'): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.evaluate((change) => window.api.request('settings:set', change), { theme, language })
  await expect(page.locator('html')).toHaveAttribute('lang', language)
  await expect
    .poll(() => page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches))
    .toBe(theme === 'dark')
}
