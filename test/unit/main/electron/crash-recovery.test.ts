import { expect, it } from 'vitest'
import { shouldReload } from '../../../../src/main/electron/crash-recovery.ts'

it('brings a crashed page back twice a minute, then gives up', () => {
  expect(shouldReload([], 1_000)).toBe(true)
  expect(shouldReload([1_000], 2_000)).toBe(true)
  expect(shouldReload([1_000, 2_000], 3_000)).toBe(false)
})

it('forgets crashes after a minute', () => {
  expect(shouldReload([1_000, 2_000], 61_500)).toBe(true)
})
