// Their end tags may be left out, or they have none: opening one says nothing about depth.
const unclosed = new Set(
  'p li td th tr dt dd option optgroup thead tbody tfoot colgroup rt rp br hr img input meta link col area base embed source track wbr param'.split(
    ' ',
  ),
)

/**
 * True where a page nests its elements deeper than `limit`, by counting tags. The HTML parser's time grows with the square of the
 * depth: 100,000 cost it a second, a million would cost minutes. Linear, and may be wrong by what it cannot see (foreign content).
 */
export function nestsDeeperThan(source: string, limit: number): boolean {
  const tag = /<(\/?)([a-zA-Z][\w:-]{0,30})/g
  let depth = 0
  for (let found = tag.exec(source); found !== null; found = tag.exec(source)) {
    if (unclosed.has((found[2] ?? '').toLowerCase())) continue
    depth = found[1] === '/' ? Math.max(0, depth - 1) : depth + 1
    if (depth > limit) return true
  }
  return false
}
