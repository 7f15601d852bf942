import type { Box, TextSlice } from '../shared/anchor.ts'
import type { Collection, NamedScope, SearchScope } from '../shared/collection.ts'
import type { CitationCheck } from '../shared/citation-check.ts'
import type { ConversationHits } from '../shared/conversation-search.ts'
import type {
  AnswerMode,
  ConversationPage,
  ConversationSummary,
  DeletedConversation,
  FinishReason,
  Turn,
  Usage,
} from '../shared/conversation.ts'
import type { DocumentKind, DocumentNotice, DocumentSummary } from '../shared/document.ts'
import type { EmbedderProposal, EmbedderRecord, FolderChoices } from '../shared/embedder.ts'
import type { SerializedAppError } from '../shared/errors.ts'
import type { Unread } from '../shared/findings.ts'
import type { ChunkId, CollectionId, ConversationId, DocumentId, MessageId } from '../shared/ids.ts'
import type { LibraryTotals } from '../shared/ipc.ts'
import type { ModelServerStatus } from '../shared/model-server.ts'
import type { Source } from '../shared/passage.ts'
import type { Requirement } from '../shared/required-terms.ts'
import type { Expectation, ExpectationId, FoundPlace, SelfTestSetup } from '../shared/self-test.ts'
import type { Settings } from '../shared/settings.ts'
import type { IgnoreRules, WatchedFolderId } from '../shared/watched-folder.ts'

/**
 * What the pipelines need from the outside world. Drivers (storage, generators, worker clients) implement these; the
 * pipelines (ingest, answer) know nothing else. Integer keys are the records' own and never leave main; ids are public.
 */

// ---------------------------------------------------------------------------------------------------------- time, log

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs `callback` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, callback: () => void): () => void
}

/** Never given document or question text, unless `verbose` was asked for. */
export interface Log {
  info(message: string): void
  warn(message: string, cause?: unknown): void
  error(message: string, cause?: unknown): void
  /** Written only with `--verbose` or the setting. */
  verbose(message: string): void
}

// ------------------------------------------------------------------------------------------------------------- chunks

/**
 * What a chunk is filed under, by its language: the embedder on board for it. Which embedder makes the vectors of a file is
 * another matter (see EmbedderStore): a person can put one of their own in its place.
 */
export type EmbedderId = 'all-MiniLM-L6-v2' | 'bge-small-zh-v1.5'

/**
 * What is embedded and indexed. `text` is exactly the canonical text's `[start, end)`. `embeddingText` is what the embedder
 * and the keyword index are given (heading path and text). `keywordText` is `embeddingText` folded and segmented, terms
 * separated by spaces (see shared/keyword-terms.ts). `hash` is the SHA-256 (hex) of embedder id and embedding text.
 */
export interface Chunk {
  readonly id: ChunkId
  readonly ordinal: number
  readonly start: number
  readonly end: number
  readonly page: number | null
  readonly lastPage: number | null
  readonly headingPath: readonly string[]
  readonly text: string
  readonly embeddingText: string
  readonly keywordText: string
  /** ISO 639-1 where known, else `und`. */
  readonly language: string
  readonly embedder: EmbedderId
  readonly tokenCount: number
  readonly hash: string
}

/** What the chunker has to know of a document's earlier slices; to whoever carries it, it says nothing. */
export interface CutState {
  /** Open headings, outermost first; `start`: offset in the document. */
  readonly headings: readonly { readonly level: number; readonly start: number; readonly text: string }[]
  readonly nextOrdinal: number
  /** The embedder of the last block with enough letters to tell. */
  readonly embedder: EmbedderId | null
  readonly letters: number
  readonly unknownLetters: number
}

export interface ChunkCutter {
  /**
   * Cuts stored slices of a document into chunks again, in the parser process; in order, `state` goes from one call to the
   * next (null: the first). @throws AppError `worker-crashed` `embedding-model-missing`. Abort settles at once.
   */
  cut(
    part: { readonly documentId: DocumentId; readonly slices: readonly TextSlice[]; readonly state: CutState | null },
    options: { readonly signal: AbortSignal },
  ): Promise<{ readonly chunks: readonly Chunk[]; readonly state: CutState }>
}

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

export interface Embedder {
  /**
   * One L2-normalised vector a text, in order, by the embedder whose vectors answer for `embedder` at the moment of the call.
   * `interactive` goes before anything in the background. `purpose`: some embedders want another prefix before a question;
   * a passage by default.
   * @throws AppError `embedding-model-missing` `embedding-failed` `embedder-away` `worker-crashed` (with {@link WorkerCrash} as its
   * details). Abort drops what is queued.
   */
  embed(
    texts: readonly string[],
    options: {
      readonly embedder: EmbedderId
      readonly priority: 'interactive' | 'background'
      readonly purpose?: 'question' | 'passage'
      readonly signal: AbortSignal
    },
  ): Promise<readonly Float32Array[]>
  /** Processes that embed documents when all are running; questions may have another one. */
  readonly processCount: number
  /** While true, background work runs in one process at the weakest priority, so that import never slows an answer. */
  yieldToAnswers(isAnswering: boolean): void
}

// ------------------------------------------------------------------------------------------------------ document store

