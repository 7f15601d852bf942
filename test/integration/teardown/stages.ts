import { vi } from 'vitest'
import type { RecordedChat } from '../../support/recorded-chat.ts'
import type { RecordingModelServer } from '../../support/recording-model-server.ts'
import type { CarrelUnderTest } from './carrel-under-test.ts'
import type { Asking } from './front-ends.ts'

/** What a stage needs to bring an answer there. */
export interface Round {
  readonly under: CarrelUnderTest
  readonly server: RecordingModelServer
  readonly asking: Asking
  /** Requests that the server had seen before the question. */
  readonly requestsBefore: number
  /** Answers of other windows that are being written meanwhile. */
  readonly answersBeside: number
  /** Everything the server has said as text of the answer so far. */
  readonly sent: string[]
}

/** A place where an answer can be when its reader goes. `reach` resolves when it is there; nothing moves on by itself then. */
export interface Stage {
  readonly name: string
  readonly mode: 'auto' | 'quotes'
  /** Asked in a conversation that has an answered turn. */
  readonly isFollowUp?: boolean
  /** Asked while the model is taken by two other windows. */
  readonly isBehindOthers?: boolean
  /** Before the question is asked. */
  prepare?(server: RecordingModelServer): void
  reach(round: Round): Promise<void>
  /** The answer may come to its own end before its reader's going takes effect. */
  readonly mayComplete?: boolean
}

const listPaths = ['/api/tags', '/v1/models']
const patienceMs = 20_000

/** Waits for `condition` as often as the loop turns. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  await vi.waitUntil(condition, { timeout: patienceMs, interval: 1 })
}

/** So that a promise which never settles is named. */
export async function within<Value>(what: string, promise: Promise<Value>): Promise<Value> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`not within ${patienceMs} ms: ${what}`)), patienceMs)
  try {
    return await Promise.race([promise, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

const chatOf = (server: RecordingModelServer, { question }: Asking): RecordedChat | undefined =>
  server.chats.findLast(({ body }) => body.messages.at(-1)?.content.includes(question) === true)

export async function reachChat({ server, asking }: Pick<Round, 'server' | 'asking'>): Promise<RecordedChat> {
  await until(() => chatOf(server, asking) !== undefined)
  const chat = chatOf(server, asking)
  if (chat === undefined) throw new Error('the chat is gone')
  return chat
}

function say(chat: RecordedChat, round: Round, text: string): void {
  round.sent.push(text)
  chat.sendText(text)
}

/** Carrel has the question: as much as can be seen of one that a program asks. */
const begun = ({ under, answersBeside }: Round): Promise<void> =>
  until(async () => (await under.carrel.handlers['app:status']({})).activeAnswers > answersBeside)

/** A new stage of an answer is one entry here. */
export const stages: readonly Stage[] = [
  { name: 'condense', mode: 'auto', isFollowUp: true, reach: async (round) => void (await reachChat(round)) },
  {
    name: 'mid-condensing',
    mode: 'auto',
    isFollowUp: true,
    async reach(round) {
      const chat = await reachChat(round)
      chat.sendText('When do the carrels ')
      await chat.drained()
    },
  },
  { name: 'search', mode: 'auto', reach: begun },
  { name: 'quotes', mode: 'quotes', mayComplete: true, reach: begun },
  {
    name: 'looking at the model server',
    mode: 'auto',
    prepare(server) {
      for (const path of listPaths) server.reply(path, 'silent')
    },
    async reach({ server, asking, requestsBefore }) {
      await until(() => server.requests.slice(requestsBefore).some(({ path }) => listPaths.includes(path)))
      // That request is never answered; later ones are.
      for (const path of listPaths) server.reply(path, null)
      if (chatOf(server, asking) !== undefined) throw new Error('the look was over before it was seen')
    },
  },
  {
    name: 'waiting for the model',
    mode: 'auto',
    isBehindOthers: true,
    async reach(round) {
      const { asking } = round
      await (asking.kind === 'page'
        ? until(() => asking.events.some((event) => event.type === 'status' && event.stage === 'load'))
        : begun(round))
    },
  },
  { name: 'load', mode: 'auto', reach: async (round) => void (await reachChat(round)) },
  {
    name: 'prompt reading',
    mode: 'auto',
    async reach(round) {
      const chat = await reachChat(round)
      chat.sendHeaders()
      await chat.drained()
    },
  },
  {
    name: 'first token',
    mode: 'auto',
    // Sent, not waited for: it may or may not arrive before the reader is gone.
    reach: async (round) => say(await reachChat(round), round, 'They open at nine. '),
  },
  {
    name: 'reasoning',
    mode: 'auto',
    async reach(round) {
      const chat = await reachChat(round)
      chat.sendReasoning('The desk rules come first. ')
      await chat.drained()
    },
  },
  {
    name: 'mid-answer',
    mode: 'auto',
    async reach(round) {
      const chat = await reachChat(round)
      for (const text of ['They ', 'open ', 'at ', 'nine, ']) say(chat, round, text)
      await chat.drained()
      if (round.asking.kind === 'page') await until(() => round.asking.received().includes('nine'))
      for (const text of ['and ', 'close ', 'at ', 'six']) say(chat, round, text)
    },
  },
  {
    name: 'mid-line',
    mode: 'auto',
    async reach(round) {
      const chat = await reachChat(round)
      say(chat, round, 'They open ')
      chat.sendRaw(round.server.product === 'ollama' ? '{"model":"recorded:1b","mess' : 'data: {"id":"1","cho')
      await chat.drained()
    },
  },
  {
    name: 'a reader who is behind',
    mode: 'auto',
    async reach(round) {
      const chat = await reachChat(round)
      round.asking.fallBehind()
      for (let piece = 0; piece < 64; piece += 1) say(chat, round, `${piece} ${'word '.repeat(2_000)}`)
    },
  },
  {
    name: 'check',
    mode: 'auto',
    mayComplete: true,
    async reach(round) {
      const chat = await reachChat(round)
      for (let fact = 1; fact <= 40; fact += 1) say(chat, round, `Desk ${fact} opens ${fact} minutes after nine [1]. `)
      chat.finish()
      const { asking } = round
      if (asking.kind === 'page')
        await until(() => asking.events.some((event) => event.type === 'status' && event.stage === 'check'))
    },
  },
  {
    name: 'the end',
    mode: 'auto',
    mayComplete: true,
    async reach(round) {
      const chat = await reachChat(round)
      say(chat, round, 'They open at nine.')
      chat.finish()
    },
  },
]
