import type { RunningApp } from './launch.ts'

/** What another program would be given when it pastes: the system's clipboard through a real paste into the composer, whose text stays. */
export async function readClipboard({
  page,
  application,
}: Pick<RunningApp, 'page' | 'application'>): Promise<{ readonly text: string; readonly html: string }> {
  await page.getByTestId('composer').focus()
  const pasted = page.evaluate(
    () =>
      new Promise<{ text: string; html: string }>((resolve) => {
        document.addEventListener(
          'paste',
          (event) => {
            event.preventDefault()
            event.stopPropagation()
            const { clipboardData } = event
            resolve({
              text: clipboardData?.getData('text/plain') ?? '',
              html: clipboardData?.getData('text/html') ?? '',
            })
          },
          { once: true, capture: true },
        )
        document.documentElement.dataset['awaitsPaste'] = ''
      }),
  )
  await page.locator('html[data-awaits-paste]').waitFor({ state: 'attached' })
  await application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.paste())
  const content = await pasted
  await page.evaluate(() => {
    delete document.documentElement.dataset['awaitsPaste']
  })
  return content
}
