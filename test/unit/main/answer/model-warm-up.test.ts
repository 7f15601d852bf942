import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createModelWarmUp, type ModelWarmUp } from '../../../../src/main/answer/model-warm-up.ts'
import type { ModelServerStatus } from '../../../../src/shared/model-server.ts'
import { settingsSchema } from '../../../../src/shared/settings.ts'
import { readyModels } from '../../../support/fake-page-api.ts'
import { createManualClock, type ManualClock } from '../../../support/manual-clock.ts'
import { createRecordingLog } from '../../../support/recording-log.ts'

let clock: ManualClock
let status: ModelServerStatus
let contextTokens: number
let isOnBattery: boolean
let isAnswering: boolean
let loads: { readonly model: string; readonly contextTokens: number; readonly signal: AbortSignal }[]
let finish: () => void
let warmUp: ModelWarmUp

beforeEach(() => {
  clock = createManualClock()
  status = readyModels
  contextTokens = 8192
  isOnBattery = false
  isAnswering = false
  loads = []
  const settings = () => settingsSchema.parse({ contextTokens })
  warmUp = createModelWarmUp({
    care: {
      warmUp: (request, { signal }) => {
        loads.push({ ...request, signal })
        return new Promise((resolve, reject) => {
          finish = resolve
          signal.addEventListener('abort', () => reject(signal.reason))
        })
      },
    },
    models: { current: async () => status, refresh: async () => status, onChange: () => () => {} },
    settings: { get: settings, set: settings },
    isOnBattery: () => isOnBattery,
    isAnswering: () => isAnswering,
    clock,
    log: createRecordingLog(),
  })
})

const turn = () => new Promise((resolve) => setImmediate(resolve))
async function once(): Promise<void> {
  warmUp.request()
  await turn()
}

describe('warming up', () => {
  it('loads the chosen model with the context an answer asks for', async () => {
    await once()
    expect(loads).toMatchObject([{ model: 'qwen3:8b', contextTokens: 8192 }])
    contextTokens = 65_536
    finish()
    await turn()
    await once()
    expect(loads.at(-1)).toMatchObject({ contextTokens: 40_960 })
  })

  it('once at a time, and once in five minutes', async () => {
    await once()
    await once()
    expect(loads).toHaveLength(1)
    finish()
    await turn()
    await once()
    expect(loads).toHaveLength(1)
    clock.advance(5 * 60_000)
    await once()
    expect(loads).toHaveLength(2)
  })

  it.each([
    ['on battery', () => (isOnBattery = true)],
    ['while something is answered', () => (isAnswering = true)],
    ['without a model', () => (status = { ...status, state: 'no-model', chosenModel: null })],
    ['when it did not fit before', () => (status = { ...status, state: 'out-of-memory' })],
    ['at a server that loads by itself', () => (status = { ...status, product: 'lm-studio' })],
  ])('never %s', async (_name, arrange) => {
    arrange()
    await once()
    expect(loads).toEqual([])
  })

  it('ends when nobody is there, and may begin again at once', async () => {
    await once()
    warmUp.cancel()
    await turn()
    expect(loads[0]?.signal.aborted).toBe(true)
    await once()
    expect(loads).toHaveLength(2)
    await warmUp[Symbol.asyncDispose]()
    expect(loads[1]?.signal.aborted).toBe(true)
  })

  it('begins anew while the cancelled one still closes its connection', async () => {
    await once()
    warmUp.cancel()
    await once()
    expect(loads).toHaveLength(2)
    expect(loads.map(({ signal }) => signal.aborted)).toEqual([true, false])
    await once()
    expect(loads).toHaveLength(2)
    await warmUp[Symbol.asyncDispose]()
    expect(loads[1]?.signal.aborted).toBe(true)
  })

  it('a failure is no failure of anything else', async () => {
    const broken = vi.fn(async () => {
      throw new Error('broken')
    })
    warmUp = createModelWarmUp({
      care: { warmUp: broken },
      models: { current: async () => status, refresh: async () => status, onChange: () => () => {} },
      settings: { get: () => settingsSchema.parse({}), set: () => settingsSchema.parse({}) },
      isOnBattery: () => false,
      isAnswering: () => false,
      clock,
      log: createRecordingLog(),
    })
    await once()
    expect(broken).toHaveBeenCalledOnce()
    await warmUp[Symbol.asyncDispose]()
  })
})
