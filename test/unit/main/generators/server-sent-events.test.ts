import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { readServerSentEvents } from '../../../../src/main/generators/server-sent-events.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
async function* parts(...pieces: readonly Uint8Array[]) {
  yield* pieces
}
const read = (...pieces: readonly Uint8Array[]) =>
  Array.fromAsync(readServerSentEvents(parts(...pieces), { maxEventBytes: 1000 }))

describe('an event stream', () => {
  it.each([
    ['LF', 'data: a\n\ndata: b\n\n', ['a', 'b']],
    ['CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
    ['CR', 'data: a\r\rdata: b\r\r', ['a', 'b']],
    ['several data lines', 'data: a\ndata: b\ndata:\n\n', ['a\nb\n']],
    ['no blank after the colon, and two', 'data:a\n\ndata:  b\n\n', ['a', ' b']],
    ['comments and unknown fields', ': hello\nretry: 10\nid: 1\nfoo\ndata: a\n\n: bye\n\n', ['a']],
    ['an event without data', 'event: ping\n\ndata: a\n\n', ['a']],
    ['blank lines', '\n\n\ndata: a\n\n\n\n', ['a']],
    ['a byte order mark', '\uFEFFdata: a\n\n', ['a']],
    ['no last blank line', 'data: a\n\ndata: b', ['a', 'b']],
    ['nothing', '', []],
  ])('with %s', async (_name, text, expected) => {
    expect((await read(bytes(text))).map(({ data }) => data)).toEqual(expected)
  })

  it('names its events, and knows the error field of older servers', async () => {
    expect(await read(bytes('event: error\ndata: x\n\nerror: {"message":"y"}\n\ndata: z\n\n'))).toEqual([
      { event: 'error', data: 'x' },
      { event: 'error', data: '{"message":"y"}' },
      { event: '', data: 'z' },
    ])
  })

  test.prop([fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 8 })])(
    'is the same however it is split',
    async (cuts) => {
      const whole = bytes(': c\r\ndata: 日出🙂\r\ndata: b\r\n\r\ndata: x\n\n')
      const places = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).toSorted((a, b) => a - b), whole.length]
      const pieces = places.slice(1).map((end, index) => whole.subarray(places[index], end))
      expect((await read(...pieces)).map(({ data }) => data)).toEqual(['日出🙂\nb', 'x'])
    },
  )

  it.each([
    ['a line', `data: ${'x'.repeat(1001)}`],
    ['an event of many lines', `data: ${'x'.repeat(600)}\n`.repeat(2)],
  ])('is given up when %s is too long', async (_name, text) => {
    await expect(read(bytes(text))).rejects.toMatchObject({ name: 'LineError', reason: 'too-long' })
  })

  it('is given up when it is not UTF-8', async () => {
    await expect(read(Uint8Array.of(0x64, 0xff, 0x0a))).rejects.toMatchObject({ reason: 'not-utf-8' })
  })
})
