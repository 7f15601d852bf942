import { decodeEntities } from './decode-entities.ts'

/**
 * Inline Markdown to readable text: links and images keep their text, emphasis and code marks go, tags go, entities and
 * escapes are decoded. Code spans stay as written. Every pattern is bounded or excludes its own start: linear.
 */
export function reduceInline(source: string): string {
  if (!/[[\]*_~`<&\\!]/.test(source)) return source
  const parts: string[] = []
  let at = 0
  while (at < source.length) {
    const open = source.indexOf('`', at)
    if (open < 0) break
    let fenceEnd = open
    while (source.charAt(fenceEnd) === '`') fenceEnd += 1
    const fence = source.slice(open, fenceEnd)
    const close = fence.length > 3 ? -1 : findFence(source, fence, fenceEnd)
    parts.push(reduceMarks(source.slice(at, open)))
    if (close < 0) {
      parts.push(fence)
      at = fenceEnd
    } else {
      parts.push(source.slice(fenceEnd, close))
      at = close + fence.length
    }
  }
  parts.push(reduceMarks(source.slice(at)))
  return parts.join('')
}

/** A code span is short; looking no further keeps a text of lone backticks linear. */
const maxCodeSpanUnits = 2_000

function findFence(source: string, fence: string, from: number): number {
  const close = source.slice(from, from + maxCodeSpanUnits).indexOf(fence)
  return close < 0 ? -1 : from + close
}

function reduceMarks(text: string): string {
  const escaped: string[] = []
  const reduced = text
    // Escaped marks are set aside as private-use characters, put back at the end.
    .replace(/\\([!-/:-@[-`{-~])/g, (_whole, mark: string) => {
      escaped.push(mark)
      return '\uE000'
    })
    .replace(/<!--[^<>]{0,2000}-->/g, '')
    .replace(/<((?:https?|mailto):[^<>\s]{1,2000})>/gi, '$1')
    .replace(/<\/?[a-zA-Z][^<>]{0,2000}>/g, (tag) => (/^<br\b/i.test(tag) ? '\u2028' : ''))
    .replace(/!?\[([^[\]]{0,2000})\]\([^()]{0,2000}(?:\([^()]{0,500}\)[^()]{0,500})?\)/g, '$1')
    .replace(/!?\[([^[\]]{1,2000})\]\[[^[\]]{0,200}\]/g, '$1')
    // Once more, for an image within a link.
    .replace(/\[([^[\]]{0,2000})\]\([^()]{0,2000}\)/g, '$1')
    .replace(/(?<![\p{Script=Latin}\p{N}_*])(?:\*{1,3}|_{1,3}|~~)(?=[\p{L}\p{N}"'“‘(（《「[$¥])/gu, '')
    .replace(/(?<=[^\s*_~])(?:\*{1,3}|_{1,3}|~~)(?![\p{Script=Latin}\p{N}_*])/gu, '')
  let next = 0
  const decoded = decodeEntities(reduced)
  return escaped.length === 0 ? decoded : decoded.replace(/\uE000/g, () => escaped[next++] ?? '')
}
