import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Turn } from '../../../src/shared/conversation.ts'
import { type ConversationId } from '../../../src/shared/ids.ts'
import type { RecordedChat } from '../../support/recorded-chat.ts'
import { type RecordingModelServer, startRecordingModelServer } from '../../support/recording-model-server.ts'
import { type CarrelUnderTest, startCarrelUnderTest } from './carrel-under-test.ts'
import { askFromPage, type PageAsking } from './front-ends.ts'
import { reachChat, until, within } from './stages.ts'

const half = 'They open at nine, and '

interface Trouble {
  readonly name: string
  /** What happens to a chat that has come; `replaceServer` starts another one on the same port. */
  act(
    chat: RecordedChat,
    tools: { readonly server: RecordingModelServer; readonly replaceServer: () => Promise<void> },
  ): Promise<void> | void
  readonly code: string
  /** What was written before stays. */
  readonly keepsHalf?: boolean
}

const sayHalf = async (chat: RecordedChat): Promise<void> => {
  chat.sendText(half)
  await chat.drained()
}

const troubles: readonly Trouble[] = [
  {
    name: 'reset in the middle',
    code: 'generation-failed',
    keepsHalf: true,
    async act(chat) {
      await sayHalf(chat)
      chat.destroy()
    },
  },
  { name: 'reset before a word', code: 'generation-failed', act: (chat) => chat.destroy() },
  {
    name: 'an error after status 200',
    code: 'generation-failed',
    keepsHalf: true,
    async act(chat) {
      await sayHalf(chat)
      chat.sendErrorLine('the runner has terminated')
    },
  },
  {
    name: 'HTML in place of JSON',
    code: 'generation-failed',
    act(chat) {
      chat.sendHeaders({ contentType: 'text/html' })
      chat.sendRaw('<!doctype html>\n<title>It works</title>\n')
    },
  },
  {
    name: 'a line of 10 MB',
    code: 'generation-failed',
    keepsHalf: true,
    async act(chat) {
      await sayHalf(chat)
      chat.sendRaw(`{"message":{"content":"${'x'.repeat(10 * 1024 * 1024)}`)
    },
  },
  {
    name: 'the model is gone when the question comes',
    code: 'ollama-model-missing',
    act: (chat) => chat.fail(404, 'model "recorded:1b" not found, try pulling it first'),
  },
  {
    name: 'the server restarts in the middle',
    code: 'generation-failed',
    keepsHalf: true,
    async act(chat, { replaceServer }) {
      await sayHalf(chat)
      await replaceServer()
    },
  },
  {
    name: 'the server restarts while the model loads',
    code: 'generation-failed',
    act: (_chat, { replaceServer }) => replaceServer(),
  },
]

