import { pageHost, pageScheme } from './page-origin.ts'

const ownSchemes: ReadonlySet<string> = new Set(['devtools:', 'blob:', 'data:'])

/** Whether the page may load this address: its own files, and what it made itself. Nothing with a network behind it. */
export function isOwnAddress(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, host } = new URL(url)
  return protocol === `${pageScheme}:` ? host === pageHost : ownSchemes.has(protocol)
}

/** Counts what was refused, for the network proof in the status bar. */
export interface RefusalCounter {
  add(): void
  count(): number
}

/** Starts at 0; lives as long as the app. */
export function createRefusalCounter(): RefusalCounter {
  let refused = 0
  return { add: () => void refused++, count: () => refused }
}
