import type { Log } from '../../src/main/ports/log.ts'

/** A log that keeps its lines for a test to read. */
export function createRecordingLog(): Log & { readonly lines: readonly string[] } {
  const lines: string[] = []
  const keep = (message: string): void => void lines.push(message)
  return { lines, info: keep, warn: keep, error: keep, verbose: keep }
}
