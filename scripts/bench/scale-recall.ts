import { join } from 'node:path'
import type { EmbedderId } from '../../src/main/ports/embedding.ts'
import { createModels } from '../../src/main/worker/models.ts'
import type { BenchRow } from './bench-row.ts'
import { openBenchStorage } from './filled-library.ts'
import { quietLog } from './logs.ts'
import { modelsFolder } from './open-carrel.ts'

const neighbours = 10

/** Of the ten nearest by comparing with every vector, how many the index finds; English and Chinese questions by their own embedder. */
export async function measureRecall(
  dataFolder: string,
  title: string,
  questions: readonly string[],
): Promise<readonly BenchRow[]> {
  const models = createModels(modelsFolder)
  const found = new Map<EmbedderId, { hits: number; of: number }>()
  await using storage = await openBenchStorage(dataFolder, quietLog)
  const { connect } = await import('@lancedb/lancedb')
  const connection = await connect(join(dataFolder, 'vectors'))
  const { signal } = new AbortController()
  try {
    const tables = new Set(await connection.tableNames())
    for (const question of questions) {
      const embedder: EmbedderId = /\p{Script=Han}/u.test(question) ? 'bge-small-zh-v1.5' : 'all-MiniLM-L6-v2'
      const name = storage.chunkIndex.servingTable(embedder)
      // A small library may have no passage in this language.
      if (!tables.has(name)) continue
      const vector = await models.embed(question, embedder)
      const table = await connection.openTable(name)
      const exact = await table
        .query()
        .nearestTo(vector)
        .distanceType('cosine')
        .bypassVectorIndex()
        .select(['chunk_key', '_distance'])
        .limit(neighbours)
        .toArray()
      const nearest = new Set(exact.map((row: { chunk_key: number }) => Number(row.chunk_key)))
      const hits = await storage.chunkIndex.search(embedder, vector, { limit: neighbours, signal })
      const counted = found.get(embedder) ?? { hits: 0, of: 0 }
      counted.hits += hits.filter(({ chunkKey }) => nearest.has(chunkKey)).length
      counted.of += nearest.size
      found.set(embedder, counted)
    }
  } finally {
    connection.close()
  }
  return [...found].map(([embedder, { hits, of }]) => ({
    group: 'scale',
    what: `recall@10 of the index against exact, ${embedder}, ${title}`,
    value: hits / of,
    unit: '',
    reach: { bound: 'at least', value: 0.97 },
    note: `${of / neighbours} questions`,
  }))
}
