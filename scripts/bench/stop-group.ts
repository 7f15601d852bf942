import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import type { AnswerPort, Carrel } from '../../src/main/compose.ts'
import type { StreamEvent } from '../../src/shared/answer-stream.ts'
import { conversationIdSchema } from '../../src/shared/ids.ts'
import { askRequestSchema } from '../../src/shared/ipc.ts'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { writeCorpus } from './corpus.ts'
import { type ModelServerProcess, startModelServer } from './model-server.ts'
import { openCarrel, outFolder } from './open-carrel.ts'
import { median } from './statistics.ts'

/** Tokens come at this pace when the stop falls into the middle of the answer; else it falls before the first one. */
const tokensPerSecond = 300
const tokensBeforeStop = 20

interface OpenAnswer {
  /** Resolves after that many token events. */
  tokens(count: number): Promise<void>
  abort(): void
  close(): void
  readonly served: Promise<void>
}

const stops: readonly {
  readonly what: string
  readonly stop: (answer: OpenAnswer, carrel: Carrel, frontEnd: string) => void
}[] = [
  { what: 'abort over the port', stop: (answer) => answer.abort() },
  { what: 'the port closed', stop: (answer) => answer.close() },
  {
    what: 'the window closed',
    stop: (_answer, carrel, frontEnd) => carrel.abortAnswers(frontEnd, 'window closed'),
  },
]

/** From the moment of a stop to the moment when the server sees its connection closed; half of the stops before the first token. */
export async function measureStop({ isQuick, scratchFolder, say }: BenchContext): Promise<readonly BenchRow[]> {
  const times = isQuick ? 4 : 50
  const commandTimes = isQuick ? 2 : 10
  const corpus = join(scratchFolder, 'stop-corpus')
  await writeCorpus(corpus, { paragraphs: 20, seed: 2 })
  const dataFolder = join(scratchFolder, 'stop')
  await using server = await startModelServer()
  const rows: BenchRow[] = []
  {
    await using carrel = await openCarrel(dataFolder, server.url)
    const { signal } = new AbortController()
    await carrel.importer.add([corpus], { signal })
    await carrel.importer.idle({ signal })
    for (const { what, stop } of stops) {
      const latencies: number[] = []
      for (let index = 0; index < times; index += 1) {
        const isMidAnswer = index % 2 === 0
        await setPace(server, isMidAnswer)
        const frontEnd = `bench:${what}:${index}`
        const answer = openAnswer(carrel, frontEnd)
        const { chat } = await server.nextChat()
        if (isMidAnswer) await answer.tokens(1 + (index % tokensBeforeStop))
        const stoppedAt = Date.now()
        stop(answer, carrel, frontEnd)
        latencies.push(await closingTime(server, chat, stoppedAt))
        await answer.served
      }
      rows.push(toRow(what, latencies))
      say(`  ${what}: done`)
    }
  }
  const latencies: number[] = []
  for (let index = 0; index < commandTimes; index += 1) {
    await setPace(server, index % 2 === 0)
    latencies.push(await interruptCommand(server, dataFolder, index % 2 === 0))
  }
  rows.push(toRow('Ctrl-C of the command line', latencies))
  return rows
}

function setPace(server: ModelServerProcess, isMidAnswer: boolean): Promise<void> {
  const firstTokenDelayMs = isMidAnswer ? 0 : 60_000
  return server.setScript({ firstTokenDelayMs, tokensPerSecond, tokenCount: 1_000_000, relayTo: null })
}

async function closingTime(server: ModelServerProcess, chat: number, stoppedAt: number): Promise<number> {
  const { at, isComplete } = await server.ended(chat)
  if (isComplete) throw new Error('The answer ended by itself before it was stopped.')
  return at - stoppedAt
}

function openAnswer(carrel: Carrel, frontEnd: string): OpenAnswer {
  const { port1, port2 } = new MessageChannel()
  const port: AnswerPort = {
    frontEnd,
    post: (event) => port1.postMessage(event),
    onReply: (listener) => void port1.on('message', listener),
    onClose: (listener) => void port1.once('close', listener),
    close: () => port1.close(),
  }
  let seen = 0
  const waiting: { readonly count: number; readonly resolve: () => void }[] = []
  port2.on('message', (event: StreamEvent) => {
    if (event.type !== 'done' && event.type !== 'error') port2.postMessage({ type: 'ack', sequence: event.sequence })
    if (event.type !== 'token') return
    seen += 1
    for (const { count, resolve } of waiting) if (seen >= count) resolve()
  })
  const request = askRequestSchema.parse({
    conversationId: conversationIdSchema.parse(randomUUID()),
    question: 'When does the notice period end?',
  })
  const served = carrel.serveAnswer(port, request)
  return {
    served,
    tokens: (count) => new Promise((resolve) => (seen >= count ? resolve() : waiting.push({ count, resolve }))),
    abort: () => port2.postMessage({ type: 'abort' }),
    close: () => port2.close(),
  }
}

async function interruptCommand(server: ModelServerProcess, dataFolder: string, isMidAnswer: boolean): Promise<number> {
  const words = [join(outFolder, 'cli.js'), '--data', dataFolder, 'ask', 'When does the notice period end?']
  const child = spawn(process.execPath, words, {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', OLLAMA_HOST: server.url },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = once(child, 'exit')
  const { chat } = await server.nextChat()
  if (isMidAnswer) await once(child.stdout, 'data')
  child.stdout.resume()
  const stoppedAt = Date.now()
  child.kill('SIGINT')
  const latency = await closingTime(server, chat, stoppedAt)
  await ended
  return latency
}

function toRow(what: string, latencies: readonly number[]): BenchRow {
  return {
    group: 'stop',
    what: `stop to closed connection: ${what}`,
    value: Math.max(...latencies),
    unit: 'ms',
    reach: { bound: 'at most', value: 250 },
    note: `the longest of ${latencies.length}; median ${median(latencies)} ms`,
  }
}
