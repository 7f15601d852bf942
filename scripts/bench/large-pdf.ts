import { writeFile } from 'node:fs/promises'
import { type TypesetBlock, typeset } from '../../test/support/documents/pdf-typesetter.ts'
import { writePdf } from '../../test/support/documents/pdf-writer.ts'
import { writeParagraph } from './corpus.ts'
import { createRandom } from './statistics.ts'

const syllables = 'ba de fi go lu mar nel ost pir quen ras sol tam vor wex yil zan'.split(' ')

/** A made-up name that no other page has: what is asked about finds its page. */
export function pageName(page: number): string {
  const at = (place: number): string => syllables[Math.floor(page / syllables.length ** place) % syllables.length] ?? ''
  const name = `${at(2)}${at(1)}${at(0)}mund`
  return name.charAt(0).toUpperCase() + name.slice(1)
}

/** A question that the page answers. */
export function questionAbout(page: number): string {
  return `What does the warden of ${pageName(page)} keep in the archive?`
}

/** Writes a PDF with as many pages, each with a heading and its own text; equal for equal counts. */
export async function writeLargePdf(path: string, pageCount: number): Promise<void> {
  const random = createRandom(pageCount)
  const pages = Array.from({ length: pageCount }, (_, index) => {
    const name = pageName(index + 1)
    const blocks: readonly TypesetBlock[] = [
      { style: 'heading', text: `The archive of ${name}` },
      {
        style: 'body',
        text: `The warden of ${name} keeps the letters of ${name} in the archive, in box ${index + 1}.`,
      },
      { style: 'body', text: writeParagraph('en', random) },
      { style: 'body', text: writeParagraph('en', random) },
    ]
    const [page] = typeset(blocks)
    if (page === undefined) throw new Error('A page of the benchmark is empty.')
    return page
  })
  await writeFile(path, writePdf({ pages, title: 'The archives' }))
}
