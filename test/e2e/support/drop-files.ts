import type { Locator, Page } from '@playwright/test'

/**
 * Drops real files and folders onto the page, the way the desktop does: a DataTransfer made in the page has no paths, so
 * Chromium itself is asked to. `onto`: by default the middle of the window.
 */
export async function dropFiles(page: Page, paths: readonly string[], onto?: Locator): Promise<void> {
  // Before the page has drawn itself, nobody listens for a drop.
  await page.getByTestId('composer').waitFor()
  const session = await page.context().newCDPSession(page)
  const { width, height } = await page.evaluate(() => ({ width: innerWidth, height: innerHeight }))
  const box = (await onto?.boundingBox()) ?? { x: 0, y: 0, width, height }
  const data = { items: [], files: [...paths], dragOperationsMask: 1 }
  const place = { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, ...place, data })
  }
  await session.detach()
}
