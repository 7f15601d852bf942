import type { TextSlice } from '../../shared/anchor.ts'
import type { DocumentKind, DocumentNotice } from '../../shared/document.ts'
import type { DocumentId } from '../../shared/ids.ts'
import type { Chunk } from './chunks.ts'

/** What the parser process sends while it reads: slices of the canonical text with the chunks cut from them. */
export interface ParsedBatch {
  readonly slices: readonly TextSlice[]
  readonly chunks: readonly Chunk[]
  /** Of the whole document, where it is known before the end. */
  readonly pageCount?: number | null | undefined
}

export interface ParsedDocument {
  readonly kind: DocumentKind
  readonly title: string | null
  readonly pageCount: number | null
  readonly notices: readonly DocumentNotice[]
  /** Pages without text, by number from 1, in order: they are read by recognition afterwards. Absent: none. */
  readonly scanPages?: readonly number[] | undefined
  /** SHA-256 of the bytes that were read; differs from the one asked for when the file changed in between. */
  readonly hash: string
}

/**
 * Parts of a document: the pages of a PDF, else the slices of its text; numbered from 0. One that ends the parser process is
 * left out: a page is then not read, of another slice only the text is kept. `only`: all others are left out.
 */
export type PartsToRead = { readonly leaveOut: readonly number[] } | { readonly only: number }
/** What is known at the end of one reading, besides what is kept. */
export interface ParsedFile extends ParsedDocument {
  /** Place in the passwords given of the one that opened the file; null where none was needed. */
  readonly passwordUsed: number | null
}

/** A page that has no text of its own, and where its text goes once it is read: behind all that the document has so far. */
export interface ScanPage {
  readonly documentKey: number
  readonly documentId: DocumentId
  readonly path: string
  /** From 1. */
  readonly page: number
  readonly start: number
  readonly sliceOrdinal: number
  readonly chunkOrdinal: number
}

/** What recognition found on a page. `slice` null: nothing to read. `confidence`: 0 to 100. */
export interface RecognisedPage {
  readonly slice: TextSlice | null
  readonly chunks: readonly Chunk[]
  readonly confidence: number
}

export interface PageRecogniser {
  /**
   * Reads one page from its picture, in a process of its own at the weakest priority; seconds a page, one at a time.
   * @throws AppError `unreadable-file` `encrypted-file` `file-too-large` of the file, `embedding-model-missing` (no language data),
   * `worker-crashed` (also for a page beyond the limits of time and memory), `internal` for a page that cannot be drawn. Abort settles at once.
   */
  recognise(
    page: Omit<ScanPage, 'documentKey'> & { readonly passwords: readonly string[] },
    options: { readonly signal: AbortSignal },
  ): Promise<RecognisedPage>
}

export interface PasswordCheck {
  /** Whether a password opens a file; the file is not read. @throws AppError `unreadable-file` `file-too-large` `worker-crashed` */
  opens(
    file: { readonly path: string; readonly password: string },
    options: { readonly signal: AbortSignal },
  ): Promise<boolean>
}

export interface Parser {
  /**
   * Reads one file in the parser process. Batches arrive in document order; the next is sent when `onBatch` has resolved.
   * @throws AppError `unsupported-file` `unreadable-file` `file-too-large` `encrypted-file` `empty-file` `worker-crashed`
   * (with {@link WorkerCrash} as its details). Abort ends it at the next batch.
   */
  parse(
    file: { readonly path: string; readonly documentId: DocumentId; readonly passwords?: readonly string[] },
    options: {
      readonly parts: PartsToRead
      readonly onBatch: (batch: ParsedBatch) => Promise<void>
      readonly signal: AbortSignal
    },
  ): Promise<ParsedFile>
}
