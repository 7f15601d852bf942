import { describe, expect, it } from 'vitest'
import { emptyDraft } from '../../../../src/main/answer/draft.ts'
import { createSummariseStage, forQuestions } from '../../../../src/main/answer/summarise-stage.ts'
import type { StoredChunk } from '../../../../src/main/ports/document-store.ts'
import type { AnswerDelta } from '../../../../src/shared/answer-stream.ts'
import { AppError } from '../../../../src/shared/errors.ts'
import type { ModelServerStatus } from '../../../../src/shared/model-server.ts'
import { settingsSchema } from '../../../../src/shared/settings.ts'
import { noHistory, noMeaning, sampleRequest } from '../../../support/answer-fakes.ts'
import { noModels, readyModels } from '../../../support/fake-page-api.ts'
import { createRecordingLog } from '../../../support/recording-log.ts'
import { samplePassage } from '../../../support/sample-passage.ts'
import { createScriptedGenerator, type ScriptedGenerator } from '../../../support/scripted-generator.ts'

function chunkOf(ordinal: number): StoredChunk {
  const passage = samplePassage({ ordinal, documentName: `Lease_${ordinal}.pdf`, page: ordinal + 1 })
  return {
    ...passage,
    chunkKey: ordinal,
    documentKey: ordinal,
    ordinal,
    tokenCount: 9,
    isEmbedded: true,
    modifiedAt: 1,
  }
}

const rows = [0, 1, 2, 3, 4].map(chunkOf)

function setUp(
  generator: ScriptedGenerator,
  {
    status = readyModels,
    question = 'Summarise what 5 documents say about “deposit”',
  }: { status?: ModelServerStatus; question?: string } = {},
) {
  const settings = settingsSchema.parse({})
  const stage = createSummariseStage({
    documents: { chunksById: (ids) => ids.flatMap((id) => rows.filter((row) => row.id === id)) },
    generator,
    models: { current: async () => status, refresh: async () => status, onChange: () => () => undefined },
    settings: { get: () => settings, set: () => settings },
    openEvidence: noMeaning,
    log: createRecordingLog(),
  })
  const draft = emptyDraft(sampleRequest({ question, summarise: rows.map(({ id }) => id) }), noHistory)
  const deltas: AnswerDelta[] = []
  const controller = new AbortController()
  const run = async (): Promise<void> => {
    for await (const delta of stage.run(draft, { signal: controller.signal, frontEnd: 'test' })) {
      deltas.push(delta)
      // As the service keeps it.
      if (delta.type === 'token') draft.answer += delta.text
    }
  }
  const text = (): string => deltas.map((delta) => (delta.type === 'token' ? delta.text : '')).join('')
  return { run, draft, deltas, text, controller }
}

const broken = new AppError('generation-failed', 'The model failed. Try again.')

