import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStorage } from '../../../src/main/storage/open-storage.ts'
import { chunkerVersion } from '../../../src/main/ingest/chunk/chunk-settings.ts'
import { parserVersion } from '../../../src/main/ingest/parse/parser-version.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createRecordingLog } from '../../support/recording-log.ts'
import { projectFolder, runCarrel, startCarrel, temporaryFolder } from '../../support/run-carrel.ts'

const documentCount = 24
const topics = ['tides', 'leases', 'bridges', '租约', '潮汐', 'gardens'] as const

/** A document of a few chunks, different from every other. */
function documentText(number: number): string {
  const topic = topics[number % topics.length] ?? 'tides'
  const sections = Array.from({ length: 4 }, (_, section) => {
    const sentences = Array.from({ length: 9 }, (_unused, index) =>
      topic > '\u2e80'
        ? `第${number}份文件第${section}节第${index}句谈到${topic}，并给出数字${number * 100 + section * 10 + index}。`
        : `Sentence ${index} of section ${section} in document ${number} speaks of ${topic} and gives the number ${number * 100 + section * 10 + index}.`,
    )
    return `## ${topic} ${section}\n\n${sentences.join(' ')}`
  })
  return `# Document ${number}\n\n${sections.join('\n\n')}\n`
}

/** All that an import leaves: documents with their chunks, and a vector for each. */
async function readLibrary(
  dataFolder: string,
): Promise<{ readonly chunks: readonly string[]; readonly vectors: ReadonlyMap<string, Float32Array> }> {
  await using storage = await openStorage({
    dataFolder,
    keywordThread: join(projectFolder, 'out', 'main', 'keyword-search.js'),
    parserVersion,
    chunkerVersion,
    clock: createManualClock(),
    log: createRecordingLog(),
  })
  const chunks: string[] = []
  const vectors = new Map<string, Float32Array>()
  for (const embedder of ['all-MiniLM-L6-v2', 'bge-small-zh-v1.5'] as const) {
    const keys = await storage.chunkIndex.chunkKeys(embedder)
    expect(new Set(keys).size).toBe(keys.length)
    const stored = storage.documents.chunksByKey(keys)
    expect(stored).toHaveLength(keys.length)
    const byKey = await storage.chunkIndex.read(embedder, keys)
    for (const chunk of stored) {
      chunks.push(`${embedder} ${chunk.documentId} ${chunk.id} ${chunk.start}-${chunk.end} ${chunk.text}`)
      const vector = byKey.get(chunk.chunkKey)
      if (vector !== undefined) vectors.set(chunk.id, vector)
    }
  }
  expect((await storage.verify()).problems).toEqual([])
  expect(storage.documents.totals()).toMatchObject({
    documents: documentCount,
    byState: { ready: documentCount },
    chunks: chunks.length,
    embeddedChunks: chunks.length,
  })
  return { chunks: chunks.toSorted(), vectors }
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)
}

/** A small generator of its own, so that a failing round can be run again. */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

describe('an import that is killed', { timeout: 300_000 }, () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let documents = ''
  let clean: Awaited<ReturnType<typeof readLibrary>>

  beforeAll(async () => {
    folder = await temporaryFolder()
    documents = join(folder.path, 'documents')
    await mkdir(documents)
    for (let number = 0; number < documentCount; number += 1)
      await writeFile(join(documents, `文件 ${number}.md`), documentText(number))
    const dataFolder = join(folder.path, 'clean')
    expect((await runCarrel(['add', documents], { dataFolder })).code).toBe(0)
    clean = await readLibrary(dataFolder)
    expect(clean.chunks.length).toBeGreaterThan(documentCount)
  }, 300_000)
  afterAll(() => folder[Symbol.asyncDispose]())

  async function expectEqualToClean(dataFolder: string): Promise<void> {
    const ended = await readLibrary(dataFolder)
    expect(ended.chunks).toEqual(clean.chunks)
    for (const [id, vector] of clean.vectors)
      expect(cosine(vector, ended.vectors.get(id) ?? new Float32Array())).toBeGreaterThan(0.9999)
  }

  it('ends like a clean one, however often main is killed', async () => {
    const dataFolder = join(folder.path, 'killed')
    const random = seededRandom(7)
    let kills = 0
    for (let round = 0; round < 6; round += 1) {
      const run = startCarrel(['add', documents], { dataFolder })
      const timer = setTimeout(() => run.child.kill('SIGKILL'), 700 + random() * 2_500)
      const { code } = await run.ended
      clearTimeout(timer)
      if (code === null) kills += 1
      else break
    }
    expect(kills).toBeGreaterThan(0)
    expect((await runCarrel(['add', documents], { dataFolder })).code).toBe(0)
    await expectEqualToClean(dataFolder)
  })

  it('loses nothing when its workers are killed', async () => {
    const dataFolder = join(folder.path, 'workers')
    const run = startCarrel(['add', documents], { dataFolder })
    const killed = new Set<number>()
    const killWorkers = async (): Promise<void> => {
      const log = await readFile(join(dataFolder, 'logs', 'carrel.log'), 'utf8').catch(() => '')
      for (const [, pid] of log.matchAll(/(?:parser|embedder) ready, process (\d+)/g)) {
        if (killed.size >= 3 || killed.has(Number(pid))) continue
        killed.add(Number(pid))
        try {
          process.kill(Number(pid), 'SIGKILL')
        } catch (error) {
          // It had ended by itself: the next one is killed instead.
          if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
          killed.delete(Number(pid))
        }
      }
    }
    const timer = setInterval(() => void killWorkers(), 100)
    const { code, stderr } = await run.ended
    clearInterval(timer)
    expect(killed.size).toBeGreaterThan(0)
    expect(code, stderr).toBe(0)
    await expectEqualToClean(dataFolder)
  })
})