export interface FileFacts {
  readonly path: string
  readonly sizeBytes: number
  readonly modifiedAt: number
}

/** A file as a walk of a watched folder finds it. */
export interface FoundFile extends FileFacts {
  /** Of the file in its file system: stays when it is renamed. */
  readonly fileNumber: number
}

/** A file as the library knows it. */
export interface KnownFile extends FileFacts {
  readonly fileNumber: number | null
  /** Which watched folder brought it; null: added by hand. */
  readonly folderId: WatchedFolderId | null
}

export interface QueuedFile extends FileFacts {
  readonly locationKey: number
}

/** What import has yet to do. Files: paths that wait, changed ones too. Passages: chunks that wait for a vector, without held documents. */
export interface ImportCounts {
  readonly filesToRead: number
  readonly bytesToRead: number
  readonly filesBeingRead: number
  readonly passagesToEmbed: number
  /** Searchable, and for a reason that they give not embedded any further. */
  readonly documentsHeld: number
}

/** A document that waits for no vector, and one of its chunks to be looked for. */
export interface EmbeddedDocument {
  readonly documentKey: number
  /** False where all of its chunks were set aside. */
  readonly hasVector: boolean
  readonly chunkKey: number
  readonly embedder: EmbedderId
  readonly embeddingText: string
}

/** A chunk that waits for its vector. */
export interface PendingChunk {
  readonly chunkKey: number
  readonly documentKey: number
  readonly embedder: EmbedderId
  readonly embeddingText: string
  readonly hash: string
}

/** A live chunk with what a passage needs of its document. */
export interface StoredChunk {
  readonly chunkKey: number
  readonly documentKey: number
  readonly id: ChunkId
  readonly documentId: DocumentId
  readonly documentName: string
  readonly title: string | null
  readonly path: string
  readonly kind: DocumentKind
  readonly parserVersion: number
  readonly ordinal: number
  readonly start: number
  readonly end: number
  readonly page: number | null
  readonly lastPage: number | null
  readonly headingPath: readonly string[]
  readonly text: string
  readonly language: string
  readonly tokenCount: number
  /** Its vector is stored: a search by meaning can find it. */
  readonly isEmbedded: boolean
  /** Of its file, the newest where there are several; milliseconds since 1970. */
  readonly modifiedAt: number
}

export type LibraryChangeListener = (change: {
  readonly changed: readonly DocumentId[]
  readonly removed: readonly DocumentId[]
}) => void

/**
 * The library's records. SQLite is the truth: a chunk is found only while its document is searchable or ready here.
 * All methods are synchronous and short (well under 10 ms); larger work is cut into slices by the caller.
 * @throws AppError `storage-full` `storage-corrupt` `internal`
 */
export interface DocumentStore {
  /**
   * Notes a file to be read; a file already known with equal size and time is left alone. `wantedAt`: when a person asked
   * for it. Without it nobody did: its turn comes after all that was asked for, and what a person stopped stays stopped.
   * @returns true when it was queued.
   */
  queueFile(file: FileFacts, options?: { readonly wantedAt?: number | null }): boolean
  /** The oldest file of what was wanted last, or null. It stays queued until one of the next three methods names it. */
  nextQueuedFile(): QueuedFile | null
  /**
   * The bytes of a queued file are known. `known`: a document with this hash is there (or being read); the file became another
   * location of it. `read`: a document row in state `reading` exists (whatever an interrupted read left was cleared); parse it now.
   */
  identifyFile(
    locationKey: number,
    hash: string,
  ):
    | { readonly action: 'known' }
    | { readonly action: 'read'; readonly documentKey: number; readonly documentId: DocumentId }
  /** The file cannot even be read (vanished, no permission, too large): its row needs attention. */
  failFile(locationKey: number, problem: SerializedAppError): void
  /** One transaction a call: canonical text, blocks, chunks and their keyword terms. */
  appendBatch(documentKey: number, batch: ParsedBatch): void
  /**
   * Flips the document from `reading` to `searchable` in one short transaction; `ready` at once when it has no chunk to embed.
   * The new version of a changed file stays `reading` until it has its vectors: the earlier one, from which unchanged
   * chunks take theirs, answers meanwhile, and goes in the transaction that makes the new one `ready`.
   */
  finishReading(documentKey: number, parsed: ParsedDocument): void
  /** The document needs attention; its text and chunks are removed. */
  failDocument(documentKey: number, problem: SerializedAppError): void
  /** The next page that waits for recognition, newest document first, or null. Only of documents that are searchable already. */
  nextScanPage(): ScanPage | null
  /** The page's text is searchable; with the last page the document is ready once it has its vectors. Nothing where it waits no more. */
  finishScanPage(documentKey: number, page: number, recognised: RecognisedPage): void
  /** The page could not be read. */
  failScanPage(documentKey: number, page: number): void
  /** The pages that wait are not read, because somebody said so or because of what is wrong with the file. @throws AppError `not-found` */
  stopScan(id: DocumentId, problem: SerializedAppError | null): void
  /** Pages that were stopped or failed wait again. @throws AppError `not-found` */
  startScan(id: DocumentId): void
  /** Takes up again a document that needs attention, a path that failed, what a person stopped. @throws AppError `not-found` */
  retry(id: DocumentId): void

