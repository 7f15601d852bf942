import type { Token, Tokens } from 'marked'
import {
  addressBeside,
  type BlockToken,
  blockTokens,
  type InlineToken,
  inlineTokens,
  markdownBlocks,
} from './markdown-tokens.ts'

/** One style for screen and paper; it stands in the page, since an exported page may fetch nothing. */
const style = `
:root { color-scheme: light dark; }
body { max-width: 44rem; margin: 3rem auto; padding: 0 1.5rem; line-height: 1.6;
  font-family: "Inter", system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.3; } h2 { font-size: 1.25rem; margin-top: 3rem; } h3 { font-size: 1rem; margin-top: 2rem; }
h4, h5, h6 { font-size: 1rem; }
blockquote { margin: 0.5rem 0 1.5rem; padding: 0 0 0 1rem; border-left: 3px solid #8885; opacity: 0.85; }
table { border-collapse: collapse; } th, td { border: 1px solid #8886; padding: 0.3rem 0.6rem; vertical-align: top; text-align: left; }
pre { overflow-x: auto; padding: 0.75rem; background: #8881; } code { font-family: ui-monospace, "SF Mono", Consolas, monospace; font-size: 0.9em; }
@media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; } blockquote, table { break-inside: avoid; } }
`.trim()

/** The page down to its body. `title` and what follows are text: nothing of a document becomes mark-up, a link or an address to fetch. */
export function htmlBeginning(title: string, language: 'en' | 'zh-CN'): string {
  return [
    '<!doctype html>',
    `<html lang="${language}">`,
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>\n${style}\n</style>`,
    '</head>',
    '<body>',
    `<h1>${escapeHtml(title)}</h1>`,
    '',
  ].join('\n')
}

/** Markdown of one turn as HTML. */
export function htmlOfMarkdown(markdown: string): string {
  return `${blocks(markdownBlocks(markdown))}\n`
}

export const htmlEnd = '</body>\n</html>\n'

/** Text for an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

function blocks(tokens: readonly BlockToken[]): string {
  return tokens.map(block).join('\n')
}

function block(token: BlockToken): string {
  switch (token.type) {
    case 'heading':
      return `<h${token.depth}>${inline(token.tokens)}</h${token.depth}>`
    case 'paragraph':
      return `<p>${inline(token.tokens)}</p>`
    case 'text':
      return token.tokens === undefined ? escapeHtml(token.text) : inline(token.tokens)
    case 'blockquote':
      return `<blockquote>\n${blocks(blockTokens(token.tokens))}\n</blockquote>`
    case 'code':
      return `<pre><code>${escapeHtml(token.text)}</code></pre>`
    case 'hr':
      return '<hr>'
    case 'list':
      return list(token)
    case 'table':
      return table(token)
  }
}

function list({ ordered, start, items }: Tokens.List): string {
  const [open, close] = ordered ? [`<ol start="${Number(start === '' ? 1 : start)}">`, '</ol>'] : ['<ul>', '</ul>']
  return [open, ...items.map((item) => `<li>${blocks(blockTokens(item.tokens))}</li>`), close].join('\n')
}

function table({ header, rows }: Tokens.Table): string {
  const row = (cells: readonly Tokens.TableCell[], name: 'th' | 'td'): string =>
    `<tr>${cells.map(({ tokens }) => `<${name}>${inline(tokens)}</${name}>`).join('')}</tr>`
  return `<table>\n<thead>${row(header, 'th')}</thead>\n<tbody>\n${rows.map((cells) => row(cells, 'td')).join('\n')}\n</tbody>\n</table>`
}

function inline(tokens: readonly Token[] | undefined): string {
  return inlineTokens(tokens).map(piece).join('')
}

function piece(token: InlineToken): string {
  switch (token.type) {
    case 'text':
      return token.tokens === undefined ? escapeHtml(token.text) : inline(token.tokens)
    case 'escape':
      return escapeHtml(token.text)
    case 'strong':
      return `<strong>${inline(token.tokens)}</strong>`
    case 'em':
      return `<em>${inline(token.tokens)}</em>`
    case 'del':
      return `<del>${inline(token.tokens)}</del>`
    case 'codespan':
      return `<code>${escapeHtml(token.text)}</code>`
    case 'br':
      return '<br>'
    case 'link':
      return `${inline(token.tokens)}${escapeHtml(addressBeside(token.href, token.text))}`
  }
}
