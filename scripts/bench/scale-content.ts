import { join } from 'node:path'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import type { EmbedderId } from '../../src/main/ports/embedding.ts'
import { createModels } from '../../src/main/worker/models.ts'
import { embedderModels } from '../../src/main/worker/embedder-models.ts'
import type { CorpusLanguage } from './corpus.ts'
import { isThere, type LibraryContent } from './filled-library.ts'
import { readRows } from './judged-set.ts'
import { modelsFolder } from './open-carrel.ts'
import { createRandom } from './statistics.ts'

/** Passages of each language whose vectors the others are mixed from. */
const basePassages = 3_000
const chunksPerDocument = 10
const documentsPerAddition = 5_000

const rowSchema = z.object({ text: z.string(), metadata: z.object({ lang: z.string() }) })
const embedders: Readonly<Record<CorpusLanguage, EmbedderId>> = { en: 'all-MiniLM-L6-v2', zh: 'bge-small-zh-v1.5' }

/**
 * Passages recombined from the scale set, each the beginning of one and the end of another, with a normalised mix of two real
 * vectors: text and vectors of a large library that nobody can embed in an hour.
 */
export async function readScaleContent(source: string, cacheFolder: string): Promise<LibraryContent> {
  const rows = (await readRows(source, 'corpus.jsonl')).map((row) => rowSchema.parse(row))
  const random = createRandom(11)
  const texts = (language: CorpusLanguage): readonly string[] =>
    rows.filter(({ metadata }) => metadata.lang === language).map(({ text }) => text)
  const passages = { en: texts('en'), zh: texts('zh') }
  const vectors = new Map<EmbedderId, Float32Array>()
  for (const language of ['en', 'zh'] as const) {
    const picked = Array.from({ length: basePassages }, () => pick(passages[language], random))
    vectors.set(embedders[language], await findBaseVectors(picked, embedders[language], cacheFolder))
  }
  return {
    name: 'scale-mixed',
    chunksPerDocument,
    documentsPerAddition,
    chunksPerAddition: documentsPerAddition * chunksPerDocument,
    text: (language, next) => recombined(pick(passages[language], next), pick(passages[language], next)),
    vector: (embedder, next) => mixed(vectors.get(embedder), embedderModels[embedder].dimensions, next),
  }
}

function pick(texts: readonly string[], random: () => number): string {
  return texts[Math.floor(random() * texts.length)] ?? ''
}

function recombined(first: string, second: string): string {
  return `${first.slice(0, Math.ceil(first.length / 2))} ${second.slice(Math.floor(second.length / 2))}`
}

function mixed(base: Float32Array | undefined, dimensions: number, random: () => number): Float32Array {
  if (base === undefined) throw new Error('No vectors to mix.')
  const count = base.length / dimensions
  const [a, b] = [Math.floor(random() * count) * dimensions, Math.floor(random() * count) * dimensions]
  const share = random()
  const vector = new Float32Array(dimensions)
  let square = 0
  for (let index = 0; index < dimensions; index += 1) {
    const value = share * (base[a + index] ?? 0) + (1 - share) * (base[b + index] ?? 0)
    vector[index] = value
    square += value * value
  }
  const length = Math.sqrt(square) || 1
  return vector.map((value) => value / length)
}

async function findBaseVectors(
  texts: readonly string[],
  embedder: EmbedderId,
  cacheFolder: string,
): Promise<Float32Array> {
  const { dimensions } = embedderModels[embedder]
  const path = join(cacheFolder, `scale-base-${embedder}-${texts.length}.f32`)
  if (await isThere(path)) {
    const bytes = await readFile(path)
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
  }
  const models = createModels(modelsFolder)
  const all = new Float32Array(texts.length * dimensions)
  for (const [index, text] of texts.entries()) all.set(await models.embed(text, embedder), index * dimensions)
  await writeFile(`${path}.partial`, new Uint8Array(all.buffer))
  await rename(`${path}.partial`, path)
  return all
}