  /** They were asked about or asked for: their turn comes before what was wanted earlier. */
  want(ids: readonly DocumentId[]): void
  /**
   * Stops what import does or would do with these documents: what was to be read needs attention, what was to be embedded
   * stays searchable and is held; both say that they were stopped. @returns how many there was something to stop of.
   */
  stopImport(ids: readonly DocumentId[]): number
  /** False once a file that is hashed (`documentKey` null) or read was removed or stopped. */
  isAwaited(file: { readonly locationKey: number; readonly documentKey: number | null }): boolean
  /** Documents with a failure that may have passed, by key, in slices; not what a person stopped. */
  failedDocuments(afterKey: number, limit: number): readonly { readonly documentKey: number; readonly id: DocumentId }[]
  importCounts(): ImportCounts
  /** Searchable documents that only have to be found before they are ready, what is wanted most first. */
  embeddedDocuments(limit: number): readonly EmbeddedDocument[]
  /** Whether the keyword index finds this chunk by its own words. */
  findOwnWords(chunk: Pick<EmbeddedDocument, 'chunkKey' | 'embeddingText'>): boolean
  /** They were found: `ready`, unless a vector was lost or they were stopped or removed meanwhile. */
  confirmReady(documentKeys: readonly number[]): void
  /** Stays searchable, says why it does not become ready, and is left alone until somebody wants it again. */
  holdDocument(documentKey: number, problem: SerializedAppError): void

  /**
   * Chunks without a vector, of searchable documents and of new versions of changed files; what was wanted last first, new
   * versions before others, each document in order of ordinal. At last those of documents that are cut anew.
   */
  pendingChunks(limit: number): readonly PendingChunk[]
  /** A live chunk whose vector is stored and whose hash is the same: its vector can be reused. */
  chunkKeysWithVectors(hashes: readonly string[]): ReadonlyMap<string, number>
  /** After the vectors were stored. @returns keys of documents whose last one came; see `embeddedDocuments`. */
  markEmbedded(chunkKeys: readonly number[]): readonly number[]
  /** All chunks of these keys lost their vectors (reconciliation): they are pending again. */
  markPending(chunkKeys: readonly number[]): void
  /**
   * These chunks get no vector: they end the embedder, or it has none for them. They are found by their words, their
   * documents say how many there are, and become `ready` without them. @returns keys of documents that wait for no other.
   */
  setAsideChunks(chunkKeys: readonly number[]): readonly number[]
  /** Keys of live chunks whose vector is marked as stored, in order, after `afterKey`: for reconciliation in slices. */
  embeddedChunkKeys(embedder: EmbedderId, afterKey: number, limit: number): readonly number[]
  /** Those of the keys whose vectors are kept: of live chunks, and of new versions that wait for their last vector. */
  keptChunkKeys(chunkKeys: readonly number[]): readonly number[]
  /** Vectors cannot be made: new versions that wait for them become `searchable` and take the place of the earlier ones. */
  showSuccessors(): void

  /** Live documents that an earlier version of the chunker cut and that can be cut anew. */
  outdatedDocuments(): number
  /**
   * The next of them by key: it waits for nothing and is not being cut already. Null when there is none.
   * @returns how many slices its text has
   */
  nextOutdated(
    afterKey: number,
  ): { readonly documentKey: number; readonly documentId: DocumentId; readonly sliceCount: number } | null
  /** Makes a row out of everybody's sight that takes the document's new chunks. @returns its key. @throws AppError `not-found` */
  beginRecut(documentKey: number): number
  /** Slices of a document's text by ordinal, both bounds included; without their runs, which cutting does not ask for. */
  slicesToCut(documentKey: number, firstOrdinal: number, lastOrdinal: number): readonly TextSlice[]
  /** One transaction a call: copies these slices (null: none) and adds chunks. @throws AppError `not-found` when the document went or was read anew meanwhile */
  appendRecut(
    recutKey: number,
    batch: {
      readonly slices: { readonly first: number; readonly last: number } | null
      readonly chunks: readonly Chunk[]
    },
  ): void
  /**
   * All chunks are there. The document answers with the old ones until each new one has its vector; in that transaction the
   * row takes the document's place, and the old chunks are purged like those of a removed document.
   */
  finishRecut(recutKey: number): void
  /** What was cut of it is purged; the document stays as it is. */
  dropRecut(recutKey: number): void
  /** Rows that wait to take their document's place. */
  recutsWaiting(): number

  /** Kept chunks of an embedder (see `keptChunkKeys`), with or without a vector, by key, after `afterKey`: for a new index. */
  embeddableChunks(embedder: EmbedderId, afterKey: number, limit: number): readonly PendingChunk[]
  /** How many, and their average length in tokens (of a sample); removed documents included until they are purged. */
  embeddableTotals(embedder: EmbedderId): { readonly chunks: number; readonly averageTokens: number }

