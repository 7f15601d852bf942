import { readFile } from 'node:fs/promises'
import { cutAnew } from '../../../src/main/ingest/chunk/cut-anew.ts'
import { type ChunkSettings, defaultChunkSettings } from '../../../src/main/ingest/chunk/chunk-settings.ts'
import { createImporter, type Importer } from '../../../src/main/ingest/importer.ts'
import { createPasswords } from '../../../src/main/ingest/passwords.ts'
import { createRecutter, type Recutter } from '../../../src/main/ingest/recutter.ts'
import type { Chunk, ChunkCutter, CutState } from '../../../src/main/ports/chunks.ts'
import type { Embedder } from '../../../src/main/ports/embedding.ts'
import type { Parser } from '../../../src/main/ports/parsing.ts'
import { openStorage, type Storage } from '../../../src/main/storage/open-storage.ts'
import { systemClock } from '../../../src/main/system-clock.ts'
import type { TextSlice } from '../../../src/shared/anchor.ts'
import { createRecordingLog } from '../../support/recording-log.ts'
import { keywordThread, sha256, vectorOf } from '../storage/storage-fixture.ts'

/** Two versions of the chunker: what is short is cut alike by both, what is long is not. */
export const settingsOf: Readonly<Record<1 | 2, ChunkSettings>> = {
  1: { ...defaultChunkSettings, maxTokens: 40, targetTokens: 36, minTokens: 8 },
  2: { ...defaultChunkSettings, maxTokens: 70, targetTokens: 64, minTokens: 8 },
}

export interface RecutUnderTest extends AsyncDisposable {
  readonly storage: Storage
  readonly importer: Importer
  readonly recutter: Recutter
  /** Every text that was embedded, in order. */
  readonly embedded: string[]
  /** While true, the embedder keeps what it is asked for waiting. */
  holdEmbedding(isHeld: boolean): void
}

const wordsOf = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length

/** Paragraphs of a file, four a slice; those that begin with `# ` are headings. */
export function slicesOf(text: string): readonly TextSlice[] {
  const paragraphs = text.split('\n\n').map((paragraph) => `${paragraph}\n\n`)
  const slices: TextSlice[] = []
  let start = 0
  for (let first = 0; first < paragraphs.length; first += 4) {
    const own = paragraphs.slice(first, first + 4)
    let at = start
    const blocks = own.map((paragraph) => {
      const block = paragraph.startsWith('# ')
        ? ({ kind: 'heading', level: 1 } as const)
        : ({ kind: 'paragraph', level: 0 } as const)
      const range = { start: at, end: at + paragraph.trimEnd().length }
      at += paragraph.length
      return { ...block, ...range }
    })
    slices.push({ ordinal: slices.length, start, end: at, text: own.join(''), page: null, blocks, runs: [] })
    start = at
  }
  return slices
}

/** A library as a version of Carrel opens it: the real stores, importer and recutter; files are cut by that version's settings. */
export async function openRecut(dataFolder: string, version: 1 | 2): Promise<RecutUnderTest> {
  await using stack = new AsyncDisposableStack()
  const log = createRecordingLog()
  const settings = settingsOf[version]
  const storage = stack.use(
    await openStorage({
      dataFolder,
      keywordThread,
      parserVersion: 1,
      chunkerVersion: version,
      clock: systemClock,
      log,
    }),
  )
  const { documents, chunkIndex } = storage
  documents.recover()
  const cutter: ChunkCutter = {
    async cut({ documentId, slices, state }, { signal }) {
      signal.throwIfAborted()
      return cutAnew(slices, state, { documentId, countTokens: wordsOf, settings })
    },
  }
  const parser: Parser = {
    async parse({ path, documentId }, { onBatch, signal }) {
      const text = await readFile(path, 'utf8')
      let state: CutState | null = null
      for (const slice of slicesOf(text)) {
        const cut: { readonly chunks: readonly Chunk[]; readonly state: CutState } = await cutter.cut(
          { documentId, slices: [slice], state },
          { signal },
        )
        state = cut.state
        await onBatch({ slices: [slice], chunks: cut.chunks, pageCount: null })
      }
      return { kind: 'text', title: null, pageCount: null, notices: [], hash: sha256(text), passwordUsed: null }
    },
  }
  const embedded: string[] = []
  let held = Promise.withResolvers<void>()
  held.resolve()
  const embedder: Embedder = {
    processCount: 1,
    yieldToAnswers: () => undefined,
    async embed(texts, { signal }) {
      embedded.push(...texts)
      await Promise.race([held.promise, aborted(signal)])
      signal.throwIfAborted()
      return texts.map((text) => vectorOf(text))
    },
  }
  const ready = storage.reconcile({ signal: new AbortController().signal }).then(() => undefined)
  const importer = stack.use(
    createImporter({
      documents,
      chunkIndex,
      embedder,
      parser,
      passwords: createPasswords(),
      recogniser: { recognise: () => Promise.reject(new Error('nothing here is a scan')) },
      clock: systemClock,
      log,
      ready,
      resumes: true,
    }),
  )
  const recutter = stack.use(
    createRecutter({
      documents,
      cutter,
      mayWork: () => !importer.isPaused && !importer.isReading,
      onImportProgress: (listener) => importer.onProgress(listener),
      onCut: () => importer.wake(),
      clock: systemClock,
      log,
      ready,
      resumes: true,
    }),
  )
  const lifetime = stack.move()
  return {
    storage,
    importer,
    recutter,
    embedded,
    holdEmbedding(isHeld) {
      held.resolve()
      if (isHeld) held = Promise.withResolvers()
    },
    [Symbol.asyncDispose]: () => {
      held.resolve()
      return lifetime.disposeAsync()
    },
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

/** Short sections, which both versions cut alike, between long ones, which they do not. */
export function mixedText(name: string, sections = 6): string {
  return Array.from({ length: sections }, (_, index) => {
    const long = `The ${name} in part ${index} carries barges of grain from the lower lock to the quay. `
    const body = index % 2 === 0 ? `A short word of the ${name}, number ${index}.` : long.repeat(12).trim()
    return `# Part ${index} of ${name}\n\n${body}`
  }).join('\n\n')
}
