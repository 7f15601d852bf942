import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { chunkerVersion } from '../../../src/main/ingest/chunk/chunk-settings.ts'
import { parserVersion } from '../../../src/main/ingest/parse/parser-version.ts'
import { openDatabase } from '../../../src/main/storage/database.ts'
import { openStorage } from '../../../src/main/storage/open-storage.ts'
import { systemClock } from '../../../src/main/system-clock.ts'
import { createRecordingLog } from '../../support/recording-log.ts'
import { startRecordingModelServer } from '../../support/recording-model-server.ts'
import { readConversation } from '../storage/storage-fixture.ts'
import { projectFolder, runCarrel, startCarrel, temporaryFolder } from '../../support/run-carrel.ts'

const lease = join(projectFolder, 'resources', 'samples', 'Office lease, 14 Elm Street.pdf')

/** What the records hold of the only answer, read beside the process that writes it. */
function storedAnswer(dataFolder: string): { readonly answer: string; readonly sources: number } | undefined {
  using database = openDatabase(join(dataFolder, 'carrel.sqlite'), { isReadOnly: true, log: createRecordingLog() })
  return database.get(
    'SELECT answer, (SELECT count(*) FROM source WHERE turn_key = turn.key) AS sources FROM turn LIMIT 1',
  )
}

/** The turns after a restart, as it does them. */
async function turnsAfterRestart(dataFolder: string) {
  await using storage = await openStorage({
    dataFolder,
    keywordThread: join(projectFolder, 'out', 'main', 'keyword-search.js'),
    parserVersion,
    chunkerVersion,
    clock: systemClock,
    log: createRecordingLog(),
  })
  const recovered = storage.conversations.recover()
  const { conversations } = storage.conversations.list({ offset: 0, limit: 10 })
  const turns = conversations.flatMap(({ id }) => readConversation(storage, id).turns)
  expect((await storage.verify()).problems).toEqual([])
  return { recovered, turns, remembered: conversations.map(({ id }) => storage.conversations.remember(id)) }
}

describe('an answer that is killed', { timeout: 180_000 }, () => {
  it('is there after a restart, stopped, with its passages and what was written until a moment before', async () => {
    await using folder = await temporaryFolder()
    const dataFolder = join(folder.path, 'library')
    expect((await runCarrel(['add', lease], { dataFolder })).code).toBe(0)
    await using server = await startRecordingModelServer()
    const run = startCarrel(['ask', 'What notice ends the lease early?'], {
      dataFolder,
      environment: { OLLAMA_HOST: server.url },
    })
    const chat = await server.nextRequest()
    // Retrieval is over: its passages are kept before the model has said a word.
    await vi.waitFor(() => expect(storedAnswer(dataFolder)?.sources).toBeGreaterThan(0), 60_000)
    chat.sendText('It takes 180 days of notice [2]')
    chat.sendText(', in writing')
    await vi.waitFor(
      () => expect(storedAnswer(dataFolder)?.answer).toBe('It takes 180 days of notice [1], in writing'),
      60_000,
    )
    run.child.kill('SIGKILL')
    expect((await run.ended).code).toBeNull()
    await server.allClosed()

    const { recovered, turns, remembered } = await turnsAfterRestart(dataFolder)
    expect(recovered).toBe(1)
    expect(turns).toHaveLength(1)
    expect(turns[0]).toMatchObject({
      question: 'What notice ends the lease early?',
      answer: 'It takes 180 days of notice [1], in writing',
      finishReason: 'aborted',
      mode: 'generated',
      model: 'recorded:1b',
    })
    expect(turns[0]?.sources.length).toBeGreaterThan(1)
    expect(turns[0]?.sources.map(({ isCited }) => isCited).indexOf(true)).toBe(0)
    expect(turns[0]?.sources[0]?.rank).toBe(2)
    expect(remembered[0]?.turns).toMatchObject([{ finishReason: 'aborted' }])
  })
})
