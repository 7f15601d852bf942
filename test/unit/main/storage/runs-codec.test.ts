import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { decodeRuns, encodeRuns } from '../../../../src/main/storage/runs-codec.ts'

const coordinate = fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)
const run = fc.record({
  start: fc.nat(0xffffffff),
  end: fc.nat(0xffffffff),
  x: coordinate,
  y: coordinate,
  width: coordinate,
  height: coordinate,
})

test.prop([fc.array(run)])('runs come back as they were, also from the middle of a buffer', (runs) => {
  const bytes = encodeRuns(runs)
  const shifted = new Uint8Array(bytes.length + 3)
  shifted.set(bytes, 3)
  expect(decodeRuns(bytes)).toEqual(runs)
  expect(decodeRuns(shifted.subarray(3))).toEqual(runs)
})

test('bytes that are not whole runs are refused', () => {
  expect(() => decodeRuns(new Uint8Array(25))).toThrow('not whole runs')
})
