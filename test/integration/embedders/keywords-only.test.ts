import { randomUUID } from 'node:crypto'
import { cp, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { AnswerResult } from '../../../src/shared/answer-stream.ts'
import { askRequestSchema } from '../../../src/shared/ipc.ts'
import { composeCarrel, leaseFile } from '../../support/composed-carrel.ts'
import { projectFolder, temporaryFolder } from '../../support/run-carrel.ts'

const question = 'What notice ends the lease early?'

it(
  'answers by keywords with one sentence while its embedder is altered, and by vectors again when it is back',
  async () => {
    await using resources = await temporaryFolder()
    await cp(join(projectFolder, 'resources', 'models'), join(resources.path, 'models'), { recursive: true })
    const model = join(resources.path, 'models', 'all-MiniLM-L6-v2', 'onnx', 'model_quantized.onnx')
    await rename(model, `${model}.kept`)
    await writeFile(model, 'not a model')
    await using composed = await composeCarrel({ resourcesFolder: resources.path })
    const { carrel } = composed
    const { signal } = new AbortController()
    const ask = async (): Promise<AnswerResult> => {
      const request = askRequestSchema.parse({ conversationId: randomUUID(), question, mode: 'quotes' })
      const events = await Array.fromAsync(carrel.streamAnswer(request, { signal, frontEnd: 'test' }))
      const last = events.at(-1)
      if (last?.type !== 'stop') throw new Error(`it ended with ${JSON.stringify(last)}`)
      return last.result
    }
    const problem = Promise.withResolvers<void>()
    const solved = Promise.withResolvers<void>()
    carrel.importer.onProblem((now) => (now === null ? solved : problem).resolve())

    await carrel.importer.add([leaseFile], { signal })
    await problem.promise
    const byKeywords = await ask()
    expect(byKeywords.usage.keywordsOnly).toMatchObject({
      code: 'embedding-model-missing',
      message: expect.stringContaining('all-MiniLM-L6-v2 is missing or was altered'),
    })
    expect(byKeywords.answer).toContain('(180) days')
    expect(byKeywords.sources.every(({ vectorRank }) => vectorRank === null)).toBe(true)

    await rename(`${model}.kept`, model)
    await solved.promise
    await carrel.importer.idle({ signal })
    const byBoth = await ask()
    expect(byBoth.usage.keywordsOnly).toBeUndefined()
    expect(byBoth.answer).toContain('(180) days')
    expect(byBoth.sources.some(({ vectorRank }) => vectorRank !== null)).toBe(true)
  },
  5 * 60_000,
)
