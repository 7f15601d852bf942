import { EventEmitter } from 'node:events'
import type { App } from 'electron'
import { expect, it } from 'vitest'
import { disposeBeforeQuit } from '../../../../src/main/electron/quit.ts'

function fakeApp() {
  const exited = Promise.withResolvers<number>()
  const app = Object.assign(new EventEmitter(), { exit: (code = 0) => exited.resolve(code) })
  let prevented = 0
  const quit = (): void => void app.emit('before-quit', { preventDefault: () => void prevented++ })
  return { app: app as unknown as Pick<App, 'on' | 'exit'>, quit, exited: exited.promise, prevented: () => prevented }
}

it('disposes once, however often it is asked, and then exits', async () => {
  const { app, quit, exited, prevented } = fakeApp()
  const done = Promise.withResolvers<void>()
  let disposals = 0
  disposeBeforeQuit(
    app,
    () => (disposals++, done.promise),
    () => undefined,
  )
  quit()
  quit()
  expect([disposals, prevented()]).toEqual([1, 2])
  done.resolve()
  expect(await exited).toBe(0)
})

it('exits with 1, and says why, when closing failed', async () => {
  const { app, quit, exited } = fakeApp()
  const problems: unknown[] = []
  disposeBeforeQuit(
    app,
    () => Promise.reject(new Error('disk')),
    (_message, cause) => void problems.push(cause),
  )
  quit()
  expect(await exited).toBe(1)
  expect(problems).toMatchObject([{ message: 'disk' }])
})
