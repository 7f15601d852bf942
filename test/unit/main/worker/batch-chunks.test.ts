import { expect, it } from 'vitest'
import { initialCutState, cutChunks } from '../../../../src/main/ingest/chunk/cut-chunks.ts'
import { createBatchBuilder } from '../../../../src/main/worker/batch-chunks.ts'
import { poolVector } from '../../../../src/main/worker/pooling.ts'
import { modelsFolderFromArguments, workerArguments } from '../../../../src/main/worker/worker-arguments.ts'
import { documentIdSchema } from '../../../../src/shared/ids.ts'
import { sliceOf } from '../ingest/chunk/slices.ts'

it('keeps order and size of batches, a slice never behind its chunks', () => {
  const builder = createBatchBuilder()
  const slices = Array.from({ length: 12 }, (_, ordinal) =>
    sliceOf(
      Array.from(
        { length: 30 },
        (_unused, index) => [index % 2 === 0 ? 'heading' : 'paragraph', `Text ${ordinal}.${index}`] as const,
      ),
      { ordinal, start: ordinal * 10_000 },
    ),
  )
  const batches = []
  const wanted = []
  let state = initialCutState
  for (const slice of slices) {
    const cut = cutChunks(slice, state, {
      documentId: documentIdSchema.parse('cd'.repeat(32)),
      countTokens: (text) => text.length,
    })
    state = cut.state
    wanted.push(...cut.chunks)
    batches.push(...builder.add(slice, cut.chunks))
  }
  const rest = builder.finish()
  if (rest !== null) batches.push(rest)
  expect(builder.finish()).toBeNull()
  expect(batches.flatMap(({ slices: some }) => some)).toEqual(slices)
  expect(batches.flatMap(({ chunks }) => chunks)).toEqual(wanted)
  expect(batches.length).toBeGreaterThan(1)
  let lastSliceEnd = 0
  for (const batch of batches) {
    expect(batch.chunks.length).toBeLessThanOrEqual(64)
    lastSliceEnd = batch.slices.at(-1)?.end ?? lastSliceEnd
    for (const chunk of batch.chunks) expect(chunk.end).toBeLessThanOrEqual(lastSliceEnd)
  }
})

it('pools by mean or first token, normalised', () => {
  const values = new Float32Array([3, 0, 0, 4])
  expect([...(poolVector(values, 2, 'cls') ?? [])]).toEqual([1, 0])
  expect([...(poolVector(values, 2, 'mean') ?? [])].map((value) => value.toFixed(4))).toEqual(['0.6000', '0.8000'])
  expect(poolVector(new Float32Array([0, 0]), 2, 'mean')).toBeNull()
  expect(poolVector(new Float32Array([Number.NaN, 1]), 2, 'cls')).toBeNull()
})

it('finds the models folder among the arguments and wants it absolute', () => {
  expect(modelsFolderFromArguments(['electron', 'entry.js', ...workerArguments('/app/models')])).toBe('/app/models')
  expect(() => modelsFolderFromArguments(['--models=models'])).toThrow(/absolute/)
  expect(() => modelsFolderFromArguments([])).toThrow(/absolute/)
})