  /** Live chunks only; keys that are gone are left out. Order as asked. */
  chunksByKey(chunkKeys: readonly number[]): readonly StoredChunk[]
  /** Live chunks by their public ids, up to a hundred; ids that are gone are left out. Order as asked. */
  chunksById(ids: readonly ChunkId[]): readonly StoredChunk[]
  /** Live chunks of a document by ordinal, both bounds included. */
  chunksByOrdinal(documentKey: number, firstOrdinal: number, lastOrdinal: number): readonly StoredChunk[]
  /**
   * Live chunks spread evenly over whole documents, in their order, of about `tokens` in all (64 chunks at most), and how many there
   * are. `documentKeys` null: of the library. Null where that is no document, or more than `mostDocuments`.
   */
  spreadChunks(
    documentKeys: Int32Array | null,
    options: { readonly mostDocuments: number; readonly tokens: number },
  ): { readonly chunks: readonly StoredChunk[]; readonly total: number } | null
  /** Live chunks of a document that overlap `[start, end)`, in order, at most `limit`; none where the document is not live. */
  chunksInRange(
    id: DocumentId,
    range: { readonly start: number; readonly end: number },
    limit: number,
  ): readonly StoredChunk[]
  /** Version of the chunker that cut the passages of a live document longest ago; null: there is none. */
  oldestChunker(): number | null
  /** Documents a search covers: searchable and ready ones. */
  searchableDocumentCount(): number
  /** Chunks of these documents, or of all that a search covers; of more than a thousand documents at least so many as those. */
  searchableChunkCount(documentKeys: Int32Array | null): number
  /** Chunks by ISO 639-1 language (`und`: unknown), removed documents included until they are purged. */
  chunksByLanguage(): ReadonlyMap<string, number>

  /** Newest first; `collectionId`: of one collection alone, an unknown one holds nothing. */
  list(options: {
    readonly offset: number
    readonly limit: number
    readonly filter: string
    readonly collectionId?: CollectionId | null
    /** Only those that need attention or are held. */
    readonly onlyAttention?: boolean
  }): {
    readonly total: number
    readonly documents: readonly DocumentSummary[]
  }
  summaries(ids: readonly DocumentId[]): readonly DocumentSummary[]
  /** Ids whose own id, id prefix (8 or more digits) or one of whose paths equals `idOrPath`. */
  resolve(idOrPath: string): readonly DocumentId[]
  totals(): LibraryTotals
  /** Slices that overlap `[start, end)`, with `neighbours` more on each side. @throws AppError `not-found` */
  readSlices(
    id: DocumentId,
    range: { readonly start: number; readonly end: number; readonly neighbours: number },
  ): { readonly slices: readonly TextSlice[]; readonly sliceCount: number; readonly parserVersion: number }
  /** Boxes that cover `[start, end)` on PDF pages, one a line of text; empty for other kinds. */
  boxes(documentId: DocumentId, start: number, end: number): readonly Box[]

  /** Gone from every search at once. @returns how many were there. Their rows are purged later, see `purgeRemoved`. */
  remove(ids: readonly DocumentId[]): number
  /** Keys of removed documents whose vectors may still be stored, up to `limit`. */
  removedDocumentKeys(limit: number): readonly number[]
  /** Deletes a slice of what removed documents left (called after their vectors are gone). @returns true when nothing is left. */
  purgeRemoved(documentKeys: readonly number[]): boolean

  /** Notes that these files, which were queued or known before, belong to a watched folder, and their numbers. */
  followFiles(folderId: WatchedFolderId, files: readonly FoundFile[]): void
  /** Those of the paths that the library knows. */
  knownFiles(paths: readonly string[]): readonly KnownFile[]
  /** A watched folder's files below `under`, in order of path; `afterPath` is the last of those before, or null. */
  followedFiles(
    folderId: WatchedFolderId,
    options: { readonly under: string; readonly afterPath: string | null; readonly limit: number },
  ): readonly KnownFile[]
  /** The file is now at another path, where it takes the place of whatever was there; what was read of it is not read again. */
  moveFile(fromPath: string, file: FoundFile): void
  /** These files are gone: documents that have no other path are removed. */
  dropFiles(paths: readonly string[]): void
  /** A file of this size waits to be read: it may be one that is missing elsewhere. */
  isSizeQueued(sizeBytes: number): boolean

  /** At start: documents left in `reading` go back to the queue, what was cut anew in part or by another version is dropped. @returns how many are queued. */
  recover(): number
  onChange(listener: LibraryChangeListener): () => void
}

// -------------------------------------------------------------------------------------------------------- collections

/** Live documents that a search is restricted to, by ascending key, never empty; and how many live ones the library has. */
export interface DocumentSet {
  readonly keys: Int32Array
  readonly libraryDocuments: number
}

/**
 * Named sets of documents. Membership follows a file: its changed bytes, or a copy of it, join its collections. All but
 * `resolve` are synchronous and short; of large lists the caller makes calls of 500.
 * @throws AppError `not-found` (a collection that is gone), `invalid-request` and `name-taken` (a name)
 */
