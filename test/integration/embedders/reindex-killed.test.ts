import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { chunkerVersion } from '../../../src/main/ingest/chunk/chunk-settings.ts'
import { parserVersion } from '../../../src/main/ingest/parse/parser-version.ts'
import { openStorage } from '../../../src/main/storage/open-storage.ts'
import { embedderRecordSchema } from '../../../src/shared/embedder.ts'
import { makeEmbedderFolder } from '../../support/embedder-folder.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createRecordingLog } from '../../support/recording-log.ts'
import { jsonLines, projectFolder, runCarrel, startCarrel, temporaryFolder } from '../../support/run-carrel.ts'
import { createSeededRandom } from '../../support/seeded-random.ts'

const embedder = 'all-MiniLM-L6-v2'

/** What answers, and the vector of every passage in it. */
async function readIndex(dataFolder: string) {
  await using storage = await openStorage({
    dataFolder,
    keywordThread: join(projectFolder, 'out', 'main', 'keyword-search.js'),
    parserVersion,
    chunkerVersion,
    clock: createManualClock(),
    log: createRecordingLog(),
  })
  expect((await storage.verify()).problems).toEqual([])
  const keys = await storage.chunkIndex.chunkKeys(embedder)
  return {
    serving: storage.embedders.serving(embedder),
    next: storage.embedders.next(embedder),
    vectors: await storage.chunkIndex.read(embedder, keys),
  }
}

it(
  'a new index that is killed again and again leaves one whole index each time, and is complete in the end',
  async () => {
    await using folder = await temporaryFolder()
    const documents = join(folder.path, 'documents')
    await mkdir(documents)
    for (let number = 0; number < 40; number += 1) {
      const sections = Array.from(
        { length: 5 },
        (_, section) =>
          `## Part ${section}\n\n${`Document ${number} says in part ${section} that bridge ${number * section} was built. `.repeat(14)}`,
      )
      await writeFile(join(documents, `${number}.md`), sections.join('\n\n'))
    }
    const dataFolder = join(folder.path, 'library')
    expect((await runCarrel(['add', documents], { dataFolder })).code).toBe(0)
    const before = await readIndex(dataFolder)
    expect(before.vectors.size).toBeGreaterThan(150)
    const modelFolder = await makeEmbedderFolder(folder.path)
    // No prefixes, as on board: the same model must give the same vectors, however often it was killed.
    const words = [
      '--json',
      'embedders',
      'add',
      modelFolder,
      '--question-prefix',
      '',
      '--passage-prefix',
      '',
      '--limit',
      '512',
    ]
    const added = await runCarrel(words, { dataFolder })
    expect(added.stderr).toBe('')
    const { id } = embedderRecordSchema.parse(jsonLines(added.stdout)[0])

    const random = createSeededRandom()
    let kills = 0
    for (let round = 0; round < 6; round += 1) {
      const run = startCarrel(round === 0 ? ['embedders', 'use', id, '--for', 'other'] : ['reindex'], { dataFolder })
      if (round === 0) await run.shows('The old index answers until then')
      const timer = setTimeout(() => run.child.kill('SIGKILL'), random.below(round === 0 ? 300 : 2_500))
      const { code } = await run.ended
      clearTimeout(timer)
      if (code !== null) break
      kills += 1
      const { serving, next, vectors } = await readIndex(dataFolder)
      expect(vectors.size).toBe(before.vectors.size)
      expect([serving.record.id, next?.record.id]).toEqual(serving.record.id === id ? [id, undefined] : [embedder, id])
    }
    expect(kills, `seed ${random.seed}`).toBeGreaterThan(0)
    const ended = await runCarrel(['reindex'], { dataFolder })
    expect(ended).toMatchObject({ code: 0, stdout: 'done: the new index answers\n' })

    const after = await readIndex(dataFolder)
    expect(after).toMatchObject({ serving: { record: { id } }, next: null })
    expect(after.vectors.size).toBe(before.vectors.size)
    for (const [key, vector] of before.vectors) {
      const other = after.vectors.get(key) ?? new Float32Array()
      expect(Array.from(vector).reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0)).toBeGreaterThan(
        0.9999,
      )
    }
    const tables = (await readdir(join(dataFolder, 'vectors'))).filter((name) => name.startsWith(embedder))
    expect(tables).toHaveLength(1)
  },
  10 * 60_000,
)
