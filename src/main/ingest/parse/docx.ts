import mammoth from 'mammoth'
import { parseHTML } from 'linkedom'
import { AppError } from '../../../shared/errors.ts'
import { htmlBlocks } from './html-blocks.ts'
import { normaliseFlow } from './normalise-text.ts'
import type { RawBlock } from './slice-builder.ts'
import { unpacksBeyond } from './zip-entries.ts'

export interface DocxDocument {
  readonly title: string | null
  readonly blocks: readonly RawBlock[]
}

/** All XML parts together, inflated. A book of a thousand pages has 20 MB. */
const maxXmlBytes = 300 * 1024 * 1024
const titleStyles = [
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='Subtitle'] => h2:fresh",
  "p[style-name='标题'] => h1:fresh",
]

/**
 * DOCX to blocks: mammoth turns it into plain HTML (headings, lists, tables, footnotes at the end), which is read like a page.
 * Pictures, comments, headers and footers are left out; no linked file is opened.
 * @throws AppError `unreadable-file` where the archive or its XML is damaged; `file-too-large` where it inflates beyond reason.
 */
export async function readDocx(bytes: Uint8Array): Promise<DocxDocument> {
  await checkSize(bytes)
  let html: string
  try {
    const result = await mammoth.convertToHtml(
      { buffer: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) },
      {
        styleMap: titleStyles,
        includeEmbeddedStyleMap: false,
        externalFileAccess: false,
        convertImage: mammoth.images.imgElement(() => Promise.resolve({ src: '' })),
      },
    )
    html = result.value
  } catch (error) {
    throw damaged(error)
  }
  const blocks = htmlBlocks(parseHTML(`<html>${withoutBackLinks(html)}</html>`).document.documentElement)
  const heading = blocks.slice(0, 10).find((block) => block.kind === 'heading')
  return {
    title: heading === undefined ? null : normaliseFlow(heading.text).replaceAll('\n', ' ').slice(0, 300),
    blocks,
  }
}

/** mammoth parses whole parts in memory: a bomb is found by inflating them once, piece by piece. */
async function checkSize(bytes: Uint8Array): Promise<void> {
  const isTooLarge = await unpacksBeyond(bytes, maxXmlBytes).catch((error: unknown) => {
    throw damaged(error)
  })
  if (isTooLarge) {
    throw new AppError(
      'file-too-large',
      'This Word document unpacks to more text than Carrel reads. Split it into smaller documents and add those.',
    )
  }
}

function damaged(cause: unknown): AppError {
  return new AppError(
    'unreadable-file',
    'This Word document is damaged or cut off. Open it in Word or LibreOffice, save it again and add it once more.',
    { cause },
  )
}

/** Each footnote ends with a link back to its mark. */
function withoutBackLinks(html: string): string {
  return html.replace(/<a href="#(?:footnote|endnote)-ref-[^"]{1,100}">↑<\/a>/g, '')
}
