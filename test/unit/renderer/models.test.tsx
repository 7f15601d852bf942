// @vitest-environment jsdom
import { act } from 'react'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { DownloadDialog } from '../../../src/renderer/features/models/download-dialog.tsx'
import { fits, recommendedModels, suitableModel } from '../../../src/renderer/features/models/recommended-models.ts'
import { ServerSettings } from '../../../src/renderer/features/models/server-settings.tsx'
import { useRecheck } from '../../../src/renderer/features/models/use-recheck.ts'
import { WorkNote } from '../../../src/renderer/features/models/work-note.tsx'
import { ModelCard } from '../../../src/renderer/features/onboarding/model-card.tsx'
import { useModels } from '../../../src/renderer/features/settings/models-store.ts'
import { useLayout } from '../../../src/renderer/components/layout-store.ts'
import { receivePush } from '../../../src/renderer/push-listener.ts'
import { modelServerStates, type ModelPull, type ModelServerStatus } from '../../../src/shared/model-server.ts'
import { settingsSchema } from '../../../src/shared/settings.ts'
import { draw, type Drawn } from '../../support/draw.tsx'
import { createFakePageApi, type FakeWorld, noModels, readyModels } from '../../support/fake-page-api.ts'
import { providePageGlobals } from '../../support/page-globals.ts'
import { modelScene } from '../../support/page-harness/model-scenes.ts'

beforeAll(providePageGlobals)
let world: FakeWorld
let drawn: Drawn | null
const provide = (given: Partial<FakeWorld>): void => {
  const fake = createFakePageApi(given)
  world = fake.world
  Object.assign(window, { api: fake.api })
  useModels.setState({ status: world.models, pull: world.activity.pull, work: world.activity.work })
}
beforeEach(() => {
  drawn = null
  useModels.setState(useModels.getInitialState(), true)
  useLayout.setState(useLayout.getInitialState(), true)
})
afterEach(async () => {
  vi.useRealTimers()
  await drawn?.remove()
  document.body.replaceChildren()
})
const text = (): string => document.body.textContent
const button = (words: string): HTMLButtonElement => {
  const found = [...document.querySelectorAll('button')].find((one) => one.textContent.includes(words))
  if (found === undefined) throw new Error(`no button says ${words}: ${text()}`)
  return found
}
const asked = (channel: string) => world.requests.filter((request) => request.channel === channel)

