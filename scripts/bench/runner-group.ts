import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Carrel } from '../../src/main/compose.ts'
import type { ProcessorTimes } from '../../src/main/generators/runner-processes.ts'
import { askRequestSchema } from '../../src/shared/ipc.ts'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { writeCorpus, writeParagraph } from './corpus.ts'
import { type ModelServerProcess, startModelServer } from './model-server.ts'
import { openCarrel } from './open-carrel.ts'
import { readRunners, untilRunners, untilRunnersRest } from './runner-processor.ts'
import { createRandom, median } from './statistics.ts'

type Moment = 'in load' | 'in prompt reading' | 'in writing'
const moments: readonly Moment[] = ['in load', 'in prompt reading', 'in writing']
/** Processor time after which a model surely reads. */
const readingMs = 50
const piecesBeforeStop = 3

/**
 * What Ollama's model process still uses after Carrel has closed its connection: nothing in its API tells, so its processor
 * time is read from the system. The question passes through the bench's server, which sees the closing.
 */
export async function measureRunner(context: BenchContext): Promise<readonly BenchRow[]> {
  const { isQuick, scratchFolder, ollama, say } = context
  if (ollama === null || (await readRunners(ollama.url)) === null) {
    const note = ollama === null ? 'no real Ollama here' : 'processes do not show on this system'
    return moments.map((moment) => toRunnerRow(moment, null, note))
  }
  const times = isQuick ? 1 : 7
  const corpus = join(scratchFolder, 'runner-corpus')
  await writeCorpus(corpus, { paragraphs: 200, seed: 6 })
  await using server = await startModelServer()
  await server.setScript({
    firstTokenDelayMs: 0,
    tokensPerSecond: 0,
    tokenCount: 1,
    tellAfterTokens: piecesBeforeStop,
    relayTo: ollama.url,
  })
  await using carrel = await openCarrel(join(scratchFolder, 'runner'), server.url)
  const { signal } = new AbortController()
  await carrel.importer.add([corpus], { signal })
  await carrel.importer.idle({ signal })

  const random = createRandom(7)
  const rows: BenchRow[] = []
  let loaded: Moment = 'in load'
  for (const moment of moments) {
    const further: number[] = []
    for (let run = 0; run < times; run += 1) {
      // Other words find other passages, so that the server has not read this prompt before.
      const question = `What is said about this: ${writeParagraph('en', random).slice(0, 300)}?`
      if (moment === 'in load') await unload(ollama)
      else if (moment !== loaded) await answerOnce(carrel, server, ollama.model)
      loaded = moment
      await untilRunnersRest(ollama.url)
      further.push(await stopOnce(carrel, server, { moment, question, ...ollama }))
    }
    const note = `median of ${times}, longest ${Math.max(...further)} ms; ${ollama.model}`
    rows.push(toRunnerRow(moment, median(further), note))
    say(`  ${moment}: done`)
  }
  return rows
}

async function unload({ url, model }: { readonly url: string; readonly model: string }): Promise<void> {
  await (await fetch(`${url}/api/generate`, { method: 'POST', body: JSON.stringify({ model, keep_alive: 0 }) })).text()
  await untilRunners(url, (runners) => runners.size === 0)
}

/** Loads the model as Carrel asks for it: with another context, Ollama would load it anew. */
async function answerOnce(carrel: Carrel, server: ModelServerProcess, model: string): Promise<void> {
  const controller = new AbortController()
  const answer = ask(carrel, 'When does the notice period end?', model, controller.signal)
  const { number } = await server.nextChat()
  const ended = server.ended(number)
  await Promise.race([server.sent(number), ended])
  controller.abort()
  await Promise.all([answer, ended])
}

function ask(carrel: Carrel, question: string, model: string, signal: AbortSignal): Promise<unknown> {
  const request = askRequestSchema.parse({ conversationId: randomUUID(), question, model })
  return Array.fromAsync(carrel.streamAnswer(request, { signal, frontEnd: 'bench' }))
}

/** @returns processor time in ms between the closing of the connection and rest */
async function stopOnce(
  carrel: Carrel,
  server: ModelServerProcess,
  asked: {
    readonly moment: Moment
    readonly question: string
    readonly url: string
    readonly model: string
  },
): Promise<number> {
  const { moment, question, url, model } = asked
  const controller = new AbortController()
  const answer = ask(carrel, question, model, controller.signal)
  const before = sumOf(await readRunners(url))
  const { number } = await server.nextChat()
  const ended = server.ended(number)
  if (moment === 'in writing') await Promise.race([server.sent(number), ended])
  else if (moment === 'in load') await untilRunners(url, (runners) => runners.size > 0)
  else await untilRunners(url, (runners) => sumOf(runners) >= before + readingMs)
  controller.abort()
  const { firstTokenAt, isComplete } = await ended
  const furtherMs = untilRunnersRest(url)
  await answer
  if (isComplete || (moment !== 'in writing' && firstTokenAt !== null))
    throw new Error(`The model was quicker than the stop ${moment}.`)
  return furtherMs
}

function sumOf(runners: ProcessorTimes | null): number {
  return [...(runners?.values() ?? [])].reduce((sum, usedMs) => sum + usedMs, 0)
}

function toRunnerRow(moment: Moment, value: number | null, note: string): BenchRow {
  return {
    group: 'runner',
    what: `the runner's processor time after a stop ${moment}`,
    value,
    unit: 'ms',
    reach: null,
    note,
  }
}
