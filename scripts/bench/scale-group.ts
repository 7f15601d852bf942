import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { chunkerVersion } from '../../src/main/ingest/chunk/chunk-settings.ts'
import { parserVersion } from '../../src/main/ingest/parse/parser-version.ts'
import type { Carrel } from '../../src/main/compose.ts'
import type { DocumentSet } from '../../src/main/ports/collection-store.ts'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { writeCorpus } from './corpus.ts'
import { addDocuments, findFilledLibrary, isThere, type LibraryContent, openBenchStorage } from './filled-library.ts'
import { folderBytes } from './folder-bytes.ts'
import { findEvaluationSet, writeJudgedLibrary } from './judged-library.ts'
import { readCorpus, readQuestions } from './judged-set.ts'
import { quietLog } from './logs.ts'
import { openCarrel } from './open-carrel.ts'
import { readScaleContent } from './scale-content.ts'
import { measureRecall } from './scale-recall.ts'
import { gapsDuring, summariseStalls } from './stalls.ts'
import { createRandom, median, quantile } from './statistics.ts'

/** A library of one size, and what a search of it may take, in ms. */
interface ScaledLibrary {
  readonly title: string
  readonly dataFolder: string
  readonly reach: { readonly median: number; readonly p95: number } | null
}

const passageCount = 117_497
const millionReach = { median: 60, p95: 120 }
const hundredReach = { median: 35, p95: 60 }
const collectionDocuments = 50_000
const documentsPerCall = 500
const limit = 12

/**
 * Searches, question embedding included, over libraries from 10,000 to 1,000,000 chunks: how long they take, plain and filtered
 * and beside an import, what they miss, what they cost. The 117,497 passages are imported through the product, once; the others
 * are filled with recombined texts and mixed vectors.
 */
export async function measureScale(context: BenchContext): Promise<readonly BenchRow[]> {
  const { isQuick, scratchFolder, cacheFolder, say } = context
  const source = await findEvaluationSet('scale')
  if (source === null) return [stated('everything', null, '', 'skipped: the evaluation data is absent')]
  const kept = isQuick ? scratchFolder : cacheFolder
  const content = await readScaleContent(source, cacheFolder)
  const questions = (await readQuestions(source)).map(({ text }) => text)
  const rows: BenchRow[] = []
  const sizes = isQuick ? [100] : [10_000, passageCount, 1_000_000]
  for (const chunks of sizes) {
    const documents = Math.round(chunks / content.chunksPerDocument)
    say(`  ${chunks} chunks ...`)
    const startedMs = performance.now()
    const isNew = !(await isThere(join(kept, `${content.name}-${documents}-${parserVersion}-${chunkerVersion}`)))
    const dataFolder = await findFilledLibrary(kept, documents, content)
    const title = `${chunks.toLocaleString('en')} mixed chunks`
    if (isNew) rows.push(stated(`filled and indexed, ${title}`, (performance.now() - startedMs) / 1_000, 's'))
    const reach = chunks > 500_000 ? millionReach : chunks > 50_000 ? hundredReach : null
    rows.push(...(await measureLibrary({ title, dataFolder, reach }, questions, context)))
  }
  rows.push(...(await measureImported(source, questions, context)))
  rows.push(...(await measureUpkeep(content, await findFilledLibrary(kept, isQuick ? 10 : 11_750, content), context)))
  return rows
}

/** The passages as files, each a document, imported by the product; measured when an earlier run has not done it. */
async function measureImported(
  source: string,
  questions: readonly string[],
  context: BenchContext,
): Promise<readonly BenchRow[]> {
  const { isQuick, scratchFolder, cacheFolder, say } = context
  const all = await readCorpus(source)
  const corpus = isQuick ? all.slice(0, 60) : all
  const library = await writeJudgedLibrary('scale', corpus, isQuick ? scratchFolder : cacheFolder)
  const title = `${corpus.length.toLocaleString('en')} imported documents`
  const rows: BenchRow[] = []
  {
    await using carrel = await openCarrel(library.dataFolder)
    const { signal } = new AbortController()
    const before = carrel.documents.totals().byState.ready
    const startedMs = performance.now()
    say(`  ${title}: importing (nothing to do when an earlier run did it) ...`)
    await carrel.importer.add([library.documentsFolder], { signal })
    await carrel.importer.idle({ signal })
    const { byState } = carrel.documents.totals()
    const seconds = (performance.now() - startedMs) / 1_000
    rows.push(stated(`import, ${title}`, seconds, 's', `${before} were there before, ${byState.ready} are ready now`))
  }
  rows.push(
    ...(await measureLibrary({ title, dataFolder: library.dataFolder, reach: hundredReach }, questions, context)),
  )
  return rows
}

