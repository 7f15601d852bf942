import type { Page } from '@playwright/test'

/**
 * Drops real files and folders onto the page, the way the desktop does: a DataTransfer made in the page has no paths, so
 * Chromium itself is asked to.
 */
export async function dropFiles(page: Page, paths: readonly string[]): Promise<void> {
  // Before the page has drawn itself, nobody listens for a drop.
  await page.getByTestId('composer').waitFor()
  const session = await page.context().newCDPSession(page)
  const { width, height } = await page.evaluate(() => ({ width: innerWidth, height: innerHeight }))
  const data = { items: [], files: [...paths], dragOperationsMask: 1 }
  const place = { x: Math.round(width / 2), y: Math.round(height / 2) }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, ...place, data })
  }
  await session.detach()
}
