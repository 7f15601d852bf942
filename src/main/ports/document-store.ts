import type { Box, TextSlice } from '../../shared/anchor.ts'
import type { DocumentKind, DocumentSummary } from '../../shared/document.ts'
import type { SerializedAppError } from '../../shared/errors.ts'
import type { ChunkId, CollectionId, DocumentId } from '../../shared/ids.ts'
import type { LibraryTotals } from '../../shared/ipc.ts'
import type { WatchedFolderId } from '../../shared/watched-folder.ts'
import type { Chunk } from './chunks.ts'
import type { EmbedderId } from './embedding.ts'
import type { FileFacts, FoundFile, KnownFile, QueuedFile } from './files.ts'
import type { ParsedBatch, ParsedDocument, ScanPage, RecognisedPage } from './parsing.ts'

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
  /**
   * One step, of some milliseconds, of clearing what deleted chunks left in the keyword index and slows searches down.
   * Called again and again while nothing else is to be done. @returns false when nothing is left that is worth it.
   */
  tidyKeywords(): boolean

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

/** What cutting documents anew needs of the records. */
export type Recuts = Pick<
  DocumentStore,
  | 'outdatedDocuments'
  | 'nextOutdated'
  | 'beginRecut'
  | 'slicesToCut'
  | 'appendRecut'
  | 'finishRecut'
  | 'dropRecut'
  | 'recutsWaiting'
>
