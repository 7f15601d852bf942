import { sep } from 'node:path'

/** Paths below a folder are those from `from` up to, without, `to`, in the order of SQLite's BINARY collation. */
export function below(folder: string): { readonly from: string; readonly to: string } {
  const from = folder.endsWith(sep) ? folder : folder + sep
  const next = String.fromCodePoint((sep.codePointAt(0) ?? 0) + 1)
  return { from, to: from.slice(0, -1) + next }
}