async function measureLibrary(
  { title, dataFolder, reach }: ScaledLibrary,
  questions: readonly string[],
  { isQuick, scratchFolder, say }: BenchContext,
): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = []
  const rounds = isQuick ? 5 : 300
  const { signal } = new AbortController()
  const random = createRandom(3)
  const asked = (count: number): readonly string[] =>
    Array.from({ length: count }, () => questions[Math.floor(random() * questions.length)] ?? '')
  {
    const openedMs = performance.now()
    await using carrel = await openCarrel(dataFolder)
    rows.push(stated(`open, ${title}`, performance.now() - openedMs, 'ms'))
    await carrel.importer.idle({ signal })
    await timeSearches(carrel, asked(isQuick ? 2 : 30), null)
    const idleGaps = await gapsDuring(() => pause(2_000))
    let times: readonly number[] = []
    const gaps = await gapsDuring(async () => {
      times = await timeSearches(carrel, asked(rounds), null)
    })
    const p95 = quantile(times, 0.95)
    const note = `${rounds} questions, English and Chinese, embedding included; slowest ${Math.round(Math.max(...times))} ms`
    rows.push({ ...stated(`search, median, ${title}`, median(times), 'ms', note), reach: atMost(reach?.median) })
    rows.push({ ...stated(`search, 95th percentile, ${title}`, p95, 'ms', note), reach: atMost(reach?.p95) })
    const stall = summariseStalls(gaps, idleGaps).longestMs
    rows.push({ ...stated(`longest stall of main while searching, ${title}`, stall, 'ms'), reach: atMost(50) })
    rows.push(stated(`resident memory of this process, ${title}`, process.memoryUsage().rss / 1024 ** 2, 'MiB'))

    const ids = carrel.documents.list({ offset: 0, limit: 1, filter: '' }).documents.map(({ id }) => ({ id, name: '' }))
    const one = await carrel.collections.resolve({ collections: [], documents: ids, kinds: [] }, { signal })
    rows.push(
      stated(`search of one document, 95th percentile, ${title}`, await p95Of(carrel, asked(rounds), one), 'ms'),
    )
    const many = await collect(carrel, collectionDocuments)
    if (many !== null) {
      const value = await p95Of(carrel, asked(rounds), many)
      const what = `search of a collection of ${many.keys.length.toLocaleString('en')} documents, 95th percentile, ${title}`
      rows.push({ ...stated(what, value, 'ms'), reach: atMost(reach?.p95) })
    }
    rows.push(await measureBesideImport(carrel, { title, idleP95: p95, asked, scratchFolder, isQuick }))
  }
  say(`  ${title}: searched`)
  rows.push(...(await measureRecall(dataFolder, title, asked(isQuick ? 2 : 100))))
  const { bytes } = await folderBytes(dataFolder)
  const chunks = await chunkCount(dataFolder)
  rows.push(
    stated(`disk per 1,000 chunks, ${title}`, (bytes / chunks) * (1_000 / 1024 ** 2), 'MiB', `${chunks} chunks`),
  )
  return rows
}

async function chunkCount(dataFolder: string): Promise<number> {
  await using storage = await openBenchStorage(dataFolder, quietLog)
  return storage.documents.totals().chunks
}

/** @returns ms of each search, question embedding included. */
async function timeSearches(
  carrel: Carrel,
  questions: readonly string[],
  within: DocumentSet | null,
): Promise<readonly number[]> {
  const { signal } = new AbortController()
  const times: number[] = []
  for (const question of questions) {
    const startedMs = performance.now()
    await carrel.search(question, { limit, within, signal })
    times.push(performance.now() - startedMs)
  }
  return times
}

async function p95Of(carrel: Carrel, questions: readonly string[], within: DocumentSet | null): Promise<number> {
  await timeSearches(carrel, questions.slice(0, 10), within)
  return quantile(await timeSearches(carrel, questions, within), 0.95)
}

/** Half of the library at most, so that something is left out; null in a small one. */
async function collect(carrel: Carrel, wanted: number): Promise<DocumentSet | null> {
  const { signal } = new AbortController()
  const { documents } = carrel.documents.totals()
  const count = Math.min(wanted, Math.floor(documents / 2))
  if (count < 1_000) return null
  const name = `Collection of ${count}`
  const collection = carrel.collections.find(name) ?? carrel.collections.create(name)
  for (let offset = collection.documentCount; offset < count; offset += documentsPerCall) {
    const listed = carrel.documents.list({ offset, limit: Math.min(documentsPerCall, count - offset), filter: '' })
    carrel.collections.addDocuments(
      collection.id,
      listed.documents.map(({ id }) => id),
    )
  }
  const scope = { collections: [{ id: collection.id, name }], documents: [], kinds: [] }
  return carrel.collections.resolve(scope, { signal })
}

