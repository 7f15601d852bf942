import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ConversationId } from '../../../src/shared/ids.ts'
import { type RecordingModelServer, startRecordingModelServer } from '../../support/recording-model-server.ts'
import { type CarrelUnderTest, startCarrelUnderTest } from './carrel-under-test.ts'
import { askFromPage } from './front-ends.ts'
import { until, within } from './stages.ts'

/** What the model server does for us while nobody asks. */
interface Work {
  readonly name: string
  /** Resolves when the server has the request and holds it. */
  begin(tools: {
    readonly under: CarrelUnderTest
    readonly server: RecordingModelServer
  }): Promise<{ readonly conversationId?: ConversationId }>
  /** Ways to go that end it; every other way leaves it alone. */
  readonly endedBy: readonly string[]
}

const ways: Readonly<
  Record<string, (under: CarrelUnderTest, work: { readonly conversationId?: ConversationId }) => Promise<void>>
> = {
  'last window closed': async ({ carrel }) => carrel.endModelWork(),
  sleep: async ({ carrel }) => carrel.abortAllAnswers('computer sleeps'),
  reload: async ({ carrel }) => carrel.abortAnswers('window:1', 'page reloaded'),
  cancelled: async ({ carrel }) => void (await carrel.handlers['models:cancel-pull']({})),
  'conversation deleted': async ({ carrel }, { conversationId }) => {
    if (conversationId !== undefined) await carrel.handlers['conversations:delete']({ id: conversationId })
  },
  quit: async (under) => {
    await under.quit()
    await under.start()
  },
}

const works: readonly Work[] = [
  {
    name: 'pull',
    endedBy: ['last window closed', 'cancelled', 'quit'],
    async begin({ under, server }) {
      await under.carrel.handlers['models:pull']({ name: 'recorded:2b' })
      const pull = await within('the pull', server.nextPull())
      pull.send(
        { status: 'pulling manifest' },
        { status: 'pulling 1', digest: 'sha256:1', total: 1_000, completed: 10 },
      )
      return {}
    },
  },
  {
    name: 'warm-up',
    endedBy: ['last window closed', 'sleep', 'quit'],
    async begin({ under, server }) {
      const before = server.requests.length
      server.reply('/api/generate', 'silent')
      await under.carrel.handlers['models:warm-up']({})
      await until(() => server.requests.slice(before).some(({ path }) => path === '/api/generate'))
      server.reply('/api/generate', null)
      return {}
    },
  },
  {
    name: 'notes on older turns',
    endedBy: ['last window closed', 'sleep', 'reload', 'conversation deleted', 'quit'],
    async begin({ under, server }) {
      await under.carrel.handlers['settings:set']({ contextTokens: 2048 })
      let conversationId: ConversationId | undefined
      for (let turn = 0; turn < 12; turn += 1) {
        const asking = askFromPage(under, 'window:1', {
          mode: 'auto',
          ...(conversationId === undefined ? {} : { conversationId }),
        })
        conversationId = asking.conversationId
        // A follow-up is condensed first: its question is the last message of both.
        let answered = server.chats.length
        let isOver = false
        void asking.ended.then(() => (isOver = true))
        while (!isOver) {
          await until(() => isOver || server.chats.length > answered)
          for (const chat of server.chats.slice(answered)) {
            chat.sendText(`Turn ${turn}. ${'The carrels open at nine in the morning. '.repeat(12)}`)
            chat.finish()
          }
          answered = server.chats.length
        }
        const chats = server.chats.length
        if (await isAskedAgain(server, chats, under)) return { conversationId }
      }
      throw new Error('no notes were begun')
    },
  },
]

/** Whether the model is asked although nobody asks: the notes. */
async function isAskedAgain(
  server: RecordingModelServer,
  chats: number,
  { carrel }: CarrelUnderTest,
): Promise<boolean> {
  await until(async () => (await carrel.handlers['app:status']({})).activeAnswers === 0)
  for (let turn = 0; turn < 400 && server.chats.length === chats; turn += 1)
    await new Promise((resolve) => setImmediate(resolve))
  return server.chats.length > chats
}

describe('what the model server does while nobody asks', { timeout: 240_000 }, () => {
  let server: RecordingModelServer
  let under: CarrelUnderTest
  beforeAll(async () => {
    server = await startRecordingModelServer()
    under = await startCarrelUnderTest(server.url)
  })
  afterAll(async () => {
    await under[Symbol.asyncDispose]()
    await server.close()
  })

  const cells = works.flatMap((work) => Object.keys(ways).map((way) => ({ work, way, name: `${work.name}, ${way}` })))
  it.each(cells)('$name', async ({ work, way }) => {
    const begun = await work.begin({ under, server })
    expect(server.openConnections).toBeGreaterThan(0)
    await within('leaving', ways[way]?.(under, begun) ?? Promise.reject(new Error(`no way ${way}`)))
    if (!work.endedBy.includes(way)) {
      for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      expect(server.openConnections).toBeGreaterThan(0)
      under.carrel.endModelWork()
    }
    await within('the closing of every connection', server.allClosed())
    const { pull } = await under.carrel.handlers['models:activity']({})
    if (pull !== null) {
      await until(async () => (await under.carrel.handlers['models:activity']({})).pull?.phase === 'cancelled')
      // Dismisses it.
      await under.carrel.handlers['models:cancel-pull']({})
    }
  })
})
