import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { AnswerStage } from '../../../../src/main/answer/draft.ts'
import { createManualClock } from '../../../support/manual-clock.ts'
import {
  findStage,
  type LocalApiFixture,
  parseEvents,
  startLocalApi,
  writeStage,
} from '../../../support/local-api-fixture.ts'

const deferredSchema = z.object({ id: z.string(), url: z.string(), expiresAt: z.number() })

async function defer(api: LocalApiFixture): Promise<z.infer<typeof deferredSchema>> {
  const response = await api.fetch('/v1/answers?defer=1', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ question: 'What notice?' }),
  })
  expect(response.status).toBe(201)
  return deferredSchema.parse(await response.json())
}

/** As an EventSource does: without a token. */
function openStream(api: LocalApiFixture, url: string, lastEventId?: string, signal?: AbortSignal): Promise<Response> {
  return fetch(`${api.url}${url}`, {
    headers: { accept: 'text/event-stream', ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) },
    ...(signal === undefined ? {} : { signal }),
  })
}

describe('a deferred question', () => {
  it('is asked when its stream is opened, without a token, and never again', async () => {
    await using api = await startLocalApi()
    const { url } = await defer(api)
    expect(api.turns.begun).toEqual([])
    const events = parseEvents(await (await openStream(api, url)).text())
    expect(events.map(({ event }) => event)).toEqual(['status', 'message', 'message', 'source', 'done'])
    expect((await openStream(api, url)).status).toBe(204)
    expect((await openStream(api, url, events.at(-1)?.id)).status).toBe(204)
    expect(api.turns.begun).toHaveLength(1)
  })

  it('gives a reconnect the rest of what was stored, then 204', async () => {
    await using api = await startLocalApi({ stages: [findStage, writeStage(['a', 'b', 'c'])] })
    const { url } = await defer(api)
    const all = parseEvents(await (await openStream(api, url)).text())
    const rest = parseEvents(await (await openStream(api, url, '3')).text())
    expect(rest).toEqual(all.slice(3))
    expect((await openStream(api, url, String(all.length))).status).toBe(204)
    expect(api.turns.begun).toHaveLength(1)
  })

  it('ends when its reader goes, and keeps what was written for the reconnect', async () => {
    const hang: AnswerStage = {
      name: 'generate',
      async *run(_draft, { signal }) {
        yield { type: 'token', text: 'half' }
        await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      },
    }
    await using api = await startLocalApi({ stages: [findStage, hang] })
    const { url } = await defer(api)
    const leaving = new AbortController()
    const first = await openStream(api, url, undefined, leaving.signal)
    const reader = first.body?.pipeThrough(new TextDecoderStream()).getReader()
    let seen = ''
    while (!seen.includes('half')) seen += (await reader?.read())?.value ?? ''
    expect((await openStream(api, url)).status).toBe(409)
    const gone = reader?.read()
    leaving.abort()
    await expect(gone).rejects.toThrow()
    const read = parseEvents(seen)
    const rest = await reconnect(api, url, read.at(-1)?.id ?? '')
    expect(rest.map(({ event }) => event)).toEqual(['source', 'done'])
    expect(rest.at(-1)?.data).toMatchObject({ finishReason: 'aborted' })
    expect((await openStream(api, url)).status).toBe(204)
    expect(api.turns.begun).toHaveLength(1)
    expect(api.service.answers.count).toBe(0)
  })

  it('refuses an unknown ticket, and one that nobody used in time', async () => {
    const clock = createManualClock()
    await using api = await startLocalApi({ clock })
    expect((await openStream(api, `/v1/answers/${'A'.repeat(43)}/events`)).status).toBe(404)
    expect((await openStream(api, '/v1/answers/short/events')).status).toBe(400)
    const { url, expiresAt } = await defer(api)
    clock.advance(expiresAt - clock.now())
    expect((await openStream(api, url)).status).toBe(404)
    expect(api.turns.begun).toEqual([])
  })

  it('holds at most a hundred unused tickets', async () => {
    await using api = await startLocalApi()
    for (let count = 0; count < 100; count++) await defer(api)
    const response = await api.fetch('/v1/answers?defer=1', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ question: 'One more?' }),
    })
    expect(response.status).toBe(409)
  })
})

/** The server sees the first reader's end a moment after the reader: until then it says 409. */
async function reconnect(
  api: LocalApiFixture,
  url: string,
  lastEventId: string,
): Promise<ReturnType<typeof parseEvents>> {
  for (;;) {
    const response = await openStream(api, url, lastEventId)
    const text = await response.text()
    if (response.status !== 409) return parseEvents(text)
  }
}
