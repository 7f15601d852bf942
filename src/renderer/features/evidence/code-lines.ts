import type { Segment } from './mark-range.ts'

/** Segments cut at line breaks, each break at the end of its line: put together again they are what they were. */
export function codeLines(segments: readonly Segment[]): readonly (readonly Segment[])[] {
  const lines: Segment[][] = [[]]
  for (const segment of segments) {
    let start = segment.start
    for (const text of segment.text.split(/(?<=\n)/)) {
      lines.at(-1)?.push({ ...segment, start, end: start + text.length, text })
      start += text.length
      if (text.endsWith('\n')) lines.push([])
    }
  }
  return lines.at(-1)?.length === 0 ? lines.slice(0, -1) : lines
}
