import type { Page } from '@playwright/test'
import type { RunningApp } from '../../test/e2e/support/launch.ts'
import { ask, readNewestConversation, readStatus } from '../../test/e2e/support/library.ts'
import type { ModelServerProcess } from './model-server.ts'
import { startApp } from './running-app.ts'
import { closingTime, prepareMoment, reachMoment } from './stop-moments.ts'

const question = 'When does the notice period end?'

/** A way for the reader to leave. @returns `Date.now()` of the stop: of the page's own event where there is one, else of the command. */
interface WindowPath {
  readonly what: string
  /** The app ends with it, or is not what it was: each stop has an app of its own. */
  readonly endsApp: boolean
  readonly leave: (app: RunningApp) => Promise<number>
}

export const windowPaths: readonly WindowPath[] = [
  {
    what: 'the Stop button',
    endsApp: false,
    leave: async ({ page }) => {
      await page.getByTestId('stop').click()
      return readStamp(page)
    },
  },
  {
    what: 'Esc',
    endsApp: false,
    leave: async ({ page }) => {
      await page.keyboard.press('Escape')
      return readStamp(page)
    },
  },
  {
    what: 'reload',
    endsApp: false,
    leave: async ({ page }) => {
      const stoppedAt = Date.now()
      await page.reload()
      return stoppedAt
    },
  },
  {
    what: 'conversation deleted',
    endsApp: false,
    leave: async ({ page }) => {
      const { id } = (await readNewestConversation(page)).conversation
      return page.evaluate(async (conversationId) => {
        const stoppedAt = Date.now()
        await window.api.request('conversations:delete', { id: conversationId })
        return stoppedAt
      }, id)
    },
  },
  {
    what: 'the window closed',
    endsApp: true,
    leave: async ({ application, gone }) => {
      const stoppedAt = Date.now()
      // The reply is lost when the app ends with its last window.
      await Promise.race([
        application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close()).catch(() => undefined),
        gone,
      ])
      return stoppedAt
    },
  },
  {
    what: 'the page crashed',
    endsApp: true,
    leave: ({ application }) =>
      application.evaluate(({ BrowserWindow }) => {
        const stoppedAt = Date.now()
        BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer()
        return stoppedAt
      }),
  },
  {
    what: 'quit',
    endsApp: true,
    leave: async (app) => {
      const stoppedAt = Date.now()
      await app.quit()
      return stoppedAt
    },
  },
]

/** One path so many times in the real app, over a library that is there. @returns ms each, from the stop to the closed connection */
export async function timeWindowPath(
  path: WindowPath,
  options: { readonly server: ModelServerProcess; readonly dataFolder: string; readonly times: number },
): Promise<readonly number[]> {
  const { server, dataFolder, times } = options
  const latencies: number[] = []
  for (let run = 0; run < times;) {
    await using app = await startApp(dataFolder, server.url)
    await app.page.getByTestId('composer').waitFor()
    await stampStops(app.page)
    do {
      await prepareMoment(server, run)
      // A question of its own: a follow-up would ask the model twice.
      await app.page.keyboard.press('ControlOrMeta+n')
      await ask(app.page, question)
      const number = await reachMoment(server, run)
      latencies.push(await closingTime(server, number, await path.leave(app)))
      run += 1
      if (!path.endsApp) await untilNothingAnswers(app.page)
    } while (!path.endsApp && run < times)
    await app.quit()
  }
  return latencies
}

/** When the system made the last click or key, whenever the page hears of it. */
async function stampStops(page: Page): Promise<void> {
  await page.evaluate(() => {
    const stamped = window as Window & { benchStampedAt?: number }
    const stamp = ({ timeStamp }: Event): void => {
      stamped.benchStampedAt = performance.timeOrigin + timeStamp
    }
    window.addEventListener('click', stamp, true)
    window.addEventListener('keydown', stamp, true)
  })
}

async function readStamp(page: Page): Promise<number> {
  const stamp = await page.evaluate(() => (window as Window & { benchStampedAt?: number }).benchStampedAt)
  if (stamp === undefined) throw new Error('The page saw no click and no key.')
  return stamp
}

async function untilNothingAnswers(page: Page): Promise<void> {
  await page.getByTestId('composer').waitFor()
  while ((await readStatus(page)).activeAnswers > 0) await new Promise((resolve) => setTimeout(resolve, 20))
}
