import type { OpenHeading } from './heading-path.ts'

/**
 * The headings above a chunk, outermost first, joined by ` > `: those that the chunk's own text does not hold, and as many
 * of the innermost as `fits` allows.
 */
export function headingPrefix(
  path: readonly OpenHeading[],
  chunkStart: number,
  fits: (prefix: string) => boolean,
): string {
  const above = path.filter(({ start, text }) => start < chunkStart && text !== '').map(({ text }) => text)
  for (let first = 0; first < above.length; first += 1) {
    const prefix = above.slice(first).join(' > ')
    if (fits(prefix)) return prefix
  }
  return ''
}

/** What the embedder and the keyword index are given: heading path, the table's header row where the chunk lacks it, and the text. */
export function embeddingText(parts: {
  readonly prefix: string
  readonly tableHeader: string
  readonly text: string
}): string {
  return [parts.prefix, parts.tableHeader, parts.text].filter((part) => part !== '').join('\n')
}
