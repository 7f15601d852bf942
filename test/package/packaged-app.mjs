// The packaged window, as a person starts it: by its own program, without Playwright's launcher. That one needs Node's
// --inspect, which the package refuses; Chromium's own debugging port serves as well.
import { chromium, expect } from '@playwright/test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Starts it and waits for its page. Use with `try`/`finally` and `kill`. */
export async function startWindow(folder, environment) {
  // Chromium refuses root its sandbox; everybody else keeps it.
  const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : []
  const startedMs = performance.now()
  const child = spawn(join(folder, 'carrel-app'), [...sandbox, '--remote-debugging-port=0'], {
    env: environment,
    cwd: environment.HOME,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const gone = once(child, 'exit')
  const printed = []
  const address = await new Promise((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      printed.push(line)
      const found = /DevTools listening on (ws:\S+)/.exec(line)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`the app ended at once: ${printed.join('\n')}`)))
  })
  await untilPageIsThere(address)
  const browser = await chromium.connectOverCDP(address)
  const [context] = browser.contexts()
  const [page] = context.pages()
  await page.getByTestId('composer').waitFor()
  return {
    page,
    /** From the start of the process to a page that can be written in. */
    startMs: Math.round(performance.now() - startedMs),
    printed,
    /** Closes the window, as a person does. @returns the exit code */
    async quit() {
      // The answer may not come any more: the window takes its connection along.
      await Promise.race([page.close().catch(() => undefined), gone])
      const [code] = await gone
      return code
    },
    async kill() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await gone
    },
  }
}

/** A window that opens while Playwright attaches leaves that waiting for ever, so it attaches to one that is open. */
async function untilPageIsThere(address) {
  const list = new URL('/json/list', address.replace('ws:', 'http:'))
  await expect
    .poll(async () => (await (await fetch(list)).json()).some(({ type, url }) => type === 'page' && url !== ''), {
      intervals: [50],
      timeout: 60_000,
    })
    .toBe(true)
}
