import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist/types/src/display/api.js'
import type { TextSlice } from '../../../shared/anchor.ts'
import type { DocumentNotice } from '../../../shared/document.ts'
import { AppError } from '../../../shared/errors.ts'
import { partsAhead } from '../parts-ahead.ts'
import { isGarbled } from './garbled-text.ts'
import { normaliseFlow } from './normalise-text.ts'
import type { ParserResources } from './parser-resources.ts'
import type { OpenedByPassword } from './password-failures.ts'
import { damagedPdf, openPdf } from './pdf-document.ts'
import type { OpenPdf } from './pdf-document.ts'
import { placeItems } from './pdf-items.ts'
import { readLines } from './pdf-lines.ts'
import type { Line } from './pdf-lines.ts'
import { writePage } from './pdf-page-text.ts'
import { BodySize, groupLines } from './pdf-paragraphs.ts'
import type { Pdfjs } from './pdfjs-loader.ts'

export interface PdfEnd extends OpenedByPassword {
  /** Pages without usable text, by number from 1. */
  readonly scanPages: readonly number[]
  readonly title: string | null
  readonly pageCount: number
  readonly notices: readonly DocumentNotice[]
}

/** pdf.js keeps fonts and pictures of all pages it has seen; they are dropped every so many pages. */
const cleanupEveryPages = 50
/** So many pages of a PDF without text are looked at for anything drawn. */
const maxInspectedPages = 20

/**
 * Reads a PDF page by page; each page is one slice with its size, runs and blocks (a page without text is a slice without text).
 * A page whose text layer is garbled or cannot be read counts as one without text: nothing wrong is indexed. A page is held at
 * a time, and the text of a few that are read ahead. Encrypted files are read where they open without a password, or with one of those given.
 * @throws AppError `encrypted-file`, `unreadable-file` (damaged),
 * `empty-file` (nothing drawn at all). Abort ends it at the next page with the signal's reason.
 */
export async function* parsePdf(
  bytes: Uint8Array,
  options: {
    readonly resources: ParserResources
    /** Pages not to be read, by number from 0: reading one of them ended the process. */
    readonly isLeftOut: (page: number) => boolean
    readonly passwords: readonly string[]
    readonly signal: AbortSignal
    readonly onPageCount?: (pageCount: number) => void
  },
): AsyncGenerator<TextSlice, PdfEnd> {
  const pdf = await openPdf(bytes, options)
  try {
    options.onPageCount?.(pdf.document.numPages)
    return yield* readPages(pdf, { ...options, bytes })
  } finally {
    await pdf.close()
  }
}

async function* readPages(
  { document, pdfjs, passwordUsed }: OpenPdf,
  context: {
    readonly bytes: Uint8Array
    readonly isLeftOut: (page: number) => boolean
    readonly signal: AbortSignal
  },
): AsyncGenerator<TextSlice, PdfEnd> {
  const pageCount = document.numPages
  if (pageCount < 1) throw damagedPdf(new Error('no pages'))
  const bodySize = new BodySize()
  let offset = 0
  const scanPages: number[] = []
  let failed = 0
  let leftOut = 0
  let firstHeading: string | null = null
  const readUnlessLeftOut = (number: number): Promise<ReadPage> =>
    number > pageCount || context.isLeftOut(number - 1) ? Promise.resolve(unread) : readPage(document, number)
  const ahead: Promise<ReadPage>[] = []
  for (let number = 1; number <= pageCount; number += 1) {
    context.signal.throwIfAborted()
    const isLeftOut = context.isLeftOut(number - 1)
    // A page takes several messages to and from the thread of pdf.js, which would wait for most of them. None is under way when fonts are dropped.
    const beforeCleanup = Math.ceil(number / cleanupEveryPages) * cleanupEveryPages
    while (ahead.length <= partsAhead && number + ahead.length <= beforeCleanup)
      ahead.push(readUnlessLeftOut(number + ahead.length))
    const read = (await ahead.shift()) ?? unread
    if (read.isFailed) failed += 1
    if (isLeftOut) leftOut += 1
    bodySize.add(read.lines)
    const groups = groupLines(read.lines, bodySize.points)
    const page = writePage(groups, offset)
    if (page.text === '' && !isLeftOut) scanPages.push(number)
    const heading = number === 1 ? groups.find((group) => group.kind === 'heading' && group.level <= 2) : undefined
    if (heading !== undefined) firstHeading = heading.lines.map((line) => line.text).join(' ')
    const end = offset + page.text.length
    yield {
      ordinal: number - 1,
      start: offset,
      end,
      text: page.text,
      page: { number, width: read.width, height: read.height },
      blocks: page.blocks,
      runs: page.runs,
    }
    offset = end
    if (number % cleanupEveryPages === 0) await document.cleanup()
  }
  const hasText = scanPages.length + leftOut < pageCount
  if (!hasText) await refuseEmpty(document, { ...context, failed, pdfjs })
  const notices: DocumentNotice[] = []
  if (isCutOff(context.bytes)) notices.push({ code: 'truncated-file', values: {} })
  const title = (await metadataTitle(document)) ?? firstHeading?.slice(0, 300) ?? null
  return { title, pageCount, notices, scanPages, passwordUsed }
}

