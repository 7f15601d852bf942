import { execFile } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { resolveParserResources } from '../../src/main/ingest/parse/parser-resources.ts'
import { openPdf } from '../../src/main/ingest/parse/pdf-document.ts'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { openCarrel } from './open-carrel.ts'
import { createRandom, median } from './statistics.ts'
import { writeOfKind, writePages } from './written-documents.ts'

const run = promisify(execFile)
/** About four paragraphs a page, as LibreOffice sets them. */
const paragraphsPerPage = 4.8
const conversionMs = 300_000

/** From the drop of a long PDF to the moment when it can be asked about, against reading its text by pdf.js and nothing else, in turns. */
export async function measureSearchable({ isQuick, scratchFolder, say }: BenchContext): Promise<readonly BenchRow[]> {
  const rounds = isQuick ? 1 : 5
  const path = join(scratchFolder, 'long.pdf')
  const maker = await writeLongPdf(scratchFolder, isQuick ? 20 : 1_000)
  const small = join(scratchFolder, 'short.pdf')
  await writeFile(small, writePages(20, 18))
  await timeBareExtraction(small)
  const own: number[] = []
  const bare: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    own.push(await timeUntilSearchable(join(scratchFolder, `searchable-${round}`), { path, small }))
    bare.push(await timeBareExtraction(path))
    say(
      `  round ${round + 1}: searchable after ${Math.round(own.at(-1) ?? 0)} ms, bare ${Math.round(bare.at(-1) ?? 0)} ms`,
    )
  }
  const pages = await countPages(path)
  const note = `${pages} pages, ${maker}; median of ${rounds} rounds: ${Math.round(median(own))} ms against ${Math.round(median(bare))} ms`
  return [
    {
      group: 'searchable',
      what: `a PDF of ${pages} pages is searchable, against bare pdf.js`,
      value: median(own.map((ms, round) => ms / (bare[round] ?? Number.NaN))),
      unit: 'times',
      reach: { bound: 'at most', value: 1.5 },
      note,
    },
    {
      group: 'searchable',
      what: 'pages a second until searchable',
      value: (pages / median(own)) * 1_000,
      unit: 'pages/s',
      reach: null,
      note,
    },
  ]
}

/**
 * `long.pdf`, by LibreOffice: with fonts of its own and compressed, as PDFs are; drawn plainly where it is not installed, which pdf.js
 * reads much faster than a real one. @returns who made it
 */
async function writeLongPdf(folder: string, pages: number): Promise<string> {
  const paragraphs = Math.round(pages * paragraphsPerPage)
  const source = join(folder, 'long.docx')
  await writeFile(source, writeOfKind('docx', paragraphs, createRandom(17)))
  const profile = `-env:UserInstallation=file://${join(folder, 'office')}`
  const words = [profile, '--headless', '--convert-to', 'pdf', '--outdir', folder, source]
  try {
    await run('soffice', words, { timeout: conversionMs })
    return 'made by LibreOffice'
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    await writeFile(join(folder, 'long.pdf'), writePages(pages, 17))
    return 'drawn plainly: LibreOffice is not installed'
  }
}

async function countPages(path: string): Promise<number> {
  const opened = await openPdf(new Uint8Array(await readFile(path)), {
    resources: resolveParserResources(),
    passwords: [],
  })
  const { numPages } = opened.document
  await opened.close()
  return numPages
}

/** The reader process has read a short PDF before, as the bare extraction has. */
async function timeUntilSearchable(
  dataFolder: string,
  files: { readonly path: string; readonly small: string },
): Promise<number> {
  let elapsedMs: number
  {
    await using carrel = await openCarrel(dataFolder)
    const { signal } = new AbortController()
    await carrel.importer.add([files.small], { signal })
    await carrel.importer.idle({ signal })
    const { documents } = carrel
    const { finishReading } = documents
    const searchable = Promise.withResolvers<number>()
    documents.finishReading = (documentKey, parsed) => {
      finishReading(documentKey, parsed)
      searchable.resolve(performance.now())
    }
    const startedMs = performance.now()
    await carrel.importer.add([files.path], { signal })
    elapsedMs = (await searchable.promise) - startedMs
  }
  await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 })
  return elapsedMs
}

/** Every page's text in its order, pages let go as they are done. */
async function timeBareExtraction(path: string): Promise<number> {
  const startedMs = performance.now()
  const opened = await openPdf(new Uint8Array(await readFile(path)), {
    resources: resolveParserResources(),
    passwords: [],
  })
  let units = 0
  for (let number = 1; number <= opened.document.numPages; number += 1) {
    const page = await opened.document.getPage(number)
    const { items } = await page.getTextContent()
    units += items.reduce((sum, item) => sum + ('str' in item ? item.str.length : 0), 0)
    page.cleanup()
  }
  await opened.close()
  if (units === 0) throw new Error('The PDF has no text.')
  return performance.now() - startedMs
}
