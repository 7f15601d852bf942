import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findRequestSchema } from '../../../src/shared/findings.ts'
import type { ChunkId } from '../../../src/shared/ids.ts'
import { type RecordedChat } from '../../support/recorded-chat.ts'
import { type RecordingModelServer, startRecordingModelServer } from '../../support/recording-model-server.ts'
import { type CarrelUnderTest, startCarrelUnderTest } from './carrel-under-test.ts'
import { paths } from './paths.ts'
import { until, within } from './stages.ts'

/** Rows of a table, as a page chooses them. */
async function passagesOf({ carrel }: CarrelUnderTest): Promise<readonly ChunkId[]> {
  const ids: ChunkId[] = []
  const request = findRequestSchema.parse({ query: 'carrels' })
  for await (const event of carrel.findDocuments(request, { signal: new AbortController().signal }))
    if (event.type === 'rows') ids.push(...event.rows.map(({ passage }) => passage.id))
  return ids
}

describe('whoever leaves a summary of rows, in the middle of its second row', { timeout: 180_000 }, () => {
  let server: RecordingModelServer
  let under: CarrelUnderTest
  beforeAll(async () => {
    server = await startRecordingModelServer()
    under = await startCarrelUnderTest(server.url)
    const files = [1, 2].map((number) => `${under.dataFolder}-${number}.md`)
    for (const [index, file] of files.entries())
      await writeFile(file, `# Rules ${index}\n\nThe carrels of house ${index} open at nine.\n`)
    const { signal } = new AbortController()
    await under.carrel.importer.add(files, { signal })
    await under.carrel.importer.idle({ signal })
  }, 180_000)
  afterAll(async () => {
    await under[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  // A program has no table to choose rows from.
  const ways = paths.filter(({ name }) => name !== 'client gone')
  it.each(ways)('$name: the connection closes, and the first row stays', async (path) => {
    const summarise = await passagesOf(under)
    expect(summarise).toHaveLength(3)
    const before = server.chats.length
    const nextChat = async (number: number): Promise<RecordedChat> => {
      await until(() => server.chats.length > before + number)
      const chat = server.chats[before + number]
      if (chat === undefined) throw new Error('the chat is gone')
      return chat
    }
    const asking = path.ask(under, { mode: 'auto', random: 0, summarise })
    const first = await nextChat(0)
    first.sendText('They open at nine.')
    first.finish()
    const second = await nextChat(1)
    second.sendText('Half of')
    await second.drained()
    await until(() => asking.received().includes('Half of'))
    await within('leaving', path.leave(under, asking))
    expect((await within('the closing of the connection', second.closed)).isComplete).toBe(false)
    await within('the end of the answer', asking.ended)
    if (path.ends === 'Carrel') await under.start()
    expect(server.chats).toHaveLength(before + 2)
    if (path.forgets === true) return
    const { turns } = await under.carrel.handlers['conversations:turns']({
      id: asking.conversationId,
      at: 'newest',
      limit: 5,
    })
    expect(turns.at(-1)).toMatchObject({ finishReason: 'aborted', error: null })
    expect(turns.at(-1)?.answer).toContain('They open at nine. [1]\n')
    expect(turns.at(-1)?.answer).toMatch(/Read 1 of 3, stopped\.$/)
    expect(turns.at(-1)?.sources[0]).toMatchObject({ number: 1, isCited: true })
  })
})
