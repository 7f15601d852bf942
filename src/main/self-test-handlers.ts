import type { RequestChannel } from '../shared/channels.ts'
import type { SelfTest } from './answer/self-test.ts'
import type { Handlers } from './handlers.ts'

type SelfTestChannel = Extract<RequestChannel, `self-test:${string}`>

/** The self-test's channels; every window hears of what changed. */
export function createSelfTestHandlers({
  selfTest,
  signal,
}: {
  readonly selfTest: SelfTest
  readonly signal: AbortSignal
}): Handlers<SelfTestChannel> {
  return {
    'self-test:status': () => selfTest.status(),
    'self-test:keep': async (request) => ({ isNew: await selfTest.keep(request, { signal }) }),
    'self-test:remove': ({ id }) => {
      selfTest.remove(id)
      return selfTest.status()
    },
    'self-test:generate': async ({ count }) => {
      const made = await selfTest.generate(count, { signal })
      selfTest.start()
      return { made }
    },
    'self-test:start': () => {
      selfTest.start()
      return selfTest.status()
    },
    'self-test:cancel': () => {
      selfTest.cancel()
      return {}
    },
  }
}