describe('trouble with the model server', { timeout: 120_000 }, () => {
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

  const replaceServer = async (): Promise<void> => {
    const { port } = server
    await server.close()
    server = await startRecordingModelServer({ port })
  }
  const storedTurn = async (id: ConversationId): Promise<Turn | undefined> =>
    (await under.carrel.handlers['conversations:turns']({ id, at: 'newest', limit: 20 })).turns.at(-1)
  const expectSettled = async (): Promise<void> => {
    // A long answer may have outgrown its place: notes on it are begun.
    under.carrel.endModelWork()
    expect((await under.carrel.handlers['app:status']({})).activeAnswers).toBe(0)
    await within('the closing of every connection', server.allClosed())
  }
  /** The next question is answered as if nothing had been. */
  const expectNextAnswer = async (): Promise<void> => {
    const asking = askFromPage(under, 'window:1', { mode: 'auto' })
    const chat = await reachChat({ server, asking })
    chat.sendText('All is well.')
    chat.finish()
    await within('the next answer', asking.ended)
    expect(await storedTurn(asking.conversationId)).toMatchObject({ finishReason: 'stop', answer: 'All is well.' })
  }
  const lastEvent = ({ events }: PageAsking) => events.at(-1)

  it.each(troubles)(
    '$name: a sentence, the partial answer with its sources, and the next question works',
    async (trouble) => {
      const asking = askFromPage(under, 'window:1', { mode: 'auto' })
      await trouble.act(await reachChat({ server, asking }), { server, replaceServer })
      await within('the end of the answer', asking.ended)
      expect(lastEvent(asking)).toMatchObject({ type: 'error', error: { code: trouble.code } })
      const turn = await storedTurn(asking.conversationId)
      expect(turn).toMatchObject({ finishReason: 'error', error: { code: trouble.code } })
      expect(turn?.answer).toBe(trouble.keepsHalf === true ? half : '')
      expect(turn?.sources).not.toHaveLength(0)
      await expectSettled()
      await expectNextAnswer()
    },
  )

  it('refused: it is said which server did not answer, and the next question works once it is there', async () => {
    const { port } = server
    await server.close()
    const asking = askFromPage(under, 'window:1', { mode: 'auto' })
    await within('the end of the answer', asking.ended)
    // What was known of the server a moment ago decides whether it fails, or only quotes and says why.
    const turn = await storedTurn(asking.conversationId)
    const reasons = asking.events.flatMap((event) => {
      if (event.type === 'error') return [event.error.code]
      return event.type === 'status' && event.detail.reason !== undefined ? [event.detail.reason.code] : []
    })
    expect(reasons.join()).toMatch(/^ollama-(unreachable|not-installed)|^generation-failed|not-installed/)
    expect(turn?.sources).not.toHaveLength(0)
    expect((await under.carrel.handlers['app:status']({})).activeAnswers).toBe(0)
    server = await startRecordingModelServer({ port })
    await under.carrel.models.refresh({ signal: new AbortController().signal })
    await expectNextAnswer()
  })

  it('a model that is removed in mid-chat: this answer ends well, the next question says which model is missing', async () => {
    await under.carrel.handlers['models:choose']({ name: 'recorded:1b' })
    const asking = askFromPage(under, 'window:1', { mode: 'auto' })
    const chat = await reachChat({ server, asking })
    chat.sendText(half)
    server.setModels([{ name: 'other:1b' }])
    chat.sendText('close at six.')
    chat.finish()
    await within('the end of the answer', asking.ended)
    expect(await storedTurn(asking.conversationId)).toMatchObject({
      finishReason: 'stop',
      answer: `${half}close at six.`,
    })

    await under.carrel.models.refresh({ signal: new AbortController().signal })
    const next = askFromPage(under, 'window:1', { mode: 'auto' })
    await within('the end of the next answer', next.ended)
    const said = JSON.stringify(next.events)
    expect(said).toContain('ollama-model-missing')
    expect(said).toContain('recorded:1b')
    await expectSettled()
    server.setModels([{ name: 'recorded:1b', isLoaded: true }])
    await under.carrel.models.refresh({ signal: new AbortController().signal })
    await expectNextAnswer()
  })

  it.each([300, 2_000])('%i tokens a second to a slow page: in order, none lost, few events', async (perSecond) => {
    const asking = askFromPage(under, 'window:1', { mode: 'auto', acknowledgeAfterMs: 40 })
    const chat = await reachChat({ server, asking })
    const tokens = Array.from({ length: perSecond * 2 }, (_none, index) => `w${index} `)
    const everyMs = 10
    const atOnce = Math.ceil((perSecond * everyMs) / 1_000)
    await new Promise<void>((resolve) => {
      let sent = 0
      const timer = setInterval(() => {
        for (const token of tokens.slice(sent, sent + atOnce)) chat.sendText(token)
        sent += atOnce
        if (sent < tokens.length) return
        clearInterval(timer)
        resolve()
      }, everyMs)
    })
    chat.finish()
    await within('the end of the answer', asking.ended)
    expect(asking.received()).toBe(tokens.join(''))
    expect((await storedTurn(asking.conversationId))?.answer).toBe(tokens.join(''))
    expect(asking.events.length).toBeLessThan(tokens.length / 2)
    await expectSettled()
  })

  it('a page that takes nothing: the server is not read either, and everything arrives once the page goes on', async () => {
    const asking = askFromPage(under, 'window:1', { mode: 'auto' })
    const chat = await reachChat({ server, asking })
    asking.fallBehind()
    const piece = 'word '.repeat(4_000)
    const count = 800
    for (let index = 0; index < count; index += 1) chat.sendText(piece)
    // 16 MB are on their way; what is held anywhere but at the server is the credit, and the sockets' own buffers.
    await until(() => asking.events.filter(({ type }) => type === 'token').length >= 20)
    for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(asking.received().length).toBeLessThan(40 * piece.length)
    expect(chat.socket.writableLength).toBeGreaterThan((count * piece.length) / 2)
    asking.catchUp()
    chat.finish()
    await within('the end of the answer', asking.ended)
    expect(asking.received().length).toBe(count * piece.length)
    await expectSettled()
  })
})
