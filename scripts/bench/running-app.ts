import type { Page } from '@playwright/test'
import type { StreamEvent } from '../../src/shared/answer-stream.ts'
import { dropFiles } from '../../test/e2e/support/drop-files.ts'
import { launchCarrel, type RunningApp } from '../../test/e2e/support/launch.ts'
import { readStatus } from '../../test/e2e/support/library.ts'
import type { ModelServerProcess, RequestOpened } from './model-server.ts'

/** What the page saw of one answer. Times are `Date.now()` of the page. */
export interface PageAnswer {
  readonly firstTokenAt: number | null
  readonly lastTokenAt: number | null
  readonly text: string
  readonly pieces: number
  /** null: the answer came to its end. */
  readonly problem: string | null
}

/** The real app, window and all. */
export function startApp(dataFolder: string, ollamaHost: string): Promise<RunningApp> {
  return launchCarrel({ dataFolder, ollamaHost })
}

/** Drops the folder on the window and waits until the library has nothing left to do. @throws Error when it stops moving for 10 minutes */
export async function importByDrop(page: Page, folder: string, fileCount: number): Promise<void> {
  await dropFiles(page, [folder])
  const deadline = Date.now() + 10 * 60_000
  for (;;) {
    const { byState } = (await readStatus(page)).totals
    if (byState.ready >= fileCount) return
    if (byState['needs-attention'] > 0) throw new Error('A file of the benchmark could not be read.')
    if (Date.now() > deadline) throw new Error('The import did not end within 10 minutes.')
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** How a question is asked. */
export interface PageAsk {
  readonly question: string
  readonly model: string | null
  /** Stops after so many pieces of text; a small model may write for minutes. null: never. */
  readonly stopAfter: number | null
}

/** Asks over a port, as the page does; the preload acknowledges. */
export function askInPage(page: Page, ask: PageAsk): Promise<PageAnswer> {
  return page.evaluate(
    (request) =>
      new Promise<PageAnswer>((resolve) => {
        let firstTokenAt: number | null = null
        let lastTokenAt: number | null = null
        let text = ''
        let pieces = 0
        const running = window.api.ask(
          { conversationId: crypto.randomUUID(), question: request.question, mode: 'auto', model: request.model },
          (event: StreamEvent) => {
            if (event.type === 'token') {
              lastTokenAt = Date.now()
              firstTokenAt ??= lastTokenAt
              text += event.text
              pieces += 1
              if (pieces === request.stopAfter) running.abort()
            } else if (event.type === 'done' || event.type === 'error') {
              const problem = event.type === 'error' ? event.error.message : null
              resolve({ firstTokenAt, lastTokenAt, text, pieces, problem })
            }
          },
        )
      }),
    ask,
  )
}

/** Asks, and waits until the question has reached the server. @throws Error when the answer ends before that */
export async function askServer(
  page: Page,
  server: ModelServerProcess,
  ask: PageAsk,
): Promise<{ readonly opened: RequestOpened; readonly answer: Promise<PageAnswer> }> {
  const answer = askInPage(page, ask).then((seen) => {
    if (seen.problem !== null) throw new Error(`An answer of the benchmark failed: ${seen.problem}`)
    return seen
  })
  const opened = await Promise.race([server.nextChat(ask.question), answer.then(() => null)])
  if (opened === null) throw new Error('An answer of the benchmark was written without the model server.')
  return { opened, answer }
}
