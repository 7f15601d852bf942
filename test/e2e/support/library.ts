import { expect, type Page } from '@playwright/test'
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConversationPage } from '../../../src/shared/conversation.ts'
import type { AppStatus } from '../../../src/shared/ipc.ts'
import { dropFiles } from './drop-files.ts'
import { projectFolder } from './launch.ts'

/** Embedding is measured in benchmarks; here it only has to come to an end, on a slow machine too. */
export const importDeadlineMs = 60_000

/** Markdown, text, HTML, PDF and DOCX in English and Chinese, with a folder inside. @returns how many documents. */
export async function fillMixedFolder(folder: string): Promise<number> {
  const samples = join(projectFolder, 'resources', 'samples')
  const names = (await readdir(samples)).filter((name) => !name.endsWith('.json'))
  for (const name of names) await copyFile(join(samples, name), join(folder, name))
  await mkdir(join(folder, '子文件夹'))
  await writeFile(join(folder, '子文件夹', '值班表.md'), '# 值班表\n\n周三由李薇值班，电话分机为四一七。\n')
  return names.length + 1
}

/** One short document, for tests that need only something to find. */
export async function writeSmallDocument(folder: string): Promise<string> {
  const path = join(folder, 'Carrels.md')
  await writeFile(
    path,
    '# Carrels\n\nA carrel is a small private desk in a library.\n\nThe carrels of this library open at nine.\n',
  )
  return path
}

/** Asks main, as the page does. */
export async function readStatus(page: Page): Promise<AppStatus> {
  const result = await page.evaluate(() => window.api.request('app:status', {}))
  if (!result.ok) throw new Error(`app:status: ${result.error.code}`)
  return result.value
}

/** Resolves when exactly `count` documents are ready and none is in another state. */
export async function waitUntilReady(page: Page, count: number): Promise<void> {
  await expect
    .poll(
      async () => {
        const { byState, documents } = (await readStatus(page)).totals
        return { documents, ...byState }
      },
      { timeout: importDeadlineMs },
    )
    .toEqual({ documents: count, ready: count, queued: 0, reading: 0, searchable: 0, 'needs-attention': 0 })
}

/** Drops the small document and waits for it. */
export async function importSmallDocument(page: Page, folder: string): Promise<void> {
  await dropFiles(page, [await writeSmallDocument(folder)])
  await waitUntilReady(page, 1)
}

/** Writes the question and presses Enter, once the answer before it has come to its end: until then Enter asks nothing. */
export async function ask(page: Page, question: string): Promise<void> {
  await page.getByTestId('composer').fill(question)
  await expect(page.getByTestId('ask')).toBeEnabled()
  await page.getByTestId('composer').press('Enter')
}

/** The newest conversation, as it is stored. */
export async function readNewestConversation(page: Page): Promise<ConversationPage> {
  return page.evaluate(async () => {
    const list = await window.api.request('conversations:list', { offset: 0, limit: 1 })
    const newest = list.ok ? list.value.conversations[0] : undefined
    if (newest === undefined) throw new Error('there is no conversation')
    const opened = await window.api.request('conversations:turns', { id: newest.id, at: 'newest', limit: 50 })
    if (!opened.ok) throw new Error(opened.error.code)
    return opened.value
  })
}
