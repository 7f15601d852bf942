import { describe, expect, it } from 'vitest'
import { planServers, readServerSetting } from '../../../../src/main/generators/server-plan.ts'

describe('the setting for the server', () => {
  it.each([
    ['', 'auto'],
    [' Auto ', 'auto'],
    ['1234', 'http://127.0.0.1:1234'],
    ['127.0.0.1:1234', 'http://127.0.0.1:1234'],
    ['http://127.0.0.1:1234/v1', 'http://127.0.0.1:1234'],
    ['http://localhost:8080/', 'http://localhost:8080'],
    ['[::1]:8000', 'http://[::1]:8000'],
  ])('%j is kept as %s', (typed, kept) => {
    expect(readServerSetting(typed)).toBe(kept)
    // What is kept means the same when it is read again.
    expect(readServerSetting(kept)).toBe(kept)
  })

  it.each(['192.168.1.7:1234', 'models.example.com', 'https://api.example.com/v1', 'http://user:word@10.0.0.1:80'])(
    '%s is not this computer',
    (typed) => {
      expect(() => readServerSetting(typed)).toThrow(
        expect.objectContaining({ code: 'model-not-local', message: expect.not.stringContaining('word') }),
      )
    },
  )

  it.each(['hello there', '%%%', '127.0.0.1:1234 and more', '::::'])('%s is no address', (typed) => {
    expect(() => readServerSetting(typed)).toThrow(expect.objectContaining({ code: 'invalid-request' }))
  })
})

describe('where to look', () => {
  it.each([
    ['auto', undefined, { type: 'usual' }],
    ['auto', '0.0.0.0', { type: 'usual' }],
    ['auto', '127.0.0.1:9', { type: 'told', addresses: ['http://127.0.0.1:9'], toldBy: 'OLLAMA_HOST' }],
    ['auto', 'example.com', { type: 'refused', host: 'example.com', toldBy: 'OLLAMA_HOST' }],
    [
      'http://localhost:1234',
      'example.com',
      { type: 'told', addresses: ['http://127.0.0.1:1234', 'http://[::1]:1234'], toldBy: 'Settings' },
    ],
    [
      'http://127.0.0.1:11434',
      '127.0.0.1:9',
      { type: 'told', addresses: ['http://127.0.0.1:11434'], toldBy: 'Settings' },
    ],
    ['http://example.com', undefined, { type: 'refused', host: 'http://example.com', toldBy: 'Settings' }],
  ] as const)('setting %s, OLLAMA_HOST %s', (setting, host, plan) => {
    expect(planServers(setting, host)).toEqual(plan)
  })
})
