import { fc, it as property } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { acceptedForm } from '../../../../src/main/local-api/accepted-form.ts'
import { formatEvent } from '../../../../src/main/local-api/event-stream.ts'
import { createRateLimit } from '../../../../src/main/local-api/rate-limit.ts'
import { firstCodePoints } from '../../../../src/main/local-api/short-source.ts'

const forms = ['application/json', 'text/event-stream', 'text/plain'] as const

describe('the form that is asked for', () => {
  it.each([
    [undefined, 'application/json'],
    ['', 'application/json'],
    ['*/*', 'application/json'],
    ['text/*', 'text/event-stream'],
    ['text/plain', 'text/plain'],
    ['TEXT/PLAIN;q=0.5, application/json;q=0.4', 'text/plain'],
    ['text/event-stream, */*;q=0.1', 'text/event-stream'],
    ['text/event-stream;q=0, */*', 'application/json'],
    ['image/png', null],
    ['text/plain;q=nonsense', null],
  ])('%s', (accept, form) => {
    expect(acceptedForm(accept, forms)).toBe(form)
  })
})

describe('the beginning of a source', () => {
  it('is counted in code points: a pair is never cut', () => {
    expect(firstCodePoints('😀'.repeat(300), 200)).toBe('😀'.repeat(200))
    expect(firstCodePoints('租'.repeat(300), 200)).toHaveLength(200)
  })

  property.prop([fc.string({ unit: 'binary', maxLength: 50 }), fc.nat(60)])('is what [...text] says', (text, count) => {
    expect(firstCodePoints(text, count)).toBe([...text].slice(0, count).join(''))
  })
})

describe('the rate limit', () => {
  it('lets a burst through, then what the rate gives back', () => {
    const limit = createRateLimit({ burst: 3, perSecond: 2 })
    expect([0, 0, 0, 0].map((at) => limit.take(at))).toEqual([true, true, true, false])
    expect([499, 500, 501].map((at) => limit.take(at))).toEqual([false, true, false])
    expect(Array.from({ length: 5 }, () => limit.take(1_000_000)).filter(Boolean)).toHaveLength(3)
  })
})

describe('an event on the wire', () => {
  property.prop([fc.string({ unit: 'binary' })])('carries any text in one line of data', (text) => {
    const wire = formatEvent({ id: 1, event: 'message', data: JSON.stringify(text) })
    const lines = wire.split('\n')
    expect(lines).toHaveLength(5)
    expect(JSON.parse(lines[2]?.slice('data: '.length) ?? '')).toBe(text)
  })
})
