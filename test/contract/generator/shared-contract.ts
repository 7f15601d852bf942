import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Clock } from '../../../src/main/ports/clock.ts'
import type { GenerateRequest, GeneratorEvent, ModelServer } from '../../../src/main/ports/generator.ts'
import type { Log } from '../../../src/main/ports/log.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createRecordingLog } from '../../support/recording-log.ts'

/** A server to run the contract against. */
export interface ContractServer {
  /** `127.0.0.1:PORT`. */
  readonly host: string
  readonly model: string
  /** What cannot be known of it: the bare protocol of OpenAI tells names alone. */
  readonly tellsNamesOnly: boolean
  create(parts: { readonly clock: Clock; readonly log: Log }): ModelServer
  readonly openConnections: number
  allClosed(): Promise<void>
  close(): Promise<void>
}

export const longStory = 'Tell a very long story about a library.'

/** What every model server must do, recorded or real. Time stands still, so no time-out can hide a missing event. */
export function describeGeneratorContract(name: string, start: (() => Promise<ContractServer>) | null): void {
  // A small machine that does other things as well writes a few tokens a second.
  describe.skipIf(start === null)(name, { timeout: 180_000 }, () => {
    let server: ContractServer
    let modelServer: ModelServer
    const ask = (change: Partial<GenerateRequest> = {}): GenerateRequest => ({
      model: server.model,
      messages: [
        { role: 'system', content: 'Answer in one sentence.' },
        { role: 'user', content: 'Where does the sun rise?' },
      ],
      contextTokens: 2048,
      ...change,
    })
    const story = () => ask({ messages: [{ role: 'user', content: longStory }] })
    const idle = () => new AbortController().signal

    beforeAll(async () => {
      if (start === null) return
      server = await start()
      modelServer = server.create({ clock: createManualClock(), log: createRecordingLog() })
    })
    afterAll(async () => {
      await server?.close()
    })

    it('accepts, streams text in pieces, and ends with counts', async () => {
      const events = await Array.fromAsync(modelServer.generate(ask({ maxAnswerTokens: 100 }), { signal: idle() }))
      expect(events[0]).toEqual({ type: 'accepted' })
      const end = events.at(-1)
      if (end?.type !== 'end') throw new Error('The last event is not the end.')
      // A real model may talk on to its limit.
      expect(['stop', 'length']).toContain(end.finishReason)
      expect(end.promptTokens).toBeGreaterThan(0)
      expect(end.answerTokens).toBeGreaterThan(0)
      const texts = events.slice(1, -1)
      expect(texts.length).toBeGreaterThan(1)
      expect(texts.every((event) => event.type === 'text' && event.text !== '')).toBe(true)
      await server.allClosed()
    })

    it('says when the answer was cut by its length', async () => {
      const events = await Array.fromAsync(modelServer.generate({ ...story(), maxAnswerTokens: 8 }, { signal: idle() }))
      expect(events.at(-1)).toMatchObject({ type: 'end', finishReason: 'length', answerTokens: 8 })
    })

    it('stops: the connection closes, and the reason is thrown', async () => {
      const stop = new AbortController()
      const events: GeneratorEvent[] = []
      const reason = new Error('stopped by the test')
      const reading = (async () => {
        for await (const event of modelServer.generate(story(), { signal: stop.signal })) {
          events.push(event)
          if (events.length === 4) {
            expect(server.openConnections).toBeGreaterThan(0)
            stop.abort(reason)
          }
        }
      })()
      await expect(reading).rejects.toBe(reason)
      expect(events).toHaveLength(4)
      await server.allClosed()
    })

    it('closes the connection when the consumer leaves', async () => {
      for await (const event of modelServer.generate(story(), { signal: idle() })) {
        if (event.type === 'text') break
      }
      await server.allClosed()
    })

    it('opens nothing when it is stopped before it began', async () => {
      const reason = new Error('too late')
      const reading = Array.fromAsync(modelServer.generate(story(), { signal: AbortSignal.abort(reason) }))
      await expect(reading).rejects.toBe(reason)
      expect(server.openConnections).toBe(0)
    })

    it('names a model that is not there', async () => {
      const reading = Array.fromAsync(modelServer.generate(ask({ model: 'nobody-has-this:1b' }), { signal: idle() }))
      await expect(reading).rejects.toMatchObject({
        code: 'ollama-model-missing',
        message: expect.stringContaining('nobody-has-this:1b'),
      })
    })

    it.each(['glm-4.6:cloud', 'gpt-oss:120b-cloud'])('refuses the cloud model %s by name', async (model) => {
      const reading = Array.fromAsync(modelServer.generate(ask({ model }), { signal: idle() }))
      await expect(reading).rejects.toMatchObject({ code: 'model-not-local', message: expect.stringContaining(model) })
    })

    it('tells what the server has', async () => {
      const status = await modelServer.status({ chosenModel: server.model, signal: idle() })
      expect(status).toMatchObject({
        state: 'ready',
        address: `http://${server.host}`,
        problem: null,
        chosenModel: server.model,
      })
      const model = status.models.find((candidate) => candidate.name === server.model)
      expect(model).toBeDefined()
      if (!server.tellsNamesOnly) {
        expect(status.version).not.toBeNull()
        expect(model?.sizeBytes).toBeGreaterThan(0)
        expect(model?.contextTokens).toBeGreaterThan(0)
        expect(model?.isLoaded).toBe(true)
      }
      await server.allClosed()
    })
  })
}
