import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { createKeySet } from '../../../../src/main/storage/key-set.ts'

test.prop([fc.array(fc.nat(200_000)), fc.array(fc.nat(400_000))])(
  'holds what was added and nothing else',
  (added, asked) => {
    const keys = createKeySet()
    for (const key of added) keys.add(key)
    const expected = new Set(added)
    for (const key of [...added, ...asked]) expect(keys.has(key)).toBe(expected.has(key))
  },
)