export interface CollectionStore {
  /** By name, whatever its case. */
  list(): readonly Collection[]
  /** By id or name; null for one that is not there or was deleted. */
  find(idOrName: string): Collection | null
  create(name: string): Collection
  rename(id: CollectionId, name: string): void
  /** Its documents stay; it can be brought back. Nothing for an unknown one. */
  delete(id: CollectionId): void
  /** @throws AppError `name-taken` when another one has its name by now */
  restore(id: CollectionId): void
  /** @returns how many were not in it before. Ids of documents that are gone are passed over. */
  addDocuments(id: CollectionId, documentIds: readonly DocumentId[]): number
  /** @returns how many were in it. */
  removeDocuments(id: CollectionId, documentIds: readonly DocumentId[]): number
  /** What is, or will become, of the file at this path joins it. */
  addPath(id: CollectionId, path: string): void
  /** A scope with its names; null: everything. @throws AppError `not-found` */
  describe(scope: SearchScope): NamedScope | null
  /**
   * The live documents of a scope, off the main thread; null: everything.
   * @throws AppError `not-found` for a deleted collection, `nothing-to-search` when there is none
   */
  resolve(scope: NamedScope | null, options: { readonly signal: AbortSignal }): Promise<DocumentSet | null>
  /** Deletes for ever what was deleted before a moment (milliseconds since 1970). */
  expireDeleted(before: number): void
  /** One short step of that. @returns true while there is more. */
  tidy(): boolean
  /** After every change of the list or of what is in a collection; counts also change with the documents. */
  onChange(listener: () => void): () => void
}

// ---------------------------------------------------------------------------------------------------- watched folders

export interface WatchedFolderRecord {
  readonly id: WatchedFolderId
  /** Absolute, links resolved. */
  readonly path: string
  readonly fileNumber: number | null
  readonly rules: IgnoreRules
  readonly isPaused: boolean
  readonly inStepAt: number | null
}

/** Synchronous and short, like the document store. */
export interface WatchedFolderStore {
  folders(): readonly WatchedFolderRecord[]
  add(folder: Pick<WatchedFolderRecord, 'path' | 'rules'>): WatchedFolderRecord
  update(
    id: WatchedFolderId,
    change: Partial<Pick<WatchedFolderRecord, 'fileNumber' | 'rules' | 'isPaused' | 'inStepAt'>>,
  ): void
  /** Forgets the folder; its files stay, as if they had been added by hand. */
  forget(id: WatchedFolderId): void
  counts(id: WatchedFolderId): { readonly files: number; readonly waiting: number; readonly leftOut: number }
  /** Those of the paths that a person took out of the library. */
  leftOut(id: WatchedFolderId, paths: readonly string[]): ReadonlySet<string>
  /** They are no longer left out: these, or all. */
  bringBack(id: WatchedFolderId, paths: readonly string[] | 'all'): void
}

// ------------------------------------------------------------------------------------------------------------ indexes

export interface IndexHit {
  readonly chunkKey: number
  readonly documentKey: number
  /** Vector index: cosine similarity, -1..1. Keyword index: share of the query's weight that the chunk holds, 0..1. Higher is better. */
  readonly score: number
}

export interface VectorRow {
  readonly chunkKey: number
  readonly documentKey: number
  readonly vector: Float32Array
}

/** A table of vectors. Names are never given twice, so that a name stands for one embedder with all its settings. */
export interface TablePlace {
  readonly name: string
  readonly dimensions: number
}

/** Vectors, in LanceDB. Derived from the document store; may hold rows of removed documents until they are purged. */
export interface ChunkIndex {
  /** The name of the table that answers now. Another one after a switch: vectors made before it do not fit any more. */
  servingTable(embedder: EmbedderId): string
  /** `table`: the serving one when the vectors were begun. @throws AppError `index-outdated` when it is another one by now. */
  add(embedder: EmbedderId, rows: readonly VectorRow[], options?: { readonly table: string }): Promise<void>
  /** Makes or opens a table beside the serving one. @returns true for a chunk whose vector it may already hold. */
  openBeside(place: TablePlace): Promise<(chunkKey: number) => boolean>
  addBeside(place: TablePlace, rows: readonly VectorRow[]): Promise<void>
  /**
   * The table beside takes the place of the serving one, which is removed. `commit` writes that into the records, between
   * two operations of the index: a crash before it leaves the old one whole, a crash after it the new one.
   */
  serve(embedder: EmbedderId, place: TablePlace, commit: () => void): Promise<void>
  removeBeside(place: TablePlace): Promise<void>
  /** Nearest first. `within` restricts it inside the search: `limit` come back wherever so many exist. */
  search(
    embedder: EmbedderId,
    vector: Float32Array,
    options: { readonly limit: number; readonly within?: DocumentSet | null; readonly signal: AbortSignal },
  ): Promise<readonly IndexHit[]>
  /** Vectors of these chunks, for reuse; missing ones are left out. */
  read(embedder: EmbedderId, chunkKeys: readonly number[]): Promise<ReadonlyMap<number, Float32Array>>
  removeDocuments(documentKeys: readonly number[]): Promise<void>
  /** All chunk keys stored, in order: for reconciliation and `verify`. */
  chunkKeys(embedder: EmbedderId): Promise<readonly number[]>
  removeChunks(embedder: EmbedderId, chunkKeys: readonly number[]): Promise<void>
  /** Compacts, drops old versions, builds or refreshes the ANN index where the size asks for one. Called when idle. */
  optimise(): Promise<void>
  close(): Promise<void>
}

