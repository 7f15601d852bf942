import { describe, expect, it } from 'vitest'
import { createManualClock } from '../../../support/manual-clock.ts'
import { rawRequest, startLocalApi, testToken } from '../../../support/local-api-fixture.ts'

const authorization = `Bearer ${testToken}`
const question = JSON.stringify({ question: 'What notice?' })
const json = { 'content-type': 'application/json' }

describe('what the local API refuses', () => {
  it.each([
    ['no token', {}],
    ['another token', { authorization: `Bearer ${testToken.replace('t', 'T')}` }],
    ['a longer token', { authorization: `Bearer ${testToken}x` }],
    ['an empty token', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: `Basic ${testToken}` }],
  ])('%s: 401', async (_name, headers) => {
    await using api = await startLocalApi()
    const response = await rawRequest(api.port, { path: '/v1/stream-test', headers })
    expect(response.status).toBe(401)
    expect(response.headers['www-authenticate']).toBe('Bearer')
    expect(JSON.parse(response.text)).toMatchObject({ error: { code: 'forbidden' } })
  })

  it.each([
    ['a name that was made to point here', { host: 'evil.example' }],
    ['the right name with another port', { host: '127.0.0.1:1' }],
    ['an address of another interface', { host: '192.168.1.5:7517' }],
    ['a name that only begins like ours', { host: 'localhost.evil.example' }],
  ])('%s in Host: 403', async (_name, headers) => {
    await using api = await startLocalApi()
    const response = await rawRequest(api.port, { path: '/v1/stream-test', headers: { authorization, ...headers } })
    expect(response.status).toBe(403)
    expect(JSON.parse(response.text)).toMatchObject({ error: { code: 'forbidden' } })
  })

  it.each([
    ['a page from the web', { origin: 'https://evil.example' }],
    ['a page from a file or a sandbox', { origin: 'null' }],
    ['a page of another server on this computer', { origin: 'http://localhost:3000' }],
    ['a browser that fetches for another site, without Origin', { 'sec-fetch-site': 'cross-site' }],
    ['a browser that fetches for a sister site', { 'sec-fetch-site': 'same-site' }],
  ])('%s: 403, without CORS headers', async (_name, headers) => {
    await using api = await startLocalApi()
    const response = await rawRequest(api.port, {
      method: 'POST',
      path: '/v1/answers',
      headers: { authorization, ...json, ...headers },
      body: question,
    })
    expect(response.status).toBe(403)
    expect(Object.keys(response.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    expect(api.turns.begun).toEqual([])
  })

  it('the preflight of a page that is not allowed: 403; of one that is: its own origin, never a star', async () => {
    const mine = 'http://localhost:3000'
    await using api = await startLocalApi({ allowedOrigins: [mine] })
    const preflight = (origin: string) =>
      rawRequest(api.port, {
        method: 'OPTIONS',
        path: '/v1/answers',
        headers: { origin, 'access-control-request-method': 'POST' },
      })
    expect((await preflight('http://localhost:3001')).status).toBe(403)
    const allowed = await preflight(mine)
    expect(allowed.status).toBe(204)
    expect(allowed.headers['access-control-allow-origin']).toBe(mine)
    const response = await rawRequest(api.port, { path: '/v1/nothing', headers: { origin: mine } })
    expect(response.status).toBe(404)
    expect(response.headers['access-control-allow-origin']).toBe(mine)
  })

  it('a body over 1 MiB: 413, without reading on', async () => {
    await using api = await startLocalApi()
    const response = await rawRequest(api.port, {
      method: 'POST',
      path: '/v1/answers',
      headers: { authorization, ...json },
      body: JSON.stringify({ question: 'x'.repeat(1024 * 1024) }),
    })
    expect(response.status).toBe(413)
    expect(JSON.parse(response.text)).toMatchObject({ error: { code: 'file-too-large' } })
  })

  it('headers over 16 KiB: 431', async () => {
    await using api = await startLocalApi()
    const response = await rawRequest(api.port, {
      path: '/v1/stream-test',
      headers: { authorization, 'x-long': 'x'.repeat(17 * 1024) },
    })
    expect(response.status).toBe(431)
  })

  it.each([
    ['a form of a page', { 'content-type': 'application/x-www-form-urlencoded' }, 'question=x', 415],
    ['text', { 'content-type': 'text/plain' }, question, 415],
    ['broken JSON', json, '{"question":', 400],
    ['bytes that are not UTF-8 JSON', json, '"\u0000', 400],
    ['an empty question', json, '{"question":"  "}', 400],
    ['a question over 20,000 characters', json, JSON.stringify({ question: 'x'.repeat(20_001) }), 400],
    ['an unknown field', json, JSON.stringify({ question: 'x', frontEnd: 'window:1' }), 400],
    ['a conversation id that is none', json, JSON.stringify({ question: 'x', conversationId: '../1' }), 400],
    ['a list', json, '[]', 400],
  ])('%s as a body: the status says why', async (_name, headers, body, status) => {
    await using api = await startLocalApi()
    const response = await rawRequest(api.port, {
      method: 'POST',
      path: '/v1/answers',
      headers: { authorization, ...headers },
      body,
    })
    expect(response.status).toBe(status)
    expect(JSON.parse(response.text)).toMatchObject({ error: { message: expect.stringMatching(/\.$/) } })
    expect(api.turns.begun).toEqual([])
  })

  it.each([
    ['GET', '/v1/nothing', 404],
    ['GET', '/v1/../../etc/passwd', 404],
    ['PUT', '/v1/answers', 405],
    ['TRACE', '/v1/status', 405],
  ])('%s %s: %i', async (method, path, status) => {
    await using api = await startLocalApi()
    expect((await rawRequest(api.port, { method, path, headers: { authorization } })).status).toBe(status)
  })

  it('an Accept that nothing fits: 406', async () => {
    await using api = await startLocalApi()
    expect((await api.ask('image/png')).status).toBe(406)
    expect(api.turns.begun).toEqual([])
  })

  it('more requests than anybody types: 429, until time has passed', async () => {
    const clock = createManualClock()
    await using api = await startLocalApi({ clock })
    const ask = () => rawRequest(api.port, { path: '/v1/nothing', headers: { authorization } })
    let last = await ask()
    for (let count = 0; last.status === 404 && count < 1_000; count++) last = await ask()
    expect(last.status).toBe(429)
    expect(last.headers['retry-after']).toBe('1')
    clock.advance(1_000)
    expect((await ask()).status).toBe(404)
  })

  it('connections from anywhere but this computer: it listens on 127.0.0.1 alone', async () => {
    await using api = await startLocalApi()
    const { networkInterfaces } = await import('node:os')
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
    for (const { address } of others) {
      await expect(fetch(`http://${address}:${api.port}/v1/status`, { headers: { authorization } })).rejects.toThrow()
    }
    await expect(fetch(`http://[::1]:${api.port}/v1/status`, { headers: { authorization } })).rejects.toThrow()
  })
})
