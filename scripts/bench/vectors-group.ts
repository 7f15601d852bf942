import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { openChunkIndex } from '../../src/main/storage/chunk-index.ts'
import { systemClock } from '../../src/main/system-clock.ts'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { tidyVectors } from './filled-library.ts'
import { quietLog } from './logs.ts'
import { createRandom } from './statistics.ts'

const embedder = 'all-MiniLM-L6-v2'
const dimensions = 384
const bytesPerMiB = 1024 * 1024
const looks = 40

/** Many documents of one passage, each added by itself, the oldest removed by itself as soon as there are enough: files and disk stay bounded. */
export async function measureVectors({ isQuick, scratchFolder, say }: BenchContext): Promise<readonly BenchRow[]> {
  const changes = isQuick ? 300 : 10_000
  const kept = isQuick ? 50 : 2_000
  const folder = join(scratchFolder, 'vectors')
  const index = await openChunkIndex(folder, {
    serving: {
      [embedder]: { name: `${embedder}-${dimensions}`, dimensions },
      'bge-small-zh-v1.5': { name: 'bge-small-zh-v1.5-512', dimensions: 512 },
    },
    beside: [],
    clock: systemClock,
    log: quietLog,
  })
  const random = createRandom(61)
  const seen: FolderSize[] = []
  const startedMs = performance.now()
  let fragments = 0
  try {
    for (let key = 1; key <= changes; key += 1) {
      const vector = Float32Array.from({ length: dimensions }, () => random() - 0.5)
      await index.add(embedder, [{ chunkKey: key, documentKey: key, vector }])
      if (key > kept) await index.removeDocuments([key - kept])
      if (key % Math.ceil(changes / looks) === 0) seen.push(await measureFolder(folder))
    }
    const elapsedMs = performance.now() - startedMs
    const stored = await index.chunkKeys(embedder)
    if (stored.length !== kept || stored[0] !== changes - kept + 1)
      throw new Error(`${stored.length} vectors are left, from ${stored[0]}.`)
    // As import does when it rests.
    await tidyVectors(index)
    fragments = (await readdir(join(folder, `${embedder}-${dimensions}.lance`, 'data'))).length
    seen.push(await measureFolder(folder))
    const neededMiB = (kept * dimensions * 4) / bytesPerMiB
    const most = Math.max(...seen.map(({ bytes }) => bytes)) / bytesPerMiB
    const last = (seen.at(-1)?.bytes ?? Number.NaN) / bytesPerMiB
    const half = seen[Math.floor(seen.length / 2)]
    const note = `${changes} additions and ${changes - kept} removals in ${Math.round(elapsedMs / 1_000)} s; ${kept} vectors of ${neededMiB.toFixed(1)} MiB are left; half-way ${half?.files} files`
    say(`  ${note}; files: ${seen.map(({ files }) => files).join(' ')}`)
    const row = (what: string, value: number, unit: string, reach: number): BenchRow => ({
      group: 'vectors',
      what,
      value,
      unit,
      reach: { bound: 'at most', value: reach },
      note,
    })
    return [
      row('disk while it goes on, most', most, 'MiB', 128),
      row('files while it goes on, most', Math.max(...seen.map(({ files }) => files)), 'files', 20_000),
      row('disk at rest', last, 'MiB', 16),
      row('data files at rest', fragments, 'files', 16),
    ]
  } finally {
    await index.close()
  }
}

interface FolderSize {
  readonly files: number
  readonly bytes: number
}

/** Files may go while they are counted. */
async function measureFolder(folder: string): Promise<FolderSize> {
  let files = 0
  let bytes = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const facts = await stat(join(entry.parentPath, entry.name)).catch(() => null)
    files += 1
    bytes += facts?.size ?? 0
  }
  return { files, bytes }
}
