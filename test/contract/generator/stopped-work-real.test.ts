import { describe, expect, it, vi } from 'vitest'
import { createModelServers } from '../../../src/main/generators/model-servers.ts'
import { readOllamaRunners } from '../../../src/main/generators/runner-processes.ts'
import { createStoppedWork } from '../../../src/main/generators/stopped-work.ts'
import { systemClock } from '../../../src/main/system-clock.ts'
import type { ModelWork } from '../../../src/shared/model-server.ts'
import { createRecordingLog } from '../../support/recording-log.ts'

const { CARREL_TEST_OLLAMA: url = '', CARREL_TEST_OLLAMA_MODEL: model = 'smollm2:135m' } = process.env

describe.skipIf(url === '' || process.platform !== 'linux')(
  'after Stop, on a real Ollama whose processes can be seen (CARREL_TEST_OLLAMA, Linux)',
  { timeout: 300_000 },
  () => {
    it('a long prompt is read on, which shows, and is gone when the runner rests', async () => {
      const log = createRecordingLog()
      using stoppedWork = createStoppedWork({ clock: systemClock, log, readRunners: () => readOllamaRunners() })
      const shown: (ModelWork | null)[] = []
      stoppedWork.onChange((work) => shown.push(work))
      const servers = createModelServers({
        setting: () => url,
        ollamaHost: undefined,
        isOllamaInstalled: async () => true,
        stoppedWork,
        clock: systemClock,
        log,
        usual: [],
      })
      const signal = new AbortController().signal
      await servers.warmUp({ model, contextTokens: 2048 }, { signal })
      // A beginning of its own, so that no earlier run left it in the prompt cache.
      const words = Array.from({ length: 450 }, (_, index) => `${(index * 7919 + process.pid) % 1000}`)
      const stop = new AbortController()
      const events: string[] = []
      const reading = (async () => {
        const request = { model, messages: [{ role: 'user', content: words.join(' ') }], contextTokens: 2048 } as const
        for await (const { type } of servers.generate(request, { signal: stop.signal })) events.push(type)
      })()
      reading.catch(() => {})
      const before = await readOllamaRunners()
      // It reads: its process has used the processor for a while.
      await vi.waitUntil(
        async () => {
          const now = await readOllamaRunners()
          return [...(now ?? [])].some(([pid, usedMs]) => usedMs - (before?.get(pid) ?? 0) > 400)
        },
        { timeout: 120_000, interval: 50 },
      )
      expect(events).toEqual([])
      stop.abort(new Error('stopped'))
      await expect(reading).rejects.toThrow('stopped')
      await vi.waitUntil(() => shown.length > 0, { timeout: 60_000 })
      expect(shown[0]).toMatchObject({ model, basis: 'process' })
      await vi.waitUntil(() => shown.at(-1) === null, { timeout: 200_000 })
    })
  },
)
