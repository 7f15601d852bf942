import { setTimeout as elapse } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Turn } from '../../../src/shared/conversation.ts'
import type { ConversationId } from '../../../src/shared/ids.ts'
import { createSeededRandom, type SeededRandom } from '../../support/seeded-random.ts'
import type { RecordedChat } from '../../support/recorded-chat.ts'
import { type RecordingModelServer, startRecordingModelServer } from '../../support/recording-model-server.ts'
import { type CarrelUnderTest, startCarrelUnderTest } from './carrel-under-test.ts'
import { askFromPage, type Asking, type PageAsking } from './front-ends.ts'
import { type Path, paths } from './paths.ts'
import { reachChat, type Round, type Stage, stages, until, within } from './stages.ts'

/** Whatever nobody caught, and listeners that pile up. */
const uncaught: unknown[] = []
const keepUncaught = (cause: unknown): void => void uncaught.push(cause)
beforeEach(() => {
  uncaught.length = 0
  process.on('unhandledRejection', keepUncaught)
  process.on('warning', keepUncaught)
})
afterEach(() => {
  process.off('unhandledRejection', keepUncaught)
  process.off('warning', keepUncaught)
})

/** The moment within a stage is what is drawn: turns of the loop, or a few milliseconds. */
async function letTimePass(random: SeededRandom): Promise<void> {
  if (random.below(2) === 0) {
    for (let turn = random.below(12); turn > 0; turn -= 1) await new Promise((resolve) => setImmediate(resolve))
  } else {
    await elapse(random.next() * 12)
  }
}

async function readTurn({ carrel }: CarrelUnderTest, { conversationId }: Asking): Promise<Turn | undefined> {
  return (await carrel.handlers['conversations:turns']({ id: conversationId, at: 'newest', limit: 5 })).turns.at(-1)
}

/** What was written is there: in order, nothing invented, and never less than the reader had seen. */
function expectKept(turn: Turn | undefined, { asking, sent }: Round, stage: Stage): void {
  expect(turn?.finishReason).toSatisfy(
    (reason) => reason === 'aborted' || (stage.mayComplete === true && reason === 'stop'),
  )
  expect(turn?.error).toBeNull()
  if (turn === undefined) return
  if (stage.mode === 'auto') expect(sent.join('').startsWith(turn.answer)).toBe(true)
  if (asking.kind === 'client') return
  expect(turn.answer.startsWith(asking.received())).toBe(true)
  const found = asking.events.find((event) => event.type === 'passages')?.passages ?? []
  const kept = new Set<string>(turn.sources.map(({ id }) => id))
  expect(found.filter(({ id }) => !kept.has(id))).toEqual([])
}

/** Nothing of the answer is left: not in the registry, not at the server, no socket of this process. */
async function expectNothingLeft({ under, server }: Round): Promise<void> {
  await until(async () => (await under.carrel.handlers['app:status']({})).activeAnswers === 0)
  await within('the closing of every connection', server.allClosed())
  await until(() => !process.getActiveResourcesInfo().includes('TCPSocketWrap'))
  expect(uncaught).toEqual([])
}

/** A turn that is answered, for what follows up on it. */
async function answerOne(
  under: CarrelUnderTest,
  server: RecordingModelServer,
): Promise<{ readonly conversationId: ConversationId }> {
  const asking = askFromPage(under, 'window:1', { mode: 'auto' })
  const chat = await reachChat({ server, asking })
  chat.sendText('They open at nine.')
  chat.finish()
  await within('the end of the first answer', asking.ended)
  return { conversationId: asking.conversationId }
}

async function play(
  { stage, path, hasOther }: { readonly stage: Stage; readonly path: Path; readonly hasOther: boolean },
  {
    under,
    server,
    random,
  }: { readonly under: CarrelUnderTest; readonly server: RecordingModelServer; readonly random: SeededRandom },
): Promise<void> {
  const windows = stage.isBehindOthers === true ? ['window:2', 'window:3'] : hasOther ? ['window:2'] : []
  const others: { readonly asking: PageAsking; readonly chat: RecordedChat }[] = []
  for (const frontEnd of windows) {
    const asking = askFromPage(under, frontEnd, { mode: 'auto' })
    others.push({ asking, chat: await reachChat({ server, asking }) })
  }
  const earlier = stage.isFollowUp === true ? await answerOne(under, server) : null
  stage.prepare?.(server)
  const requestsBefore = server.requests.length
  const asking = path.ask(under, { mode: stage.mode, random: random.below(4), ...earlier })
  const round: Round = { under, server, asking, requestsBefore, answersBeside: others.length, sent: [] }
  await within('the stage', stage.reach(round))
  await letTimePass(random)
  const pids = under.workerPids
  await within('leaving', path.leave(under, asking))
  await within('the end of the answer', asking.ended)
  if (path.ends === 'Carrel') {
    expect(pids.filter((pid) => under.workerPids.includes(pid))).toEqual([])
    await within('the closing of every connection', server.allClosed())
    await under.start()
  }
  for (const { asking: other, chat } of others) {
    if (path.ends !== 'one') {
      await within('the end of every answer', other.ended)
      expect(await readTurn(under, other)).toMatchObject({ finishReason: 'aborted' })
      continue
    }
    // The answer of another window goes on as if nothing had been.
    expect(chat.isOpen).toBe(true)
    chat.sendText('Undisturbed.')
    chat.finish()
    await within('the end of the other answer', other.ended)
    expect(await readTurn(under, other)).toMatchObject({ finishReason: 'stop', answer: 'Undisturbed.' })
  }
  await expectNothingLeft(round)
  if (path.forgets) {
    await expect(readTurn(under, asking)).rejects.toMatchObject({ code: 'not-found' })
  } else {
    expectKept(await readTurn(under, asking), round, stage)
  }
}

describe('whoever leaves an answer, at whatever moment', { timeout: 300_000 }, () => {
  // Each stage with each path, in an order that is drawn: 120 moments of each product.
  it.each(['ollama', 'vllm'] as const)('leaves nothing running, and what was written stays (%s)', async (product) => {
    const random = createSeededRandom()
    await using server = await startRecordingModelServer({ product })
    await using under = await startCarrelUnderTest(server.url)
    const cells = random.shuffled(stages.flatMap((stage) => paths.map((path) => ({ stage, path }))))
    expect(cells.length).toBeGreaterThanOrEqual(100)
    for (const [number, { stage, path }] of cells.entries()) {
      const hasOther = random.below(4) === 0
      try {
        await play({ stage, path, hasOther }, { under, server, random })
      } catch (cause) {
        const where = `moment ${number}: ${stage.name}, ${path.name}${hasOther ? ', with a second window' : ''}`
        throw new Error(`${where} (CARREL_TEST_SEED=${random.seed} repeats it)`, { cause })
      }
    }
    await under.quit()
    expect(under.workerPids).toEqual([])
    expect(server.openConnections).toBe(0)
  })
})
