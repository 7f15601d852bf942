import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { chunkerVersion } from '../../src/main/ingest/chunk/chunk-settings.ts'
import { parserVersion } from '../../src/main/ingest/parse/parser-version.ts'
import type { BenchContext, BenchRow } from './bench-row.ts'
import {
  addDocuments,
  findFilledLibrary,
  isThere,
  type LibraryContent,
  openBenchStorage,
  tidyLibrary,
} from './filled-library.ts'
import { folderBytes } from './folder-bytes.ts'
import { findEvaluationSet } from './judged-library.ts'
import { readQuestions } from './judged-set.ts'
import { quietLog } from './logs.ts'
import { readScaleContent } from './scale-content.ts'
import { chunkCount, hundredReach, measureLibrary, stated } from './scale-library.ts'
import { createRandom } from './statistics.ts'

const passageCount = 117_497
const millionReach = { median: 60, p95: 120 }

/**
 * Searches, question embedding included, over libraries from 10,000 to 1,000,000 chunks: how long they take, plain and filtered
 * and beside an import, what they miss, what they cost. Filled with recombined texts and mixed
 * vectors; the 117,497 passages imported through the product are scale-import-group.ts.
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
  rows.push(...(await measureUpkeep(content, await findFilledLibrary(kept, isQuick ? 10 : 11_750, content), context)))
  return rows
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
    await tidyLibrary(storage)
    optimisedMs = performance.now() - startedMs
  }
  const after = await folderBytes(dataFolder)
  await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 })
  return [
    stated('adding 10,000 documents', addedMs / 1_000, 's', note),
    stated('deleting them', deletedMs / 1_000, 's', note),
    stated('optimising afterwards, pauses of 20 s included', optimisedMs / 1_000, 's', note),
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
