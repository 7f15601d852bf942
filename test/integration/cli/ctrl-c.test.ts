import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as elapse } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RecordedChat } from '../../support/recorded-chat.ts'
import { type RecordingModelServer, startRecordingModelServer } from '../../support/recording-model-server.ts'
import { type CarrelRun, projectFolder, runCarrel, startCarrel, temporaryFolder } from '../../support/run-carrel.ts'
import { createSeededRandom } from '../../support/seeded-random.ts'

const lease = join(projectFolder, 'resources', 'samples', 'Office lease, 14 Elm Street.pdf')
const question = 'What notice must the tenant give to end the lease early?'
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

interface Stage {
  readonly name: string
  reach(run: CarrelRun, server: RecordingModelServer): Promise<void>
  /** Text that must be kept. */
  readonly kept: string
}

const afterChat =
  (act: (chat: RecordedChat, run: CarrelRun) => Promise<void> | void) =>
  async (run: CarrelRun, server: RecordingModelServer): Promise<void> =>
    act(await server.nextRequest(), run)

const stages: readonly Stage[] = [
  { name: 'search', kept: '', reach: (run) => run.shows('"retrieve"') },
  { name: 'load', kept: '', reach: afterChat(() => undefined) },
  { name: 'prompt reading', kept: '', reach: afterChat((chat) => chat.sendHeaders()) },
  { name: 'first token', kept: '', reach: afterChat((chat) => chat.sendText('Half')) },
  {
    name: 'mid-answer',
    kept: 'Half an answer',
    reach: afterChat(async (chat, run) => {
      chat.sendText('Half an answer')
      await run.shows('Half an answer')
      chat.sendText(' and more')
    }),
  },
  {
    name: 'a reader who takes nothing',
    kept: '0 word',
    reach: afterChat((chat, { child }) => {
      // As a pager does that shows its first page.
      child.stdout?.pause()
      for (let piece = 0; piece < 64; piece += 1) chat.sendText(`${piece} ${'word '.repeat(4_000)}`)
    }),
  },
]

function readTurns(dataFolder: string): readonly Record<string, unknown>[] {
  const database = new DatabaseSync(join(dataFolder, 'carrel.sqlite'), { readOnly: true })
  try {
    return database
      .prepare(
        'SELECT finish_reason AS finishReason, answer, (SELECT count(*) FROM source WHERE turn_key = key) AS sourceCount FROM turn ORDER BY key',
      )
      .all()
  } finally {
    database.close()
  }
}

describe('Ctrl-C on carrel ask', { timeout: 60_000 }, () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let dataFolder = ''
  beforeAll(async () => {
    folder = await temporaryFolder()
    dataFolder = join(folder.path, 'library')
    expect((await runCarrel(['add', lease], { dataFolder })).code).toBe(0)
  }, 120_000)
  afterAll(() => folder[Symbol.asyncDispose]())

  it.each(stages)(
    'at a random moment of $name: the connection closes, the process ends, and what was written stays',
    async (stage) => {
      const random = createSeededRandom()
      for (const signal of random.shuffled(signals).slice(0, 1)) {
        const where = `${signal} (CARREL_TEST_SEED=${random.seed} repeats it)`
        await using server = await startRecordingModelServer()
        const run = startCarrel(['--json', 'ask', question], { dataFolder, environment: { OLLAMA_HOST: server.url } })
        const exited = new Promise<number | null>((resolve) => run.child.once('exit', resolve))
        await stage.reach(run, server)
        await elapse(random.next() * 60)
        run.child.kill(signal)
        expect(await exited, where).toBe(1)
        await server.allClosed()
        for (const chat of server.chats) expect((await chat.closed).isComplete, where).toBe(false)
        const turn = readTurns(dataFolder).at(-1)
        expect(turn?.['finishReason'], where).toBe('aborted')
        expect(String(turn?.['answer']).startsWith(stage.kept), where).toBe(true)
        if (stage.name !== 'search') expect(turn?.['sourceCount'], where).toBeGreaterThan(0)
        run.child.stdout?.resume()
        const { stderr } = await run.ended
        expect(stderr, where).not.toMatch(/Unhandled|Warning|at .*\(/)
      }
    },
  )
})