/** Keywords, ranked by BM25, searched off the main thread. Written by the document store in its own transactions. */
export interface KeywordIndex {
  /** Best first; an empty or stop-words-only query finds nothing. Only live documents. */
  search(
    query: string,
    options: { readonly limit: number; readonly within?: DocumentSet | null; readonly signal: AbortSignal },
  ): Promise<readonly IndexHit[]>
  close(): Promise<void>
}

/** The documents that a look for every match covers, by ascending key, and the ends of the stretch of keys that their chunks stand in. */
export interface SearchedDocuments {
  readonly keys: Int32Array
  readonly firstChunk: number
  /** Less than `firstChunk` where there is none. */
  readonly lastChunk: number
}

/** What a stretch of chunks holds, by live document; lists side by side. Bit n of a number stands for requirement n. */
export interface SliceMatches {
  readonly documentKeys: Int32Array
  /** By any of its chunks. */
  readonly held: Int32Array
  /** Chunks that hold every requirement. */
  readonly together: Int32Array
  /** The first chunk that holds the most of them, and those it holds. */
  readonly bestChunks: Int32Array
  readonly bestHeld: Int32Array
}

/** Every match of a query, where a search ranks the best. Off the main thread, and between the searches of others; abort as there. */
export interface FindingsIndex {
  /** `scope` null: everything. Never rejects for want of documents. */
  searched(scope: NamedScope | null, options: { readonly signal: AbortSignal }): Promise<SearchedDocuments>
  /** Chunks by key, both ends included; a few thousand at a time. At most 30 requirements. */
  matches(
    slice: {
      readonly requirements: readonly Requirement[]
      readonly firstChunk: number
      readonly lastChunk: number
    },
    options: { readonly signal: AbortSignal },
  ): Promise<SliceMatches>
  /** What of a scope could not be searched. */
  unread(scope: NamedScope | null, options: { readonly signal: AbortSignal }): Promise<Unread>
}

// ------------------------------------------------------------------------------------------------ conversations, settings

export interface FinishedAnswer {
  readonly condensedQuestion: string | null
  readonly translatedQuestion: string | null
  readonly answer: string
  readonly reasoning: string
  readonly mode: AnswerMode
  readonly model: string | null
  readonly finishReason: FinishReason
  readonly error: SerializedAppError | null
  readonly sources: readonly Source[]
  readonly check: CitationCheck
  readonly usage: Usage
}

/** What there is of an answer that is still being written. */
export interface AnswerProgress {
  readonly condensedQuestion: string | null
  readonly translatedQuestion: string | null
  readonly answer: string
  readonly reasoning: string
  readonly mode: AnswerMode
  readonly model: string | null
  /** Null: as they were saved last. */
  readonly sources: readonly Source[] | null
  readonly check: CitationCheck
}

/** A finished turn as later ones look back on it. `answer` is empty when nothing had been written. */
export interface RememberedTurn {
  readonly answerId: MessageId
  readonly question: string
  readonly condensedQuestion: string | null
  readonly answer: string
  readonly mode: AnswerMode
  readonly finishReason: FinishReason
  readonly sources: readonly Source[]
}

/** What a conversation's next prompt may look back on: older turns in a few sentences, the later ones in their own words. */
export interface RememberedConversation {
  readonly summary: string | null
  /** Turns that the summary covers. */
  readonly summarisedTurns: number
  /** Oldest first; only those after the summary. */
  readonly turns: readonly RememberedTurn[]
  /** Turns between the summary and `turns`: too far back to be looked at. */
  readonly olderTurns: number
}

/** Where turns are read, by `PlacedTurn.key`: from the end, on one side of a turn, around it (it need not be there any more), or one answer alone. */
export type TurnPlace =
  | 'newest'
  | { readonly before: number }
  | { readonly after: number }
  | { readonly around: number }
  | { readonly answer: MessageId }

