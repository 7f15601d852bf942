import { expect } from 'vitest'
import { textSliceSchema } from '../../../src/shared/anchor.ts'
import type { TextSlice } from '../../../src/shared/anchor.ts'

/** Checks what every parser promises of its slices: no gap, trimmed blocks within their slice, exact runs, clean text. */
export function expectSound(slices: readonly TextSlice[]): string {
  const canonical = slices.map((slice) => slice.text).join('')
  let end = 0
  for (const [ordinal, slice] of slices.entries()) {
    textSliceSchema.parse(slice)
    expect(slice.ordinal).toBe(ordinal)
    expect(slice.start).toBe(end)
    expect(slice.end).toBe(slice.start + slice.text.length)
    end = slice.end
    let blockEnd = slice.start
    for (const block of slice.blocks) {
      expect(block.start).toBeGreaterThanOrEqual(blockEnd)
      expect(block.end).toBeGreaterThan(block.start)
      expect(block.end).toBeLessThanOrEqual(slice.end)
      const text = canonical.slice(block.start, block.end)
      expect(text).toBe(text.trim())
      // What stands between blocks is white space only: every character of the text belongs to one.
      expect(canonical.slice(blockEnd, block.start).trim()).toBe('')
      blockEnd = block.end
    }
    expect(canonical.slice(blockEnd, slice.end).trim()).toBe('')
    let runEnd = slice.start
    for (const run of slice.runs) {
      expect(run.start).toBeGreaterThanOrEqual(runEnd)
      expect(run.end).toBeGreaterThan(run.start)
      expect(slice.blocks.some((block) => block.start <= run.start && run.end <= block.end)).toBe(true)
      const text = canonical.slice(run.start, run.end)
      expect(text).toBe(text.trim())
      expect(text).not.toContain('\n')
      runEnd = run.end
    }
    if (slice.page !== null) {
      const covered = slice.runs.map((run) => canonical.slice(run.start, run.end)).join('')
      expect(covered.replace(/\s/g, '')).toBe(slice.text.replace(/\s/g, ''))
    }
  }
  // oxlint-disable-next-line no-control-regex
  expect(canonical).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\uFEFF]/)
  expect(canonical.isWellFormed()).toBe(true)
  return canonical
}
