import type { RawBlock } from './slice-builder.ts'
import { tableRow } from './table-rows.ts'

const sniffedUnits = 20_000
const delimiters = [',', ';', '\t', '|'] as const

/** The delimiter that parts the first rows into the most equal number of cells, at least two; null where none does. */
export function detectDelimiter(text: string, preferred: string | null): string | null {
  let best: { readonly delimiter: string; readonly score: number } | null = null
  for (const delimiter of delimiters) {
    const counts: number[] = []
    for (const row of delimitedRows(text.slice(0, sniffedUnits), delimiter)) {
      if (counts.length === 20) break
      counts.push(row.length)
    }
    // The last of a cut sample may be half a row.
    if (counts.length > 2 && text.length > sniffedUnits) counts.pop()
    const usual = counts.toSorted((a, b) => a - b)[Math.floor(counts.length / 2)] ?? 1
    if (usual < 2) continue
    const score =
      counts.filter((count) => count === usual).length / counts.length +
      Math.min(usual, 10) / 100 +
      (delimiter === preferred ? 0.3 : 0)
    if (best === null || score > best.score) best = { delimiter, score }
  }
  return best?.delimiter ?? null
}

/** Rows of CSV and its kin (RFC 4180, with lone quotes taken as text). Lazy, linear; a quote that never closes ends with the text. */
export function* delimitedRows(text: string, delimiter: string): Generator<readonly string[]> {
  let cells: string[] = []
  let at = 0
  while (at < text.length) {
    let cell = ''
    if (text[at] === '"') {
      at += 1
      for (;;) {
        const quote = text.indexOf('"', at)
        const end = quote < 0 ? text.length : quote
        cell += text.slice(at, end)
        at = end + 1
        if (text[at] !== '"' || quote < 0) break
        cell += '"'
        at += 1
      }
    }
    const start = at
    while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') at += 1
    cells.push(cell + text.slice(start, at))
    if (text[at] === delimiter) {
      at += 1
      if (at === text.length) cells.push('')
      continue
    }
    yield cells
    cells = []
    if (text[at] === '\r' && text[at + 1] === '\n') at += 1
    at += 1
  }
  if (cells.length > 0) yield cells
}

/** CSV and TSV as one table, row by row; an empty row begins a new one. */
export function* delimitedBlocks(text: string, delimiter: string): Generator<RawBlock> {
  let isFirst = true
  let line = 0
  for (const cells of delimitedRows(text, delimiter)) {
    line += 1
    const row = tableRow(cells, isFirst, { line })
    isFirst = row === null
    if (row !== null) yield row
  }
}
