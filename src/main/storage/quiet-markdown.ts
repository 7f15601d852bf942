/**
 * An answer's text for an excerpt: the signs of its Markdown and its citation marks become characters that are not seen, one
 * for one, so that every offset stays.
 */
export function quietMarkdown(text: string): string {
  const unseen = (signs: string): string => '\u2060'.repeat(signs.length)
  return text
    .replaceAll(/^[ \t]*(?:(?:>|#{1,6}|[-*+])(?:[ \t]|$))+/gm, (signs) => ' '.repeat(signs.length))
    .replaceAll(/\[\uE000?\d{1,3}\]/g, unseen)
    .replaceAll(/\\(?=[\\`*_<~|[\]>#&!+-])|\*\*|`+/g, unseen)
}
