import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedCarrel, composeCarrel } from '../../support/composed-carrel.ts'
import { type RecordingModelServer, startRecordingModelServer } from '../../support/recording-model-server.ts'

const messages = [{ role: 'user', content: 'Say hello.' }]
let server: RecordingModelServer
let carrel: ComposedCarrel

beforeAll(async () => {
  server = await startRecordingModelServer({ product: 'lm-studio' })
  carrel = await composeCarrel({ ollamaHost: server.url })
}, 120_000)
afterAll(async () => {
  await carrel[Symbol.asyncDispose]()
  await server.close()
})

function relay(body: object): Promise<Response> {
  return carrel.fetch('/v1/relay', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

describe('POST /v1/relay', { timeout: 120_000 }, () => {
  it('sends each piece of the local model out at once, as plain text', async () => {
    const pending = relay({ messages })
    const chat = await server.nextRequest()
    expect(chat.body).toMatchObject({ stream: true, messages, model: 'recorded:1b' })
    chat.sendText('Hel')
    const response = await pending
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader?.read())?.value).toBe('Hel')
    chat.sendText('lo.')
    expect((await reader?.read())?.value).toBe('lo.')
    chat.finish()
    expect((await reader?.read())?.done).toBe(true)
  })

  it('closes the model connection when its client leaves', async () => {
    const leaving = new AbortController()
    const pending = carrel.fetch('/v1/relay', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ messages }),
      signal: leaving.signal,
    })
    const chat = await server.nextRequest()
    chat.sendText('Half')
    const response = await pending
    const text = response.text()
    leaving.abort()
    await expect(text).rejects.toThrow()
    expect((await chat.closed).isComplete).toBe(false)
  })

  it.each([
    ['a model that is not there', 'nosuch:1b', 404, 'ollama-model-missing'],
    ['a model in the cloud', 'giant:cloud', 400, 'model-not-local'],
  ])('refuses %s by name', async (_name, model, status, code) => {
    const response = await relay({ messages, model })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error: { code } })
  })

  it('tells a failure before the first word by a status, and breaks off after it', async () => {
    const early = relay({ messages })
    const first = await server.nextRequest()
    first.fail(500, 'out of luck')
    expect((await early).status).toBe(502)
    const late = relay({ messages })
    const second = await server.nextRequest()
    second.sendText('Half')
    const response = await late
    second.destroy()
    await expect(response.text()).rejects.toThrow()
  })

  it('says so where there is no model server', async () => {
    await using alone = await composeCarrel()
    const response = await alone.fetch('/v1/relay', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ messages }),
    })
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ error: { message: expect.stringMatching(/\.$/) } })
  })
})
