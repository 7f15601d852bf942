import { utils, write } from '@e965/xlsx'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDocx } from '../../test/support/documents/docx-writer.ts'
import { typeset } from '../../test/support/documents/pdf-typesetter.ts'
import { writePdf } from '../../test/support/documents/pdf-writer.ts'
import { writeParagraph } from './corpus.ts'
import { createRandom } from './statistics.ts'

/** Kinds that are written for the benchmarks; `text-zh` is Chinese, the others are English. */
export const writtenKinds = ['text', 'text-zh', 'html', 'pdf', 'docx', 'xlsx'] as const
export type WrittenKind = (typeof writtenKinds)[number]

/** One document of so many paragraphs (rows of a sheet), equal for equal random numbers. */
export function writeOfKind(kind: WrittenKind, paragraphs: number, random: () => number): Uint8Array {
  const texts = Array.from({ length: paragraphs }, () => writeParagraph(kind === 'text-zh' ? 'zh' : 'en', random))
  switch (kind) {
    case 'text':
    case 'text-zh':
      return Buffer.from(`${texts.join('\n\n')}\n`)
    case 'html': {
      const body = texts.map(
        (text, index) => `${index % 8 === 0 ? `<h2>Part ${index / 8 + 1}</h2>` : ''}<p>${text}</p>`,
      )
      return Buffer.from(`<!doctype html><html lang="en"><title>A page</title><body>${body.join('\n')}</body></html>`)
    }
    case 'pdf':
      return writePdf({ pages: typeset(texts.map((text) => ({ text, style: 'body' }))) })
    case 'docx':
      return writeDocx(
        texts.flatMap((text, index) => [
          ...(index % 8 === 0 ? [{ type: 'heading', level: 1, text: `Part ${index / 8 + 1}` } as const] : []),
          { type: 'paragraph', text } as const,
        ]),
      )
    case 'xlsx': {
      const rows = texts.map((text, index) => [index + 1, Math.round(random() * 1e6) / 100, text.slice(0, 120)])
      const book = utils.book_new(utils.aoa_to_sheet([['Number', 'Amount', 'Remark'], ...rows]), 'Ledger')
      const bytes: unknown = write(book, { type: 'buffer', bookType: 'xlsx' })
      if (!(bytes instanceof Uint8Array)) throw new Error('The sheet could not be written.')
      return bytes
    }
  }
}

/** @returns the folder's files, in order of their names. */
export async function writeFolderOfKind(
  folder: string,
  options: {
    readonly kinds: readonly WrittenKind[]
    readonly files: number
    readonly paragraphs: number
    readonly seed: number
  },
): Promise<void> {
  const random = createRandom(options.seed)
  const { kinds, files, paragraphs } = options
  for (let index = 0; index < files; index += 1) {
    const place = join(folder, `part ${Math.floor(index / 500)}`)
    await mkdir(place, { recursive: true })
    const kind = kinds[index % kinds.length] ?? 'text'
    const ending = kind === 'text' || kind === 'text-zh' ? 'txt' : kind
    await writeFile(
      join(place, `${String(index).padStart(5, '0')} ${kind}.${ending}`),
      writeOfKind(kind, paragraphs, random),
    )
  }
}

/** A PDF of text pages, each different; about 150 words a page. */
export function writePages(pages: number, seed: number): Uint8Array {
  const random = createRandom(seed)
  return writePdf({
    pages: Array.from({ length: pages }, (_, index) => {
      const [page] = typeset([
        { text: `Page ${index + 1}`, style: 'heading' },
        { text: writeParagraph('en', random), style: 'body' },
        { text: writeParagraph('en', random).slice(0, 400), style: 'body' },
      ])
      return page ?? { strings: [] }
    }),
  })
}