interface ReadPage {
  readonly width: number
  readonly height: number
  readonly lines: readonly Line[]
  readonly isFailed: boolean
}

const unread: ReadPage = { width: 0, height: 0, lines: [], isFailed: false }

async function readPage(document: PDFDocumentProxy, number: number): Promise<ReadPage> {
  let page: PDFPageProxy
  try {
    page = await document.getPage(number)
  } catch (error) {
    // One broken page must not cost the others; it is counted among those without text.
    if (!(error instanceof Error)) throw error
    return { ...unread, isFailed: true }
  }
  const viewport = page.getViewport({ scale: 1 })
  const size = { width: viewport.width, height: viewport.height }
  try {
    const content = await page.getTextContent()
    const source = content.items.map((item) => ('str' in item ? item.str : '')).join('')
    if (isGarbled(source)) return { ...size, lines: [], isFailed: false }
    return { ...size, lines: readLines(placeItems(content.items, content.styles, viewport.transform)), isFailed: false }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { ...size, lines: [], isFailed: true }
  } finally {
    page.cleanup()
  }
}

/** A PDF without any text is a scan, if it shows anything. @throws AppError `unreadable-file` `empty-file` */
async function refuseEmpty(
  document: PDFDocumentProxy,
  context: { readonly failed: number; readonly isLeftOut: (page: number) => boolean; readonly pdfjs: Pdfjs },
): Promise<void> {
  if (context.failed === document.numPages) throw damagedPdf(new Error('no page could be read'))
  if (await drawsAnything(document, context)) return
  throw new AppError('empty-file', 'This PDF has empty pages only: there is no text in it to read.')
}

/** True where one of the first pages shows a picture, text or lines. */
async function drawsAnything(
  document: PDFDocumentProxy,
  { isLeftOut, pdfjs: { OPS } }: { readonly isLeftOut: (page: number) => boolean; readonly pdfjs: Pdfjs },
): Promise<boolean> {
  const drawing = new Set<number>(
    Object.entries(OPS)
      .filter(([name]) => /^(?:paint|show|constructPath|stroke|fill|shadingFill)/.test(name))
      .map(([, code]) => code),
  )
  for (let number = 1; number <= Math.min(document.numPages, maxInspectedPages); number += 1) {
    if (isLeftOut(number - 1)) continue
    try {
      const page = await document.getPage(number)
      const { fnArray } = await page.getOperatorList()
      page.cleanup()
      if (fnArray.some((operator: number) => drawing.has(operator))) return true
    } catch (error) {
      // What cannot be looked at may be a scan: better to try to recognise it than to call it empty.
      if (error instanceof Error) return true
      throw error
    }
  }
  return false
}

async function metadataTitle(document: PDFDocumentProxy): Promise<string | null> {
  let raw: unknown
  try {
    const { info } = await document.getMetadata()
    raw = 'Title' in info ? info.Title : undefined
  } catch (error) {
    // A title is a courtesy; damaged metadata is no reason to refuse the text.
    if (error instanceof Error) return null
    throw error
  }
  if (typeof raw !== 'string' || isGarbled(raw)) return null
  const title = normaliseFlow(raw).replaceAll('\n', ' ').slice(0, 300)
  const isFromProgram =
    /^(?:untitled|microsoft word|microsoft powerpoint|slide 1|无标题|document\d*)\b/i.test(title) ||
    /\.(?:docx?|dvi|tex|indd|qxd|pptx?|xlsx?|pdf)$/i.test(title)
  return title === '' || title.includes('\uFFFD') || isFromProgram ? null : title
}

/** pdf.js repairs what it can of a PDF without an end; the reader should know that pages may be missing. */
function isCutOff(bytes: Uint8Array): boolean {
  const tail = bytes.subarray(Math.max(0, bytes.length - 4_096))
  return !Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength).includes('%%EOF')
}