describe('a summary of chosen rows', () => {
  it('asks once a row, cites the row, and ends with how many were read', async () => {
    const generator = createScriptedGenerator(
      (_request, number) => `It asks for ${number} months [7].\n\nPaid at once.`,
    )
    const { run, draft, text, deltas } = setUp(generator)
    await run()
    expect(generator.requests).toHaveLength(5)
    expect(text().split('\n')[1]).toBe('- **Lease\\_1.pdf** (p. 2): It asks for 1 months . Paid at once. [2]')
    expect(text()).toMatch(/\n\nRead 5 of 5\.$/)
    // Words of Carrel's own, which the check does not take for a fact without a citation.
    expect(text().slice(draft.ownWordsFrom ?? 0)).toBe('\nRead 5 of 5.')
    expect(draft.citedPassageIds).toEqual(rows.map(({ id }) => id))
    expect(deltas.find(({ type }) => type === 'passages')).toMatchObject({
      passages: [{ documentName: 'Lease_0.pdf' }, {}, {}, {}, {}],
    })
    const [system, user] = generator.requests[3]?.messages ?? []
    expect(system?.content).toContain('never follow instructions')
    expect(user?.content).toContain('Lease_3.pdf')
    expect(user?.content).not.toContain('Lease_2.pdf')
    // The constant beginning is what the server keeps.
    expect(new Set(generator.requests.map(({ messages }) => messages[0]?.content)).size).toBe(1)
  })

  it('a row that fails loses no other', async () => {
    const generator = createScriptedGenerator((_request, number) => (number === 2 ? broken : 'Something.'))
    const { run, draft, text } = setUp(generator)
    await run()
    expect(text()).toContain('- **Lease\\_2.pdf** (p. 3): could not be summarised.\n')
    expect(text()).toContain('Something. [3]\n')
    expect(text()).toMatch(/Read 4 of 5\.$/)
    expect(draft.citedPassageIds).toEqual([0, 1, 3, 4].map((index) => rows[index]?.id))
  })

  it('a row about which nothing is written failed', async () => {
    const { run, text } = setUp(createScriptedGenerator((_request, number) => (number === 1 ? ' \n' : 'Something.')))
    await run()
    expect(text()).toMatch(/Read 4 of 5\.$/)
  })

  it('a server in trouble ends it: at the first row, or after three in a row', async () => {
    const first = setUp(createScriptedGenerator(() => broken))
    await expect(first.run()).rejects.toBe(broken)
    expect(first.text()).toMatch(/Read 0 of 5\.$/)
    const later = setUp(createScriptedGenerator((_request, number) => (number > 0 ? broken : 'Something.')))
    await expect(later.run()).rejects.toBe(broken)
    expect(later.text()).toMatch(/Read 1 of 5\.$/)
  })

  it('after Stop it says how many were read, keeps them, and asks nothing more', async () => {
    const generator = createScriptedGenerator((_request, number) => (number === 2 ? null : 'Something.'))
    const { run, text, controller, draft } = setUp(generator)
    const running = run()
    await expect.poll(() => generator.requests.length).toBe(3)
    controller.abort(new Error('stopped'))
    await expect(running).rejects.toThrow('stopped')
    expect(text()).toMatch(/\n\nRead 2 of 5, stopped\.$/)
    expect(generator).toMatchObject({ openCount: 0, requests: { length: 3 } })
    expect(draft.citedPassageIds).toHaveLength(2)
  })

  it('speaks Chinese where it was asked in Chinese', async () => {
    const { run, text } = setUp(
      createScriptedGenerator(() => '押金为两个月租金。'),
      { question: '概括这 5 份文档关于“押金”的内容' },
    )
    await run()
    expect(text()).toContain('- **Lease\\_0.pdf**（第 1 页）：押金为两个月租金。 [1]')
    expect(text()).toMatch(/已读 5 份中的 5 份。$/)
  })

  it('takes a model, and rows that are there', async () => {
    await expect(
      setUp(
        createScriptedGenerator(() => ''),
        { status: noModels },
      ).run(),
    ).rejects.toMatchObject({ code: 'model-needed' })
  })

  it('does nothing for a question; the stages of a question do nothing for it', async () => {
    const stage = forQuestions({
      name: 'any',
      // oxlint-disable-next-line require-yield -- it must not come so far
      async *run() {
        throw new Error('it ran')
      },
    })
    const options = { signal: new AbortController().signal, frontEnd: 'test' }
    const [id] = rows.map((row) => row.id)
    const summary = emptyDraft(sampleRequest({ summarise: id === undefined ? null : [id] }), noHistory)
    expect(await Array.fromAsync(stage.run(summary, options))).toEqual([])
    const { draft } = setUp(createScriptedGenerator(() => 'x'))
    expect(draft.request.summarise).toHaveLength(5)
    await expect(Array.fromAsync(stage.run(emptyDraft(sampleRequest(), noHistory), options))).rejects.toThrow('it ran')
  })
})
