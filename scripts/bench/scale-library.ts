import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Carrel } from '../../src/main/compose.ts'
import type { DocumentSet } from '../../src/main/ports/collection-store.ts'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { writeCorpus } from './corpus.ts'
import { openBenchStorage, tidyLibrary } from './filled-library.ts'
import { folderBytes } from './folder-bytes.ts'
import { quietLog } from './logs.ts'
import { openCarrel } from './open-carrel.ts'
import { measureRecall } from './scale-recall.ts'
import { gapsDuring, summariseStalls } from './stalls.ts'
import { createRandom, median, quantile } from './statistics.ts'

/** A library of one size, and what a search of it may take, in ms. */
export interface ScaledLibrary {
  readonly title: string
  readonly dataFolder: string
  readonly reach: { readonly median: number; readonly p95: number } | null
}

const collectionDocuments = 50_000
const documentsPerCall = 500
const limit = 12

/** What is wanted of a library of about 100,000 chunks, in ms. */
export const hundredReach = { median: 35, p95: 60 }

/** Searches of one library: plain, of one document, of a collection, beside an import; recall, stalls, memory, disk. */
export async function measureLibrary(
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
    // What the import of an earlier run left goes, as it does when the library rests.
    await using storage = await openBenchStorage(dataFolder, quietLog)
    await tidyLibrary(storage)
  }
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

export async function chunkCount(dataFolder: string): Promise<number> {
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

function atMost(value: number | undefined): BenchRow['reach'] {
  return value === undefined ? null : { bound: 'at most', value }
}

export function stated(what: string, value: number | null, unit: string, note = ''): BenchRow {
  return { group: 'scale', what, value, unit, reach: null, note }
}