describe('the card', () => {
  it.each(['en', 'zh-CN'] as const)(
    'has a title, a sentence and a next step for every state, in %s',
    async (language) => {
      const seen = new Set<string>()
      for (const state of modelServerStates) {
        provide(modelScene(`model-${state}`))
        drawn = await draw(<ModelCard />, language)
        if (state === 'ready') expect(text()).toBe('')
        else {
          expect(document.querySelector('[data-testid="model-card"]')?.getAttribute('data-state')).toBe(state)
          expect(document.querySelector('p')?.textContent).toMatch(/[.。]$/)
          expect(text()).not.toMatch(/\{\{|undefined|error\./)
          expect(document.querySelectorAll('button').length).toBeGreaterThan(0)
          seen.add(document.querySelector('h3')?.textContent ?? '')
        }
        await drawn.remove()
        drawn = null
      }
      expect(seen.size).toBe(modelServerStates.length - 1)
    },
  )

  it('offers the place where a server answers', async () => {
    provide(modelScene('model-wrong-port'))
    drawn = await draw(<ModelCard />)
    await act(async () => button('Use 127.0.0.1:11434').click())
    expect(asked('models:use-server')).toEqual([
      { channel: 'models:use-server', request: { address: 'http://127.0.0.1:11434' } },
    ])
  })

  it('opens the downloads, with the missing model in it', async () => {
    provide(modelScene('model-model-missing'))
    drawn = await draw(<ModelCard />)
    await act(async () => button('Download a model').click())
    expect(useLayout.getState().download).toEqual({ name: 'llama3.2:3b' })
  })

  it('shows how far a download is, and cancels it', async () => {
    provide(modelScene('model-pulling'))
    drawn = await draw(<ModelCard />)
    expect(document.querySelector('[role="progressbar"]')?.getAttribute('aria-valuenow')).toBe('34')
    expect(text()).toContain('1.8 GB of 5.2 GB · 23 MB/s · about 3 min left')
    await act(async () => button('Cancel').click())
    expect(asked('models:cancel-pull')).toHaveLength(1)
  })
})

describe('downloading', () => {
  const open = async (given: Partial<FakeWorld> = {}): Promise<void> => {
    provide({ ...modelScene('model-no-model'), ...given })
    drawn = await draw(<DownloadDialog />)
    await act(async () => useLayout.getState().showDownload({ name: '' }))
  }

  it('begins with what suits the memory, and says who downloads', async () => {
    await open()
    expect(text()).toContain('Ollama downloads it from the internet')
    expect(document.querySelector<HTMLInputElement>('input:checked')?.value).toBe('qwen3:8b')
    await act(async () => button('Download').click())
    expect(asked('models:pull')).toEqual([{ channel: 'models:pull', request: { name: 'qwen3:8b' } }])
    expect(text()).toContain('Preparing qwen3:8b')
    const pull: ModelPull = {
      name: 'qwen3:8b',
      phase: 'downloading',
      receivedBytes: 500,
      totalBytes: 1000,
      bytesPerSecond: null,
      error: null,
    }
    await act(async () => receivePush({ type: 'model-pull', pull }))
    expect(document.querySelector('[role="progressbar"]')?.getAttribute('aria-valuenow')).toBe('50')
    await act(async () => receivePush({ type: 'model-pull', pull: { ...pull, phase: 'done' } }))
    expect(text()).toContain('qwen3:8b is ready')
  })

  it('says why a name was refused', async () => {
    await open({
      failures: {
        'models:pull': {
          code: 'invalid-request',
          message: '',
          retryable: false,
          details: { reason: 'model-name' },
        },
      },
    })
    await act(async () => button('Download').click())
    expect(document.querySelector('[role="alert"]')?.textContent).toContain('not the name of a model')
  })

  it('a failed one can go on', async () => {
    await open(modelScene('model-pull-failed'))
    expect(document.querySelector('[role="alert"]')?.textContent).toContain('Check the network')
    await act(async () => button('Go on').click())
    expect(asked('models:pull')).toHaveLength(1)
  })

  it('recommends the largest that fits', () => {
    const gigabyte = 1_000_000_000
    expect(suitableModel(null)).toBeNull()
    expect([2, 7.6, 8.2, 15.4, 64].map((memory) => suitableModel(memory * gigabyte)?.name)).toEqual([
      'qwen3:1.7b',
      'qwen3:4b',
      'qwen3:4b',
      'qwen3:8b',
      'qwen3:14b',
    ])
    for (const model of recommendedModels) {
      expect(model.sizeBytes).toBeLessThan(model.memoryBytes)
      expect(fits(model, model.memoryBytes)).toBe(true)
    }
  })
})

describe('the settings', () => {
  it('list what the server has, and ask for the rest', async () => {
    provide({})
    drawn = await draw(<ServerSettings settings={world.settings} />)
    expect(asked('models:details')).toHaveLength(1)
    expect(text()).toContain('Ollama 0.11.4 at 127.0.0.1:11434')
    expect(text()).toContain('8.2B · Q4_K_M · 5.2 GB · 40,960 tokens · uses tools · thinks first')
    expect(text()).toContain('loaded')
  })

  it('say why an address is not taken', async () => {
    const settings = settingsSchema.parse({ modelServer: 'http://127.0.0.1:1234' })
    provide({
      settings,
      failures: {
        'models:use-server': {
          code: 'model-not-local',
          message: '',
          retryable: false,
          details: { reason: 'host', host: 'example.com' },
        },
      },
    })
    drawn = await draw(<ServerSettings settings={settings} />)
    await act(async () => button('Use').click())
    expect(document.querySelector('[role="alert"]')?.textContent).toContain('example.com is not an address')
  })

  it('say where other servers load their models', async () => {
    provide({ models: { ...readyModels, product: 'lm-studio', version: null } })
    drawn = await draw(<ServerSettings settings={world.settings} />)
    expect(text()).toContain('More models are loaded in LM Studio itself')
    expect(text()).not.toContain('Download a model')
  })
})

describe('work after Stop', () => {
  it.each([
    ['process', 'is still finishing'],
    ['server', 'is still finishing'],
    ['none', 'may still be reading'],
  ] as const)('known by %s: %s, with the time, until it is done', async (basis, words) => {
    vi.useFakeTimers()
    provide({})
    drawn = await draw(<WorkNote />)
    expect(text()).toBe('')
    await act(async () => receivePush({ type: 'model-work', work: { model: 'm', since: Date.now(), basis } }))
    expect(text()).toContain(words)
    await act(async () => vi.advanceTimersByTime(75_000))
    expect(document.querySelector('[data-testid="elapsed"]')?.textContent).toBe(' · 1 min 15 s')
    await act(async () => receivePush({ type: 'model-work', work: null }))
    expect(text()).toBe('')
  })
})

describe('looking again by itself', () => {
  function Rechecks(): null {
    useRecheck()
    return null
  }
  const pass = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds))
  const start = async (models: ModelServerStatus): Promise<void> => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    provide({ models })
    drawn = await draw(<Rechecks />)
  }

  it('while none is ready, ever more calmly, and not once one is', async () => {
    await start(noModels)
    await pass(3_000)
    expect(asked('models:status')).toHaveLength(1)
    await pass(5_000)
    await pass(10_000)
    await pass(20_000)
    expect(asked('models:status')).toHaveLength(4)
    await pass(120_000)
    expect(asked('models:status')).toHaveLength(8)
    expect(useModels.getState().isChecking).toBe(false)
    world.models = readyModels
    await pass(30_000)
    expect(useModels.getState().status?.state).toBe('ready')
    const before = asked('models:status').length
    await pass(600_000)
    expect(asked('models:status')).toHaveLength(before)
  })

  it('not while the window cannot be seen, and at once when it comes to the front', async () => {
    await start(noModels)
    const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    await pass(60_000)
    expect(asked('models:status')).toHaveLength(0)
    visibility.mockRestore()
    await act(async () => void window.dispatchEvent(new Event('focus')))
    expect(asked('models:status')).toHaveLength(1)
    await act(async () => void window.dispatchEvent(new Event('focus')))
    expect(asked('models:status')).toHaveLength(1)
  })
})

describe('warming up', () => {
  it('is asked for where a model is ready, and not where answers are quotations', async () => {
    provide({})
    await useModels.getState().warmUp()
    expect(asked('models:warm-up')).toHaveLength(1)
    useModels.setState({ isQuotesOnly: true })
    await useModels.getState().warmUp()
    useModels.setState({ isQuotesOnly: false, status: noModels })
    await useModels.getState().warmUp()
    expect(asked('models:warm-up')).toHaveLength(1)
  })
})
