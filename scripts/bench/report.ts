import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BenchRow, judge } from './bench-row.ts'

/** One line a row, columns aligned. */
export function formatTable(rows: readonly BenchRow[]): string {
  const cells = rows.map((row) => [
    row.group,
    row.what,
    row.value === null ? '-' : `${formatNumber(row.value)} ${row.unit}`.trim(),
    row.reach === null ? '' : `${row.reach.bound} ${Number(row.reach.value.toFixed(4))}`,
    judge(row),
    row.note,
  ])
  const table = [['group', 'what', 'measured', 'reach', '', 'how'], ...cells]
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((line) => (line[column] ?? '').length)))
  return table
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Three significant digits, and never an exponent. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return value.toFixed(Math.min(digits, 4))
}

/** @returns the file, named by the time. */
export async function keepResults(
  folder: string,
  results: { readonly startedAt: Date; readonly machine: unknown; readonly rows: readonly BenchRow[] },
): Promise<string> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${results.startedAt.toISOString().replaceAll(/[:.]/g, '-')}.json`)
  const rows = results.rows.map((row) => ({ ...row, verdict: judge(row) }))
  await writeFile(path, `${JSON.stringify({ ...results, rows }, null, 2)}\n`)
  return path
}
