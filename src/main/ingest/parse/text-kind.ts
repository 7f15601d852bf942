import { extensionOf } from './file-kind.ts'

const sniffUnits = 64 * 1024
// What stands before the first tag of a page: white space, comments, an XML declaration, a doctype of any dialect.
const wholePage =
  /^\s*(?:<\?xml[^>]{0,500}\?>\s*)?(?:<!--[^>]{0,5000}-->\s*){0,5}<(?:!doctype\s+html|html|head|body)[\s>]/i

/** True where a decoded text is HTML: a whole page under any name; a fragment only where its name says so. */
export function looksLikeHtml(name: string, text: string): boolean {
  const start = text.slice(0, sniffUnits)
  if (wholePage.test(start)) return true
  return ['html', 'htm', 'xhtml', 'shtml'].includes(extensionOf(name)) && /<[a-z!/]/i.test(start)
}

/** True for names of Markdown files. */
export function isMarkdownName(name: string): boolean {
  return ['md', 'markdown', 'mdown', 'mkd', 'mdx', 'rmd', 'qmd'].includes(extensionOf(name))
}

/** The encoding that a page or an XML file declares about itself in its first kilobytes, if any. */
export function declaredEncodingOf(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 4_096)).toString('latin1')
  const found =
    /<meta[^>]{0,300}charset\s{0,9}=\s{0,9}["']?([\w.:-]{2,40})/i.exec(start) ??
    /^<\?xml[^>]{0,100}encoding\s{0,9}=\s{0,9}["']([\w.:-]{2,40})/i.exec(start)
  return found?.[1]
}
