import { expect, test } from '@playwright/test'
import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  appArguments,
  appEnvironment,
  electronBinary,
  launchCarrel,
  makeFolder,
  noModelServer,
  projectFolder,
} from './support/launch.ts'

/** Starts the app without Playwright, which would wait for a window, and lets it end by itself. */
async function runToItsEnd(dataFolder: string): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(electronBinary(), appArguments(dataFolder), {
    cwd: projectFolder,
    env: appEnvironment({ OLLAMA_HOST: noModelServer }),
  })
  const pieces: string[] = []
  child.stderr.on('data', (bytes: Buffer) => void pieces.push(bytes.toString('utf8')))
  const deadline = setTimeout(() => child.kill('SIGKILL'), 60_000)
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  clearTimeout(deadline)
  return { code, output: pieces.join('') }
}

test('a library that is open elsewhere is said to be, and stays as it is', async () => {
  await using first = await launchCarrel()
  await expect(first.page.getByTestId('composer')).toBeVisible()
  const second = await runToItsEnd(first.dataFolder)
  expect(second.output).toContain('start-failed storage-locked')
  expect(second.code).toBe(1)
  await first.quit()
})

test('a data folder that cannot be one is a sentence, not a stack', async () => {
  await using folder = await makeFolder('carrel-bad-')
  await writeFile(join(folder.path, 'file'), 'not a folder')
  const { code, output } = await runToItsEnd(join(folder.path, 'file'))
  expect(output).toMatch(/start-failed [a-z-]+ [A-Z][^\n]+\./)
  expect(code).toBe(1)
})

test('the window remembers its size and its theme', async () => {
  await using data = await makeFolder('carrel-data-')
  {
    await using app = await launchCarrel({ dataFolder: data.path })
    await app.page.evaluate(() => window.api.request('settings:set', { theme: 'dark' }))
    await app.application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(1010, 710))
    await app.quit()
  }
  await using app = await launchCarrel({ dataFolder: data.path })
  const seen = await app.application.evaluate(({ BrowserWindow, nativeTheme }) => ({
    size: BrowserWindow.getAllWindows()[0]?.getSize(),
    theme: nativeTheme.themeSource,
    title: BrowserWindow.getAllWindows()[0]?.getTitle(),
  }))
  expect(seen).toEqual({ size: [1010, 710], theme: 'dark', title: 'Carrel' })
})
