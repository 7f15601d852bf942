import { mkdir, realpath, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { chunkerVersion } from '../../src/main/ingest/chunk/chunk-settings.ts'
import { parserVersion } from '../../src/main/ingest/parse/parser-version.ts'
import { systemFolderEvents } from '../../src/main/ingest/watch/system-folder-events.ts'
import { createWatchedFolders } from '../../src/main/ingest/watch/watched-folders.ts'
import type { DocumentStore } from '../../src/main/ports/document-store.ts'
import type { Log } from '../../src/main/ports/log.ts'
import { openStorage } from '../../src/main/storage/open-storage.ts'
import { systemClock } from '../../src/main/system-clock.ts'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { outFolder } from './open-carrel.ts'
import { gapsDuring, summariseStalls } from './stalls.ts'
import { median } from './statistics.ts'

const filesPerFolder = 100
const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined, verbose: () => undefined }

/**
 * A folder of many files: the first look, which queues all of them, against a second that finds nothing changed; how long the
 * event loop stands still meanwhile; and how soon a new file is queued. Nothing is read or embedded: that is the import's own.
 */
export async function measureWatch({ isQuick, scratchFolder, say }: BenchContext): Promise<readonly BenchRow[]> {
  const fileCount = isQuick ? 500 : 10_000
  const rounds = isQuick ? 2 : 9
  const root = join(scratchFolder, 'watched')
  await writeFiles(root, fileCount)
  const dataFolder = join(scratchFolder, 'watch-library')
  await mkdir(dataFolder)
  await using storage = await openStorage({
    dataFolder,
    keywordThread: join(outFolder, 'keyword-search.js'),
    parserVersion,
    chunkerVersion,
    clock: systemClock,
    log: silent,
  })
  await using watched = createWatchedFolders({
    documents: storage.documents,
    folders: storage.watchedFolders,
    events: systemFolderEvents,
    dataFolder: await realpath(dataFolder),
    clock: systemClock,
    log: silent,
    onWork: () => undefined,
  })
  const idleGaps = await gapsDuring(() => pause(2_000))
  const { id } = await watched.add(root)
  let firstMs = 0
  let secondMs = 0
  const gaps = await gapsDuring(async () => {
    firstMs = await timed(() => watched.rescan(id))
    secondMs = await timed(() => watched.rescan(id))
  })
  const queued = watched.list()[0]?.fileCount
  if (queued !== fileCount) throw new Error(`${queued} of ${fileCount} files were found.`)
  const { longestMs } = summariseStalls(gaps, idleGaps)

  watched.start()
  await watched.rescan(id)
  const noticedMs: number[] = []
  for (let round = 0; round < rounds; round += 1)
    noticedMs.push(await noticeOf(storage.documents, join(root, `noticed ${round}.txt`)))
  const slowestMs = Math.max(...noticedMs)
  say(
    `  ${fileCount} files: first look ${Math.round(firstMs)} ms, second ${Math.round(secondMs)} ms; noticed after ${noticedMs.map(Math.round).join(', ')} ms`,
  )
  const note = `${fileCount} files in folders of ${filesPerFolder}; first ${Math.round(firstMs)} ms, second ${Math.round(secondMs)} ms`
  return [
    {
      group: 'watch',
      what: 'second look at an unchanged folder against the first',
      value: secondMs / firstMs,
      unit: 'times',
      reach: null,
      note,
    },
    {
      group: 'watch',
      what: 'second look, files a second',
      value: (fileCount / secondMs) * 1_000,
      unit: '1/s',
      reach: null,
      note,
    },
    {
      group: 'watch',
      what: 'longest stall of main during both looks',
      value: longestMs,
      unit: 'ms',
      reach: { bound: 'at most', value: 50 },
      note,
    },
    {
      group: 'watch',
      what: 'a new file is queued after, slowest',
      value: slowestMs,
      unit: 'ms',
      reach: { bound: 'at most', value: 2_000 },
      note: `${rounds} files, median ${Math.round(median(noticedMs))} ms; from the end of its writing`,
    },
  ]
}

async function writeFiles(root: string, count: number): Promise<void> {
  for (let start = 0; start < count; start += filesPerFolder) {
    const folder = join(root, `folder ${start / filesPerFolder}`)
    await mkdir(folder, { recursive: true })
    for (let index = start; index < Math.min(count, start + filesPerFolder); index += 1)
      await writeFile(join(folder, `note ${index}.txt`), `Note ${index}.`)
  }
  // Else the last ones would be taken for files that are still being written.
  await pause(1_000)
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return performance.now() - startedMs
}

/** From the moment the file is written until the library has it in its queue. */
async function noticeOf(documents: DocumentStore, path: string): Promise<number> {
  const queued = Promise.withResolvers<void>()
  const stop = documents.onChange(() => {
    if (documents.resolve(path).length > 0) queued.resolve()
  })
  try {
    await writeFile(path, `Written for ${path}.`)
    return await timed(() => queued.promise)
  } finally {
    stop()
  }
}
