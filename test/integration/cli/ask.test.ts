import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { advanceStream, initialStreamState, streamEventSchema } from '../../../src/shared/answer-stream.ts'
import { startRecordingModelServer } from '../../support/recording-model-server.ts'
import { jsonLines, projectFolder, runCarrel, startCarrel, temporaryFolder } from '../../support/run-carrel.ts'

const lease = join(projectFolder, 'resources', 'samples', 'Office lease, 14 Elm Street.pdf')
const contract = join(projectFolder, 'resources', 'samples', '租赁合同（中文版）.md')
const question = 'What notice must the tenant give to end the lease early?'

describe('carrel ask', { timeout: 120_000 }, () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let dataFolder = ''
  let chineseFolder = ''
  beforeAll(async () => {
    folder = await temporaryFolder()
    dataFolder = join(folder.path, 'library')
    chineseFolder = join(folder.path, 'chinese')
    // Each in a library of its own: where both are, a question is translated first.
    expect((await runCarrel(['add', lease], { dataFolder })).code).toBe(0)
    expect((await runCarrel(['add', contract], { dataFolder: chineseFolder })).code).toBe(0)
  })
  afterAll(() => folder[Symbol.asyncDispose]())

  it('streams the model, numbers citations in order of appearance, and ends with the sources', async () => {
    await using server = await startRecordingModelServer({
      answer: { tokens: ['One hundred eighty ', 'days [', '2', '], as the', ' lease says [1].'], gapMs: 1 },
    })
    const { code, stdout } = await runCarrel(['--json', 'ask', question], {
      dataFolder,
      environment: { OLLAMA_HOST: server.url },
    })
    expect(code).toBe(0)
    const events = jsonLines(stdout).map((line) => streamEventSchema.parse(line))
    expect(events.reduce(advanceStream, initialStreamState).phase).toBe('ended')
    const passages = events.find((event) => event.type === 'passages')?.passages ?? []
    const sources = events.find((event) => event.type === 'sources')?.sources ?? []
    const text = events.map((event) => (event.type === 'token' ? event.text : '')).join('')
    expect(text).toBe('One hundred eighty days [1], as the lease says [2].')
    expect(sources.slice(0, 2).map(({ id }) => id)).toEqual([passages[1]?.id, passages[0]?.id])
    expect(sources.map(({ isCited }) => isCited).indexOf(false)).toBe(sources.length > 2 ? 2 : -1)
    expect(
      sources.some(({ page, documentName, boxes }) => page === 2 && documentName.endsWith('.pdf') && boxes.length > 0),
    ).toBe(true)
    const [chat] = server.chats
    expect(chat?.body).toMatchObject({ stream: true, options: { num_ctx: 8192 } })
    expect(events.findIndex(({ type }) => type === 'passages')).toBeLessThan(
      events.findIndex(({ type }) => type === 'token'),
    )
  })

  it('prints text and sources for a person', async () => {
    await using server = await startRecordingModelServer({ answer: { tokens: ['180 days [1].'], gapMs: 1 } })
    const { code, stdout } = await runCarrel(['ask', question], {
      dataFolder,
      environment: { OLLAMA_HOST: server.url },
    })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^180 days \[1\]\.[\s\S]*Sources\n\[1\] Office lease, 14 Elm Street\.pdf, page 2/)
  })

  it('closes the model connection on Ctrl-C', async () => {
    await using server = await startRecordingModelServer()
    const run = startCarrel(['ask', question], { dataFolder, environment: { OLLAMA_HOST: server.url } })
    const chat = await server.nextRequest()
    chat.sendText('Half an answer')
    await run.shows('Half an answer')
    run.child.kill('SIGINT')
    expect((await chat.closed).isComplete).toBe(false)
    expect(await run.ended).toMatchObject({ code: 1, stdout: expect.stringContaining('(stopped)') })
    expect(server.openConnections).toBe(0)
  })

  it('ends when nobody reads its output any more', async () => {
    await using server = await startRecordingModelServer()
    const run = startCarrel(['ask', question], { dataFolder, environment: { OLLAMA_HOST: server.url } })
    const chat = await server.nextRequest()
    chat.sendText('Half')
    await run.shows('Half')
    run.child.stdout?.destroy()
    chat.sendText(' more')
    expect((await chat.closed).isComplete).toBe(false)
    await run.ended
  })

  it('gives quotations, labelled, without a model server, in both languages', async () => {
    for (const [library, asked, expected] of [
      [dataFolder, question, /one hundred eighty \(180\) days’ prior written notice/],
      [chineseFolder, '提前退租要提前多久通知？', /提前一百八十日书面通知/],
    ] as const) {
      const { code, stdout, stderr } = await runCarrel(['ask', asked], { dataFolder: library })
      expect(code).toBe(0)
      expect(stdout).toMatch(expected)
      expect(stdout).toMatch(/\[1\]/)
      expect(stderr).toContain('Quotations only')
    }
  })

  it('asks no server for --quotes', async () => {
    await using server = await startRecordingModelServer({ answer: { tokens: ['no'], gapMs: 1 } })
    const { stdout } = await runCarrel(['ask', '--quotes', question], {
      dataFolder,
      environment: { OLLAMA_HOST: server.url },
    })
    expect(stdout).toContain('180')
    expect(server.requests).toEqual([])
  })

  it.each([
    ['a missing model', ['--model', 'nosuch:1b'], 'ollama-model-missing'],
    ['a cloud model', ['--model', 'giant:cloud'], 'model-not-local'],
  ])('refuses %s by name, after showing what was found', async (_name, words, code) => {
    await using server = await startRecordingModelServer({ answer: { tokens: ['no'], gapMs: 1 } })
    const run = await runCarrel(['--json', 'ask', question, ...words], {
      dataFolder,
      environment: { OLLAMA_HOST: server.url },
    })
    expect(run.code).toBe(1)
    const events = jsonLines(run.stdout).map((line) => streamEventSchema.parse(line))
    expect(events.at(-2)?.type).toBe('sources')
    expect(events.at(-1)).toMatchObject({ type: 'error', error: { code } })
    expect(run.stderr).toContain(words[1])
    expect(server.chats).toHaveLength(0)
  })

  it('never asks a server on another computer', async () => {
    const { stdout, stderr } = await runCarrel(['ask', question], {
      dataFolder,
      environment: { OLLAMA_HOST: 'http://192.0.2.1:11434' },
    })
    expect(stdout).toContain('180')
    expect(stderr).toContain('192.0.2.1')
  })

  it('explains itself with --verbose: stages, durations, the question searched, passage ids', async () => {
    const { stderr } = await runCarrel(['ask', '--quotes', '--verbose', question], { dataFolder })
    expect(stderr).toMatch(/retrieve begins, query "What notice/)
    expect(stderr).toMatch(/retrieve took \d+ ms, passages [0-9a-f]{16}-\d+/)
  })
})