export interface ConversationStore {
  /** Writes the question (before retrieval) and an unfinished answer; creates the conversation, titled by its first question, when it is new. */
  beginTurn(turn: {
    readonly conversationId: ConversationId
    readonly question: string
    /** What is searched; null or absent: everything. */
    readonly scope?: NamedScope | null
    /** The last answer of the conversation, whose place it takes once it is finished with any text; until then that one stands. */
    readonly replaces?: MessageId | null
  }): {
    readonly questionId: MessageId
    readonly answerId: MessageId
  }
  /**
   * Brings back another answer to the last question, in place of the one that stands there.
   * @throws AppError `not-found`; `invalid-request` when further questions were asked after it
   */
  chooseAnswer(answerId: MessageId): Turn
  /** What a crash would leave of the answer; nothing when it is finished or gone. */
  saveProgress(answerId: MessageId, progress: AnswerProgress): void
  /** Once, at the terminal, with evidence, partial or not. */
  finishTurn(answerId: MessageId, finished: FinishedAnswer): void
  /**
   * Finished turns after the summary, oldest first, without those that were asked again; the latest ones where there are many.
   * Empty for an unknown conversation.
   */
  remember(id: ConversationId): RememberedConversation
  /** What the last question searched; null: everything, or no question yet. */
  lastScope(id: ConversationId): NamedScope | null
  /** One of them; null when it is not finished, was asked again or is gone. */
  rememberTurn(answerId: MessageId): RememberedTurn | null
  /**
   * Keeps the summary of all turns up to and with `until`.
   * @returns false, and nothing is kept, when that turn is gone or was asked again
   */
  saveSummary(id: ConversationId, summary: { readonly summary: string; readonly until: MessageId }): boolean
  /** At start: answers that a crash cut off become `aborted`. @returns how many. */
  recover(): number
  list(options: { readonly offset: number; readonly limit: number }): {
    readonly total: number
    readonly conversations: readonly ConversationSummary[]
  }
  /** Null for an unknown or deleted one. */
  summary(id: ConversationId): ConversationSummary | null
  /** At most `limit` turns at a place. @throws AppError `not-found` */
  turns(id: ConversationId, options: { readonly at: TurnPlace; readonly limit: number }): ConversationPage
  /** @throws AppError `not-found` */
  rename(id: ConversationId, title: string): void
  /** Out of the list and of every search at once; it can be brought back. Nothing for an unknown one. */
  delete(id: ConversationId): void
  /** Brings a deleted conversation back where it was. @throws AppError `not-found` when it is gone for ever */
  restore(id: ConversationId): void
  /** What can be brought back, deleted last first. */
  deleted(): readonly DeletedConversation[]
  /** Of deleted conversations one, or all (null). Their rows go in slices, see `tidy`. */
  deleteForEver(id: ConversationId | null): void
  /** Deletes for ever what was deleted before a moment (milliseconds since 1970). */
  expireDeleted(before: number): void
  /** One short step of work for idle moments: rows of what is gone for ever, the index of older turns. @returns true while there is more. */
  tidy(): boolean
  /** Off the main thread; newest first. Abort takes a waiting search out of the queue. */
  search(
    query: { readonly query: string; readonly beforeKey: number | null; readonly limit: number },
    options: { readonly signal: AbortSignal },
  ): Promise<ConversationHits>
}

/** How a model counts tokens against Carrel's estimate, as learnt from its server's counts; see answer/token-ratios.ts. */
export interface TokenRatios {
  /** For ASCII. */
  readonly narrow: number
  /** For all other characters. */
  readonly wide: number
}

export interface TokenRatioStore {
  /** Null for a model that was never counted. */
  read(model: string): TokenRatios | null
  write(model: string, ratios: TokenRatios): void
}

export interface SettingsStore {
  get(): Settings
  set(change: Partial<Settings>): Settings
}

export type NewExpectation = Omit<Expectation, 'id'>

export interface SelfTestRun {
  readonly key: number
  readonly finishedAt: number
  readonly setup: SelfTestSetup
}

/** Questions with the passage that each should find, and where each came in the last runs. Synchronous and short. */
export interface SelfTestStore {
  /** In the order they were kept. */
  expectations(): readonly Expectation[]
  counts(): { readonly kept: number; readonly generated: number }
  /** Null: the same question already expects the same words. */
  keep(expectation: NewExpectation): ExpectationId | null
  /** In place of all that were generated before. @returns how many. */
  replaceGenerated(expectations: readonly NewExpectation[]): number
  /** With its results. @returns false for an unknown one. */
  remove(id: ExpectationId): boolean
  /** A run that did not finish is forgotten. */
  beginRun(setup: SelfTestSetup): number
  /** Nothing for an expectation that was removed meanwhile. */
  record(runKey: number, id: ExpectationId, place: FoundPlace): void
  finishRun(runKey: number, finishedAt: number): void
  /** Finished ones, newest first. */
  lastRuns(limit: number): readonly SelfTestRun[]
  results(runKey: number): ReadonlyMap<ExpectationId, FoundPlace>
}

/** Vectors by one embedder, whichever it is and whoever runs it; its prefixes are put before the texts. */
export interface VectorMaker {
  /** One L2-normalised vector a text, in order. @throws as {@link Embedder.embed} */
  (
    record: EmbedderRecord,
    texts: readonly string[],
    options: {
      readonly purpose: 'question' | 'passage'
      readonly priority: 'interactive' | 'background'
      readonly signal: AbortSignal
    },
  ): Promise<readonly Float32Array[]>
}

/** Embedders from folders: looked at, copied into the data folder, tried. */
export interface EmbedderFolders {
  /** What its configuration says. Nothing is copied. @throws AppError `embedder-refused` */
  propose(path: string): Promise<EmbedderProposal>
  /**
   * Copies and tries it. Abort, and every failure, leaves nothing behind.
   * @throws AppError `embedder-refused` `storage-full`; on abort its reason
   */
  install(path: string, choices: FolderChoices, options: { readonly signal: AbortSignal }): Promise<EmbedderRecord>
  remove(id: string): Promise<void>
  /** What a crash left of adding or removing goes. */
  keepOnly(ids: ReadonlySet<string>): Promise<void>
}

/** Which table of vectors answers for an embedder, and who made its vectors. */
export interface VectorIndexRecord {
  readonly embedder: EmbedderId
  readonly role: 'serving' | 'next'
  readonly table: string
  readonly record: EmbedderRecord
  readonly chunkerVersion: number
}

