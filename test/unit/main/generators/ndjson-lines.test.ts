import { expect, it } from 'vitest'
import { createLineSplitter, LineError } from '../../../../src/main/generators/ndjson-lines.ts'

const text = '{"a":"早🙂é"}\n\r\n{"b":2}\r\n  \n{"c":"end"}'
const bytes = new TextEncoder().encode(text)

it('finds the same lines at every split of the bytes', () => {
  for (let first = 0; first <= bytes.length; first += 1) {
    for (let second = first; second <= bytes.length; second += 1) {
      const splitter = createLineSplitter({ maxLineBytes: 100 })
      const lines = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)].flatMap((part) =>
        splitter.push(part),
      )
      expect([...lines, ...splitter.end()]).toEqual(['{"a":"早🙂é"}', '{"b":2}', '{"c":"end"}'])
    }
  }
})

it('fails as soon as an unfinished line is too long', () => {
  const splitter = createLineSplitter({ maxLineBytes: 10 })
  expect(splitter.push(new Uint8Array(10).fill(0x61))).toEqual([])
  expect(() => splitter.push(new Uint8Array(1).fill(0x61))).toThrow(LineError)
})

it('fails for a too long line that comes whole, and takes one of exactly the limit', () => {
  expect(createLineSplitter({ maxLineBytes: 3 }).push(new TextEncoder().encode('abc\n'))).toEqual(['abc'])
  expect(() => createLineSplitter({ maxLineBytes: 3 }).push(new TextEncoder().encode('abcd\n'))).toThrow('longer')
})

it('fails for bytes that are not UTF-8', () => {
  const splitter = createLineSplitter({ maxLineBytes: 100 })
  expect(() => splitter.push(new Uint8Array([0x22, 0xff, 0x22, 0x0a]))).toThrow('UTF-8')
  const cutCharacter = createLineSplitter({ maxLineBytes: 100 })
  cutCharacter.push(new Uint8Array([0xe6, 0x97]))
  expect(() => cutCharacter.end()).toThrow(LineError)
})
