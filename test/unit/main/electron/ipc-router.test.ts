import type { IpcMain, IpcMainInvokeEvent } from 'electron'
import { expect, it } from 'vitest'
import { requestChannels } from '../../../../src/shared/channels.ts'
import { AppError } from '../../../../src/shared/errors.ts'
import type { ModelServerStatus } from '../../../../src/shared/model-server.ts'
import type { Carrel } from '../../../../src/main/compose.ts'
import { routeRequests } from '../../../../src/main/electron/ipc-router.ts'

type Listener = Parameters<IpcMain['handle']>[1]
type Handlers = Carrel['handlers']

// The router hands the event on and reads nothing of it.
const event = {} as IpcMainInvokeEvent
const models: ModelServerStatus = {
  state: 'not-running',
  product: null,
  offeredAddress: null,
  address: null,
  triedAddresses: [],
  version: null,
  models: [],
  refusedModels: [],
  chosenModel: null,
  problem: null,
}

function route(
  options: { handlers?: Partial<Handlers>; carrel?: Promise<{ handlers: Handlers }>; isOurs?: boolean } = {},
) {
  const listeners = new Map<string, Listener>()
  const errors: unknown[] = []
  routeRequests({
    ipcMain: { handle: (channel, listener) => void listeners.set(channel, listener) },
    // Only the handlers under test are there; calling another is a TypeError, and so a failed test.
    carrel: options.carrel ?? Promise.resolve({ handlers: (options.handlers ?? {}) as Handlers }),
    isFromOurPage: () => options.isOurs ?? true,
    checkResponses: true,
    log: { warn: () => undefined, error: (_message, cause) => void errors.push(cause) },
  })
  const request = (channel: string, payload: unknown): unknown => listeners.get(channel)?.(event, payload)
  return { listeners, errors, request }
}

it('listens on every channel of the contract', () => {
  expect([...route().listeners.keys()]).toEqual([...requestChannels])
})

it('wraps a reply', async () => {
  const { request } = route({ handlers: { 'models:choose': (asked) => ({ ...models, chosenModel: asked.name }) } })
  expect(await request('models:choose', { name: 'gemma:2b' })).toEqual({
    ok: true,
    value: { ...models, chosenModel: 'gemma:2b' },
  })
})

it('waits while the library still opens', async () => {
  const { promise, resolve } = Promise.withResolvers<{ handlers: Handlers }>()
  const reply = route({ carrel: promise }).request('models:status', {})
  resolve({ handlers: { 'models:status': () => models } as Partial<Handlers> as Handlers })
  expect(await reply).toEqual({ ok: true, value: models })
})

it('refuses what is not from our page before it looks at the request', async () => {
  expect(await route({ isOurs: false }).request('models:status', 'nonsense')).toMatchObject({
    ok: false,
    error: { code: 'forbidden' },
  })
})

it.each([undefined, null, 'text', {}, { name: '' }, { name: 1 }, { name: 'a', more: true }])(
  'refuses %j as a request',
  async (payload) => {
    const reply = await route().request('models:choose', payload)
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid-request' } })
  },
)

it('hands on an expected error, and of an unknown one only that it happened', async () => {
  const { request, errors } = route({
    handlers: {
      'models:status': () => Promise.reject(new AppError('ollama-unreachable', 'Start Ollama.')),
      'settings:get': () => {
        throw new Error('/secret/place')
      },
    },
  })
  expect(await request('models:status', {})).toMatchObject({
    ok: false,
    error: { code: 'ollama-unreachable', message: 'Start Ollama.' },
  })
  const reply = await request('settings:get', {})
  expect(reply).toMatchObject({ ok: false, error: { code: 'internal' } })
  expect(JSON.stringify(reply)).not.toContain('secret')
  expect(errors).toMatchObject([{ message: '/secret/place' }])
})

it('finds a reply that breaks the contract', async () => {
  const broken = { ...models, state: 'sleeping' } as unknown as ModelServerStatus
  const { request, errors } = route({ handlers: { 'models:status': () => broken } })
  expect(await request('models:status', {})).toMatchObject({ ok: false, error: { code: 'internal' } })
  expect(errors).toHaveLength(1)
})
