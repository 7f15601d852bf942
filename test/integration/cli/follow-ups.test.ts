import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type StreamEvent, streamEventSchema } from '../../../src/shared/answer-stream.ts'
import type { ChatBody } from '../../support/recorded-chat.ts'
import { startRecordingModelServer } from '../../support/recording-model-server.ts'
import { jsonLines, projectFolder, runCarrel, startCarrel, temporaryFolder } from '../../support/run-carrel.ts'

const lease = join(projectFolder, 'resources', 'samples', 'Office lease, 14 Elm Street.pdf')
const first = 'What notice must the tenant give to end the lease early?'
const realOllama = process.env['CARREL_TEST_OLLAMA'] ?? ''
const realModel = process.env['CARREL_TEST_OLLAMA_MODEL'] ?? ''

const promptOf = ({ messages }: ChatBody): string => messages.at(-1)?.content ?? ''
const isCondensing = (body: ChatBody): boolean => promptOf(body).startsWith('Rewrite the last question')
const isTranslating = (body: ChatBody): boolean => promptOf(body).startsWith('Translate a question')

describe('follow-ups at the command line', { timeout: 600_000 }, () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let dataFolder = ''
  beforeAll(async () => {
    folder = await temporaryFolder()
    dataFolder = join(folder.path, 'library')
    expect((await runCarrel(['add', lease], { dataFolder })).code).toBe(0)
  })
  afterAll(() => folder[Symbol.asyncDispose]())

  async function ask(
    conversation: string,
    question: string,
    server: string,
    ...words: readonly string[]
  ): Promise<{ readonly code: number | null; readonly events: readonly StreamEvent[]; readonly stderr: string }> {
    const { code, stdout, stderr } = await runCarrel(
      ['--json', 'ask', question, '--conversation', conversation, ...words],
      { dataFolder, environment: { OLLAMA_HOST: server } },
    )
    return { code, events: jsonLines(stdout).map((line) => streamEventSchema.parse(line)), stderr }
  }
  const details = (events: readonly StreamEvent[]) =>
    events.flatMap((event) => (event.type === 'status' && event.stage === 'condense' ? [event.detail] : []))
  const textOf = (events: readonly StreamEvent[]): string =>
    events.map((event) => (event.type === 'token' ? event.text : '')).join('')

  it('asks the second question of a conversation in a condensed form too, and shows it', async () => {
    const condensed = 'What does the tenant pay to end the Elm Street lease early?'
    await using server = await startRecordingModelServer({
      answer: (body) => ({ tokens: [isCondensing(body) ? condensed : '180 days [1].'], gapMs: 1 }),
    })
    const conversation = randomUUID()
    expect(details((await ask(conversation, first, server.url)).events)).toEqual([])
    const second = await ask(conversation, 'and what does it cost?', server.url)
    expect(second.code).toBe(0)
    expect(details(second.events)).toEqual([{}, { condensedQuestion: condensed }])
    expect(server.chats.filter(({ body }) => isCondensing(body))).toHaveLength(1)
    const condensing = promptOf(server.chats[1]?.body ?? { model: '', messages: [] })
    expect(condensing).toContain(`Question: ${first}\nAnswer: 180 days`)
    expect(server.chats[1]?.body).toMatchObject({ think: false, options: { temperature: 0, num_ctx: 8192 } })
    expect(server.chats[2]?.body.options).toMatchObject({ num_ctx: 8192 })
    // And as a person sees it.
    const run = await runCarrel(['ask', 'and why?', '--conversation', conversation], {
      dataFolder,
      environment: { OLLAMA_HOST: server.url },
    })
    expect(run.stderr).toContain(`Searched also for: ${condensed}`)
  })

  it('gives the previous answer another form, with its sources and their numbers', async () => {
    await using server = await startRecordingModelServer({
      answer: (_body, number) => ({ tokens: [number === 0 ? 'Notice [1] and pay [2].' : 'Pay [2].'], gapMs: 1 }),
    })
    const conversation = randomUUID()
    const before = await ask(conversation, first, server.url)
    const after = await ask(conversation, '简短一点', server.url)
    expect(after.code).toBe(0)
    expect(details(after.events)).toEqual([{ transformation: 'shorter' }])
    expect(textOf(after.events)).toBe('Pay [2].')
    const [old, now] = [before, after].map(({ events }) => events.find((event) => event.type === 'sources')?.sources)
    expect(now?.map(({ id, number }) => [id, number])).toEqual(old?.map(({ id, number }) => [id, number]))
    expect(now?.filter(({ isCited }) => isCited).map(({ number }) => number)).toEqual([2])
    expect(after.events.some((event) => event.type === 'status' && event.stage === 'retrieve')).toBe(false)
    expect(promptOf(server.chats[1]?.body ?? { model: '', messages: [] })).toContain('Notice [1] and pay [2].')
  })

  it('says plainly that a change of the answer needs a model, and keeps the conversation', async () => {
    const conversation = randomUUID()
    expect((await ask(conversation, first, 'http://127.0.0.1:9')).code).toBe(0)
    const refused = await ask(conversation, 'as a table', 'http://127.0.0.1:9')
    expect(refused.code).toBe(1)
    expect(refused.events.at(-1)).toMatchObject({ type: 'error', error: { code: 'model-needed' } })
    expect(refused.stderr).toContain('Only a model can rewrite the previous answer')
    const next = await ask(conversation, 'and the rent?', 'http://127.0.0.1:9')
    expect(next.code).toBe(0)
    expect(details(next.events).at(-1)).toEqual({ previousQuestion: first })
  })

  it('searches English documents for a Chinese question in translation, or says why they may be missed', async () => {
    await using server = await startRecordingModelServer({
      answer: (body) => ({
        tokens: [isTranslating(body) ? 'How long is the notice to end the lease early?' : '一百八十天 [1]。'],
        gapMs: 1,
      }),
    })
    const question = '提前终止租约需要多久通知？'
    const translated = await ask(randomUUID(), question, server.url)
    expect(details(translated.events).at(-1)).toEqual({
      translatedQuestion: 'How long is the notice to end the lease early?',
    })
    const found = translated.events.findLast((event) => event.type === 'passages')?.passages ?? []
    expect(found[0]?.text).toContain('180')
    const without = await runCarrel(['ask', '--quotes', question], { dataFolder })
    expect(without.stderr).toContain('Part of the library is in English')
  })

  it('closes the model connection on Ctrl-C while the question is condensed', async () => {
    await using server = await startRecordingModelServer({ answer: { tokens: ['180 days [1].'], gapMs: 1 } })
    const conversation = randomUUID()
    await ask(conversation, first, server.url)
    server.setAnswer('manual')
    await server.nextRequest()
    const run = startCarrel(['ask', 'and then?', '--conversation', conversation], {
      dataFolder,
      environment: { OLLAMA_HOST: server.url },
    })
    const chat = await server.nextRequest()
    expect(isCondensing(chat.body)).toBe(true)
    chat.sendText('What')
    run.child.kill('SIGINT')
    expect((await chat.closed).isComplete).toBe(false)
    expect(await run.ended).toMatchObject({ code: 1, stdout: expect.stringContaining('(stopped)') })
    await server.allClosed()
  })

  it.skipIf(realOllama === '')(
    'goes well with a real small model (CARREL_TEST_OLLAMA), whatever it writes',
    async () => {
      const conversation = randomUUID()
      expect((await ask(conversation, first, realOllama, '--quotes')).code).toBe(0)
      const run = startCarrel(
        ['--json', 'ask', 'and what about the deposit?', '--conversation', conversation, '--model', realModel],
        { dataFolder, environment: { OLLAMA_HOST: realOllama } },
      )
      // It may write for minutes: its first word is enough.
      await run.shows('"type":"token"')
      run.child.kill('SIGINT')
      const events = jsonLines((await run.ended).stdout).map((line) => streamEventSchema.parse(line))
      const detail = details(events).at(-1)
      // A rewrite that is of use, or the words of the reader with those before: never nothing.
      expect(detail?.condensedQuestion ?? detail?.previousQuestion).toMatch(/\w/)
      expect(events.findLast((event) => event.type === 'passages')?.passages.length).toBeGreaterThan(0)
      expect(textOf(events)).not.toBe('')
    },
  )
})
