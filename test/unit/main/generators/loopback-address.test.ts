import { describe, expect, it } from 'vitest'
import {
  defaultModelServerAddresses as defaults,
  isLoopbackUrl,
  modelServerAddresses,
} from '../../../../src/main/generators/loopback-address.ts'

describe('OLLAMA_HOST', () => {
  it.each([
    [undefined, defaults],
    ['', defaults],
    [' "" ', defaults],
    ['127.0.0.1', ['http://127.0.0.1:11434']],
    ['127.0.0.1:9000', ['http://127.0.0.1:9000']],
    ['127.1.2.3:9000', ['http://127.1.2.3:9000']],
    ['http://127.0.0.1:9000/', ['http://127.0.0.1:9000']],
    ['HTTP://LOCALHOST:9000', ['http://127.0.0.1:9000', 'http://[::1]:9000']],
    ['http://localhost', ['http://127.0.0.1:80', 'http://[::1]:80']],
    ['localhost', ['http://127.0.0.1:11434', 'http://[::1]:11434']],
    [':9000', ['http://127.0.0.1:9000']],
    ["'0.0.0.0'", ['http://127.0.0.1:11434']],
    ['0.0.0.0:9000', ['http://127.0.0.1:9000']],
    ['[::1]:9000', ['http://[::1]:9000']],
    ['[::1]', ['http://[::1]:11434']],
    ['::1', ['http://[::1]:11434']],
    ['[0:0:0:0:0:0:0:1]:9000', ['http://[::1]:9000']],
    ['[::]:9000', ['http://[::1]:9000', 'http://127.0.0.1:9000']],
    ['http://127.0.0.1:1234/v1', ['http://127.0.0.1:1234']],
    ['127.0.0.1:1234/v1/', ['http://127.0.0.1:1234']],
  ])('%s', (value, own) => {
    expect(modelServerAddresses(value)).toEqual({ addresses: own, refusedHost: null })
  })

  it.each([
    '192.168.1.5:11434',
    'ollama.example.com',
    'http://ollama.example.com:11434',
    'https://127.0.0.1:11434',
    'localhost.example.com',
    '127.0.0.1.example.com',
    'localhost.',
    'http://127.0.0.1:11434/api',
    'http://127.0.0.1:11434?x',
    '127.0.0.1#x',
    'http://user:word@127.0.0.1:11434',
    '127.0.0.1@example.com',
    '2130706433',
    '0x7f.1',
    '127.1',
    '127.0.0.1:0',
    '127.0.0.1:99999',
    '127.0.0.1:abc',
    '[::ffff:8.8.8.8]:9000',
    '[fe80::1]',
    '[:::]',
    'unix:///var/run/ollama.sock',
    '１２７.0.0.1',
  ])('%s is refused', (value) => {
    const { addresses, refusedHost } = modelServerAddresses(value)
    expect(addresses).toEqual([])
    expect(refusedHost).not.toBe('')
    expect(refusedHost).not.toBeNull()
  })

  it('is shown without credentials, control characters or great length', () => {
    expect(modelServerAddresses('https://me:secret@host.example:1').refusedHost).toBe('https://host.example:1')
    expect(modelServerAddresses(`a\u0007\u001b[31m${'b'.repeat(300)}`).refusedHost).toMatch(/^a\[31mb{80,}\.\.\.$/)
  })
})

describe('what may be connected to', () => {
  it.each(['http://127.0.0.1:1/', 'http://127.9.9.9/api', 'http://[::1]:1/', 'http://0x7f.1:1/'])('%s', (url) => {
    expect(isLoopbackUrl(new URL(url))).toBe(true)
  })

  it.each([
    'https://127.0.0.1/',
    'http://localhost:11434/',
    'http://0.0.0.0:11434/',
    'http://10.0.0.1/',
    'http://ollama.com/',
    'https://ollama.com/api/web_search',
    'http://u@127.0.0.1/',
    'http://[::ffff:8.8.8.8]/',
    'file:///etc/hosts',
  ])('not %s', (url) => {
    expect(isLoopbackUrl(new URL(url))).toBe(false)
  })
})
