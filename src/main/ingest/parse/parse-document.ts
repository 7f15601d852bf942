import type { TextSlice } from '../../../shared/anchor.ts'
import type { DocumentKind, DocumentNotice } from '../../../shared/document.ts'
import { assertNever } from '../../../shared/assert-never.ts'
import { AppError } from '../../../shared/errors.ts'
import { decodeText } from './decode-text.ts'
import { readDocx } from './docx.ts'
import { delimitedBlocks, detectDelimiter } from './delimited.ts'
import { readEpub } from './epub.ts'
import { detectKind, extensionOf, type FileKind } from './file-kind.ts'
import { readHtml } from './html.ts'
import { readImage } from './image.ts'
import { isMarkdownName, looksLikeHtml, declaredEncodingOf } from './text-kind.ts'
import { frontMatterTitle, markdownBlocks } from './markdown.ts'
import { jsonBlocks, jsonLinesBlocks } from './json-text.ts'
import { readMail, readSavedPage } from './mail.ts'
import { normaliseFlow } from './normalise-text.ts'
import { notebookBlocks } from './notebook.ts'
import { readOpenDocument } from './open-document.ts'
import { isEncryptedOffice, openEncryptedOffice } from './office-encryption.ts'
import type { ParserResources } from './parser-resources.ts'
import type { OpenedByPassword } from './password-failures.ts'
import { parsePdf } from './pdf.ts'
import { readRtf } from './rtf.ts'
import { readSlides } from './slides.ts'
import { buildSlices } from './slice-builder.ts'
import type { RawBlock } from './slice-builder.ts'
import { codeBlocks, isCodeExtension, textBlocks } from './text.ts'
import { readWorkbook } from './workbook.ts'

/** What is known of a document once all of it was read. `pageCount` is null for formats without pages. */
export interface ParseEnd extends OpenedByPassword {
  readonly kind: DocumentKind
  readonly title: string | null
  readonly pageCount: number | null
  readonly notices: readonly DocumentNotice[]
  /** Pages without text, by number from 1: their text has to be recognised. Absent: none. */
  readonly scanPages?: readonly number[]
}

export interface DocumentBytes {
  /** File name with its extension; asked only where the content leaves open what it is. */
  readonly name: string
  /** At most 200 MB: the caller checks. Not changed. */
  readonly bytes: Uint8Array
  /** Tried in this order where the document asks for one. */
  readonly passwords?: readonly string[]
  readonly resources: ParserResources
}

interface Flow {
  readonly kind: DocumentKind
  readonly title: string | null
  readonly blocks: Iterable<RawBlock>
  readonly notices: readonly DocumentNotice[]
}

/**
 * Reads one document into slices of its canonical text, in order, without a gap: `slices.map((slice) => slice.text).join('')` is the
 * whole text. The format is told by content first, by name second: a PDF named `.txt` is read as a PDF. Slices are yielded as they
 * are made; what is known only at the end is returned. Pages of a PDF that are left out (by number from 0) become empty slices.
 * @throws AppError `unsupported-file` `unreadable-file` `encrypted-file` `empty-file` `file-too-large` (a DOCX that unpacks beyond
 * reason); slices yielded before are then worth nothing. Abort ends it at the next slice with the signal's reason.
 */
export async function* parseDocument(
  input: DocumentBytes,
  options: {
    readonly isLeftOut?: (page: number) => boolean
    readonly signal: AbortSignal
    /** Called before the first slice where the number of pages is known by then. */
    readonly onPageCount?: (pageCount: number) => void
  },
): AsyncGenerator<TextSlice, ParseEnd> {
  options.signal.throwIfAborted()
  if (input.bytes.length === 0)
    throw new AppError('empty-file', 'This file is empty: it has no bytes at all. Add a file with text in it.')
  const { resources, passwords = [] } = input
  const { bytes, passwordUsed } = isEncryptedOffice(input.bytes)
    ? openEncryptedOffice(input.bytes, passwords)
    : { bytes: input.bytes, passwordUsed: null }
  const kind = await detectKind(input.name, bytes)
  if (kind === 'pdf') {
    const { isLeftOut = () => false } = options
    const end = yield* parsePdf(bytes, { ...options, resources, passwords, isLeftOut })
    return { kind: 'pdf', ...end }
  }
  if (kind === 'image') {
    const { slices, pageCount } = readImage(bytes)
    yield* slices
    const scanPages = slices.map((_, index) => index + 1)
    return { kind: 'image', title: null, pageCount, notices: [], scanPages, passwordUsed }
  }
  const flow = await readGuarded(() => flowOf(kind, input.name, bytes))
  let hasText = false
  for (const slice of guarded(buildSlices(flow.blocks))) {
    options.signal.throwIfAborted()
    hasText = true
    yield slice
  }
  if (!hasText) throw new AppError('empty-file', 'This file has no text: there is nothing in it to read or search.')
  return { kind: flow.kind, title: flow.title, pageCount: null, notices: flow.notices, passwordUsed }
}

