import { htmlOfMarkdown } from './html-page.ts'

const face = 'font-family:Consolas,Menlo,monospace'

/** What a word processor takes over from pasted HTML stands at each element: style sheets it mostly ignores. */
const looks: Readonly<Record<string, string>> = {
  '<table>': '<table border="1" cellspacing="0" cellpadding="4" style="border-collapse:collapse">',
  '<th>': '<th align="left" valign="top">',
  '<td>': '<td valign="top">',
  '<pre>': `<pre style="${face};white-space:pre-wrap">`,
  '<code>': `<code style="${face}">`,
  '<blockquote>': '<blockquote style="margin:0 0 8pt 12pt;padding-left:8pt;border-left:2pt solid #b0b0b0">',
}
const bare = new RegExp(Object.keys(looks).join('|'), 'g')

/** Markdown as a word processor pastes it: tables with lines, code in its own face with its line breaks, nothing that links or fetches. */
export function clipboardHtml(markdown: string): string {
  // Every other `<` was escaped: what is found are the tags themselves.
  const body = htmlOfMarkdown(markdown).replace(bare, (tag) => looks[tag] ?? tag)
  return `<html><head><meta charset="utf-8"></head><body>\n${body}</body></html>`
}
