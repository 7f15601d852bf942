import { afterAll } from 'vitest'

/**
 * Timers that a page's libraries leave behind (notices that fade out) end with the test file: fired later, they would find
 * no window, and fail the whole run.
 */
export function endTimersWithFile(): void {
  const begun = new Set<ReturnType<typeof setTimeout>>()
  const begin = globalThis.setTimeout
  globalThis.setTimeout = Object.assign((...request: Parameters<typeof begin>) => {
    const timer = begin(...request)
    begun.add(timer)
    return timer
  }, begin)
  afterAll(() => {
    globalThis.setTimeout = begin
    for (const timer of begun) clearTimeout(timer)
  })
}