/** Every format but PDF: its blocks in one go, or lazily where it can be large. */
async function flowOf(kind: Exclude<FileKind, 'pdf' | 'image'>, name: string, bytes: Uint8Array): Promise<Flow> {
  const notices: readonly DocumentNotice[] = []
  switch (kind) {
    case 'docx':
      return { kind, ...(await readDocx(bytes)), notices }
    case 'slides':
      return { kind, ...(await readSlides(bytes)), notices }
    case 'open-text':
    case 'open-slides':
    case 'open-sheet': {
      const shown = { 'open-text': 'odt', 'open-slides': 'slides', 'open-sheet': 'sheet' } as const
      return { kind: shown[kind], ...(await readOpenDocument(bytes)), notices }
    }
    case 'workbook':
    case 'old-workbook':
      return { kind: 'sheet', ...(await readWorkbook(bytes, { isZip: kind === 'workbook' })), notices }
    case 'epub':
      return { kind, ...(await readEpub(bytes)), notices }
    case 'rtf':
      return { kind, ...readRtf(bytes), notices }
    case 'mail':
      return { kind, ...(await readMail(bytes)), notices }
    case 'saved-page': {
      const page = await readSavedPage(bytes)
      return page === null ? textFlow(name, bytes) : { kind: 'html', ...page, notices }
    }
    case 'text':
      return textFlow(name, bytes)
    default:
      return assertNever(kind)
  }
}

function textFlow(name: string, bytes: Uint8Array): Flow {
  const decoded = decodeText(bytes, { declaredEncoding: declaredEncodingOf(bytes) })
  const notices: DocumentNotice[] = decoded.guessed
    ? [{ code: 'encoding-guessed', values: { encoding: decoded.encoding } }]
    : []
  const { text } = decoded
  if (looksLikeHtml(name, text)) return { kind: 'html', ...readHtml(text), notices }
  if (isMarkdownName(name))
    return {
      kind: 'markdown',
      title: frontMatterTitle(text) ?? firstHeading(text),
      blocks: markdownBlocks(text),
      notices,
    }
  const extension = extensionOf(name)
  if (['csv', 'tsv', 'tab'].includes(extension)) {
    const delimiter = detectDelimiter(text, extension === 'csv' ? ',' : '\t')
    if (delimiter !== null) return { kind: 'sheet', title: null, blocks: delimitedBlocks(text, delimiter), notices }
  }
  const json = { json: jsonBlocks, geojson: jsonBlocks, jsonl: jsonLinesBlocks, ndjson: jsonLinesBlocks }[extension]
  if (json !== undefined) return { kind: 'text', title: null, blocks: json(text), notices }
  const notebook = extension === 'ipynb' ? notebookBlocks(text) : null
  if (notebook !== null) return { kind: 'text', title: null, blocks: notebook, notices }
  return {
    kind: 'text',
    title: null,
    blocks: isCodeExtension(extension) ? codeBlocks(text) : textBlocks(text),
    notices,
  }
}

/** The first heading near the beginning of a Markdown text. */
function firstHeading(text: string): string | null {
  let seen = 0
  for (const block of markdownBlocks(text.slice(0, 20_000))) {
    seen += 1
    if (block.kind === 'heading') return normaliseFlow(block.text).replaceAll('\n', ' ').slice(0, 300) || null
    if (seen > 10) return null
  }
  return null
}

/** A library that gives up (a stack overflow on absurd nesting, a broken invariant) means a file that cannot be read. */
function unreadable(cause: unknown): unknown {
  if (cause instanceof AppError || !(cause instanceof Error) || cause.name === 'AbortError') return cause
  return new AppError(
    'unreadable-file',
    'This file is damaged or built in a way that Carrel cannot read. Open it in its own program, save it again and add that.',
    { cause },
  )
}

async function readGuarded(read: () => Flow | Promise<Flow>): Promise<Flow> {
  try {
    return await read()
  } catch (error) {
    throw unreadable(error)
  }
}

/** Blocks of some formats are read while slices are built: their failures are translated too, the consumer's are not. */
function* guarded(slices: Generator<TextSlice>): Generator<TextSlice> {
  for (;;) {
    let step: IteratorResult<TextSlice>
    try {
      step = slices.next()
    } catch (error) {
      throw unreadable(error)
    }
    if (step.done === true) return
    yield step.value
  }
}