/** The same questions while files are read and embedded; the files go again. */
async function measureBesideImport(
  carrel: Carrel,
  options: {
    readonly title: string
    readonly idleP95: number
    readonly asked: (count: number) => readonly string[]
    readonly scratchFolder: string
    readonly isQuick: boolean
  },
): Promise<BenchRow> {
  const { title, idleP95, asked, scratchFolder, isQuick } = options
  const { signal } = new AbortController()
  const folder = join(scratchFolder, `beside-${title.replaceAll(/\W+/g, '-')}`)
  await writeCorpus(folder, { paragraphs: isQuick ? 100 : 4_500, seed: Math.round(performance.now()) })
  const added = await carrel.importer.add([folder], { signal })
  const times: number[] = []
  let isImporting = true
  const ended = carrel.importer.idle({ signal }).then(() => (isImporting = false))
  const waiting = asked(isQuick ? 5 : 400)
  for (const question of waiting) {
    times.push(...(await timeSearches(carrel, [question], null)))
    if (!isImporting) break
  }
  await ended
  const imported = carrel.documents
    .list({ offset: 0, limit: 500, filter: '' })
    .documents.filter(({ paths }) => paths.some((path) => path.startsWith(folder)))
  carrel.documents.remove(imported.map(({ id }) => id))
  await carrel.importer.idle({ signal })
  await rm(folder, { recursive: true, force: true })
  const p95 = quantile(times, 0.95)
  return {
    ...stated(`search while importing against idle, 95th percentile, ${title}`, p95 / idleP95, 'times'),
    note: `${times.length} questions, ${Math.round(p95)} ms, during an import of ${added} files`,
    reach: atMost(2),
  }
}

/** 10,000 documents added to a filled library and deleted again: time, and what is left on disk. */
async function measureUpkeep(
  content: LibraryContent,
  library: string,
  { isQuick, scratchFolder }: BenchContext,
): Promise<readonly BenchRow[]> {
  const count = isQuick ? 20 : 10_000
  const dataFolder = join(scratchFolder, 'scale-upkeep')
  await cp(library, dataFolder, { recursive: true })
  const before = await folderBytes(dataFolder)
  const note = `${count} documents of one chunk, records and vectors, to ${(await chunkCount(dataFolder)).toLocaleString('en')} chunks`
  let addedMs = 0
  let deletedMs = 0
  let optimisedMs = 0
  {
    await using storage = await openBenchStorage(dataFolder, quietLog)
    const { documents, chunkIndex } = storage
    const small = { ...content, chunksPerDocument: 1, chunksPerAddition: 100 }
    let startedMs = performance.now()
    for (let first = 0; first < count; first += 100)
      await addDocuments(storage, {
        first: 1_000_000 + first,
        count: 100,
        content: small,
        random: createRandom(first + 5),
      })
    addedMs = performance.now() - startedMs
    startedMs = performance.now()
    for (let left = count; left > 0; left -= 500) {
      const listed = documents.list({ offset: 0, limit: Math.min(500, left), filter: '' }).documents
      documents.remove(listed.map(({ id }) => id))
      for (let keys = documents.removedDocumentKeys(500); keys.length > 0; keys = documents.removedDocumentKeys(500)) {
        await chunkIndex.removeDocuments(keys)
        while (!documents.purgeRemoved(keys)) await pause(0)
      }
    }
    deletedMs = performance.now() - startedMs
    startedMs = performance.now()
    await chunkIndex.optimise()
    optimisedMs = performance.now() - startedMs
  }
  const after = await folderBytes(dataFolder)
  await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 })
  return [
    stated('adding 10,000 documents', addedMs / 1_000, 's', note),
    stated('deleting them', deletedMs / 1_000, 's', note),
    stated('optimising afterwards', optimisedMs / 1_000, 's', note),
    stated(
      'disk after adding and deleting 10,000 documents, against before',
      after.bytes / before.bytes,
      'times',
      note,
    ),
    stated(
      'files, against before',
      after.files / before.files,
      'times',
      `${before.files} before, ${after.files} after`,
    ),
  ]
}

function atMost(value: number | undefined): BenchRow['reach'] {
  return value === undefined ? null : { bound: 'at most', value }
}

function stated(what: string, value: number | null, unit: string, note = ''): BenchRow {
  return { group: 'scale', what, value, unit, reach: null, note }
}
