import type { SerializedAppError } from '../../../src/shared/errors.ts'
import type { ModelPull, ModelServerStatus } from '../../../src/shared/model-server.ts'
import { type FakeWorld, noModels, readyModels } from '../fake-page-api.ts'

const problem = (code: SerializedAppError['code'], details: SerializedAppError['details']): SerializedAppError => ({
  code,
  message: '',
  retryable: true,
  details,
})

const statuses: Readonly<Record<string, ModelServerStatus>> = {
  'not-installed': noModels,
  'not-running': {
    ...noModels,
    state: 'not-running',
    problem: problem('ollama-unreachable', { addresses: '127.0.0.1:11434 or [::1]:11434' }),
  },
  'wrong-port': {
    ...noModels,
    state: 'wrong-port',
    offeredAddress: 'http://127.0.0.1:11434',
    problem: problem('ollama-unreachable', {
      reason: 'wrong-port',
      addresses: '127.0.0.1:1234',
      toldBy: 'Settings',
      offered: '127.0.0.1:11434',
    }),
  },
  'too-old': {
    ...readyModels,
    state: 'too-old',
    version: '0.1.38',
    models: [],
    chosenModel: null,
    problem: problem('model-server-too-old', { version: '0.1.38', needed: '0.2.0' }),
  },
  'no-model': {
    ...readyModels,
    state: 'no-model',
    models: [],
    chosenModel: null,
    problem: problem('ollama-model-missing', { reason: 'none-here' }),
  },
  'model-missing': {
    ...readyModels,
    state: 'model-missing',
    chosenModel: 'llama3.2:3b',
    problem: problem('ollama-model-missing', { model: 'llama3.2:3b' }),
  },
  'out-of-memory': {
    ...readyModels,
    state: 'out-of-memory',
    problem: problem('model-out-of-memory', { model: 'qwen3:8b' }),
  },
  loading: {
    ...readyModels,
    state: 'loading',
    product: 'llama-cpp',
    version: 'b6123',
    problem: problem('ollama-unreachable', { reason: 'loading' }),
  },
  refused: {
    ...noModels,
    state: 'refused',
    problem: problem('model-not-local', { reason: 'host', host: '192.168.1.7:11434' }),
  },
}

const pulling: ModelPull = {
  name: 'qwen3:8b',
  phase: 'downloading',
  receivedBytes: 1_780_000_000,
  totalBytes: 5_200_000_000,
  bytesPerSecond: 23_000_000,
  error: null,
}

/** What a `model-...` scene changes: `model-no-model` is that state, `model-pulling` a download, `model-work` a stopped question. */
export function modelScene(scene: string): Partial<FakeWorld> {
  const name = scene.replace(/^model-/, '')
  const activity = { pull: null, work: null, memoryBytes: 16_600_000_000 }
  if (name === 'pulling') return { models: statuses['no-model'] ?? noModels, activity: { ...activity, pull: pulling } }
  if (name === 'pull-failed') {
    const error = problem('model-download-failed', { reason: 'no-network', model: 'qwen3:8b' })
    return {
      models: statuses['no-model'] ?? noModels,
      activity: { ...activity, pull: { ...pulling, phase: 'failed', bytesPerSecond: null, error } },
    }
  }
  if (name === 'work') {
    return { activity: { ...activity, work: { model: 'qwen3:8b', since: Date.now() - 12_000, basis: 'process' } } }
  }
  return { models: statuses[name] ?? readyModels, activity }
}