/** Embedders that were added, and what each index was made with. Synchronous and short. */
export interface EmbedderStore {
  /** In the order they were added. */
  added(): readonly EmbedderRecord[]
  /** One with the same id is replaced. */
  add(record: EmbedderRecord): void
  remove(id: string): void
  serving(embedder: EmbedderId): VectorIndexRecord
  next(embedder: EmbedderId): VectorIndexRecord | null
  /** Another one that was begun is forgotten. */
  begin(embedder: EmbedderId, next: { readonly table: string; readonly record: EmbedderRecord }): void
  /** The next one becomes the serving one, in one transaction. */
  finish(embedder: EmbedderId): void
  cancel(embedder: EmbedderId): void
}

/** Both stores agree, and SQLite is sound. `problems` are plain sentences; empty means clean. */
export interface VerifyReport {
  readonly documents: number
  readonly chunks: number
  readonly vectors: number
  readonly problems: readonly string[]
}

// --------------------------------------------------------------------------------------------------------- generation

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

export interface GenerateRequest {
  readonly model: string
  readonly messages: readonly ChatMessage[]
  /** Always sent to the server: its own default is small and truncates silently. */
  readonly contextTokens: number
  readonly maxAnswerTokens?: number
  /** 0: the likeliest words, equal for equal prompts. Absent: the server's default. */
  readonly temperature?: number
  /** A thinking model answers at once, where its server can ask that of it. */
  readonly withoutReasoning?: boolean
}

export type GeneratorEvent =
  /** The server accepted the request: prompt reading begins, the model is loaded. */
  | { readonly type: 'accepted' }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  | {
      readonly type: 'end'
      readonly finishReason: 'stop' | 'length'
      readonly promptTokens: number | null
      readonly answerTokens: number | null
    }

export interface Generator {
  /**
   * Streams one completion; `end` is last. Nothing is pulled from the socket while the consumer does not ask.
   * Abort, `return()` of the iterator and every failure close the upstream connection at once.
   * @throws AppError `ollama-unreachable` `ollama-model-missing` `model-not-local` `model-out-of-memory` `context-overflow`
   * `generation-failed` `generation-stalled`; on abort, the signal's reason.
   */
  generate(
    request: GenerateRequest,
    /** `client`: whose turn it is where several wait. */
    options: { readonly signal: AbortSignal; readonly client?: string },
  ): AsyncIterable<GeneratorEvent>
}

export interface ModelServer extends Generator {
  /**
   * Asks the server what it has; never throws for a server in trouble, `problem` says it. `chosenModel` as given, or the first.
   * `isDetailed`: also what each single model can do, where that takes a question a model; the answers are kept.
   */
  status(options: {
    readonly chosenModel: string | null
    readonly isDetailed?: boolean
    readonly signal: AbortSignal
  }): Promise<ModelServerStatus>
}

/** What one line of a download says: all bytes of all parts known so far, in bytes. */
export interface PullProgress {
  readonly phase: 'starting' | 'downloading' | 'verifying'
  readonly receivedBytes: number
  readonly totalBytes: number | null
}

/** What a model server does besides answering. */
export interface ModelCare {
  /**
   * Loads a model before it is needed, with the context it will be asked with (another one would load it again). Resolves when
   * it is loaded, or at once where the server cannot do that. Abort closes the connection at once: the server gives up loading.
   * @throws what `generate` throws
   */
  warmUp(
    request: { readonly model: string; readonly contextTokens: number },
    options: { readonly signal: AbortSignal },
  ): Promise<void>
  /**
   * Has the server download a model; ends when it is there. Abort closes the connection at once, what was received stays with the
   * server for the next time.
   * @throws AppError at once: `invalid-request` (no name of a model), `model-not-local` (a cloud name); while it is read:
   * `invalid-request` (a server that downloads nothing), `model-not-local`, `model-download-failed`, `ollama-unreachable`; on abort, the signal's reason
   */
  pull(name: string, options: { readonly signal: AbortSignal }): AsyncIterable<PullProgress>
}

// ------------------------------------------------------------------------------------------------------------- workers

/** Names the program of a worker process: `out/main/<entry>.js`. */
export type WorkerEntry = 'parser' | 'embedder' | 'recogniser'

/** One worker process: electron/worker-process.ts (utilityProcess) or cli/worker-process.ts (child_process.fork). */
export interface WorkerProcess {
  readonly pid: number | undefined
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once. `code` null: ended by a signal. */
  onExit(listener: (code: number | null) => void): void
  kill(): void
  /** Memory that the process holds now; null where that cannot be told. Quick enough to be asked four times a second. */
  residentBytes(): number | null
}

/** The details of a `worker-crashed` that ended a request. */
export interface WorkerCrash {
  /** `ended`: by itself. Else Carrel ended it: it said nothing for too long, took too long in all, or too much memory. */
  readonly reason: 'ended' | 'silent' | 'slow' | 'memory'
  /** Whether this request was being worked on; `another`: it only waited behind that; `start`: nothing had begun. */
  readonly blame: 'this' | 'another' | 'start'
  /** Of the document, the part that had been begun last. */
  readonly part?: number
}

export interface WorkerTransport {
  /** Starts `out/main/<entry>.js` in a process of its own; its messages are structured clones (typed arrays survive). */
  start(
    entry: WorkerEntry,
    options: { readonly environment: Readonly<Record<string, string>>; readonly workerArguments: readonly string[] },
  ): WorkerProcess
}
