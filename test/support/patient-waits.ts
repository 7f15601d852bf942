import { vi } from 'vitest'

/** A wait in a test says that something happens, not how fast: a machine that builds beside it may take many seconds. */
const patienceMs = 20_000

const { waitFor } = vi
vi.waitFor = (callback, options) =>
  waitFor(callback, typeof options === 'number' ? options : { timeout: patienceMs, ...options })
