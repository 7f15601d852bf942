import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Carrel } from '../../src/main/compose.ts'
import { conversationIdSchema } from '../../src/shared/ids.ts'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { writeCorpus, writeParagraph } from './corpus.ts'
import { type ModelServerProcess, startModelServer } from './model-server.ts'
import { openCarrel } from './open-carrel.ts'
import { readRunnerMs, untilRunnerRests } from './runner-processor.ts'
import { createRandom, median } from './statistics.ts'

type Moment = 'in load' | 'in prompt reading' | 'in writing'
const moments: readonly Moment[] = ['in load', 'in prompt reading', 'in writing']
/** After the question is with the server: it has begun, and is not done. */
const stopAfterMs = 150
const piecesBeforeStop = 20

/**
 * What Ollama's model process still uses after Carrel has closed its connection: nothing in its API tells, so its processor
 * time is read from the system. The question passes through the bench's server, which sees the closing.
 */
export async function measureRunner(context: BenchContext): Promise<readonly BenchRow[]> {
  const { isQuick, scratchFolder, ollama, say } = context
  if (ollama === null || (await readRunnerMs(ollama.url)) === null) {
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
  for (const moment of moments) {
    const further: number[] = []
    for (let run = 0; run < times; run += 1) {
      // Other words find other passages, so that the server has not read this prompt before.
      const question = `What is said about this: ${writeParagraph('en', random).slice(0, 300)}?`
      await prepareRunner(moment, ollama)
      further.push(await stopOnce(carrel, server, { moment, question, ...ollama }))
    }
    const note = `median of ${times}, longest ${Math.max(...further)} ms; ${ollama.model}`
    rows.push(toRunnerRow(moment, median(further), note))
    say(`  ${moment}: done`)
  }
  return rows
}

/** Nothing loaded, or all of it; in both cases at rest. */
async function prepareRunner(moment: Moment, { url, model }: { readonly url: string; readonly model: string }) {
  const body = JSON.stringify({ model, keep_alive: moment === 'in load' ? 0 : '10m' })
  await (await fetch(`${url}/api/generate`, { method: 'POST', body })).text()
  if (moment === 'in load') while ((await readRunnerMs(url)) !== 0) await pause(50)
  await untilRunnerRests(url)
}

/** @returns processor time in ms between the closing of the connection and rest */
async function stopOnce(
  carrel: Carrel,
  server: ModelServerProcess,
  asked: { readonly moment: Moment; readonly question: string; readonly url: string; readonly model: string },
): Promise<number> {
  const { moment, question, url, model } = asked
  const controller = new AbortController()
  const conversationId = conversationIdSchema.parse(randomUUID())
  const answer = Array.fromAsync(
    carrel.streamAnswer(
      { conversationId, question, mode: 'auto', model },
      { signal: controller.signal, frontEnd: 'bench' },
    ),
  )
  const { number } = await server.nextChat()
  if (moment === 'in writing') await server.sent(number)
  else await pause(stopAfterMs)
  controller.abort()
  const { firstTokenAt, isComplete } = await server.ended(number)
  const before = (await readRunnerMs(url)) ?? 0
  await answer
  if (isComplete || (moment !== 'in writing' && firstTokenAt !== null))
    throw new Error(`The model was quicker than the stop ${moment}.`)
  return (await untilRunnerRests(url)) - before
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

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
