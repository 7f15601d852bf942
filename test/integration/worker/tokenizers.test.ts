import { AutoModel, AutoTokenizer, env, pipeline } from '@huggingface/transformers'
import { join, sep } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { hashModelFolder } from '../../../src/main/worker/model-folder.ts'
import { createModels } from '../../../src/main/worker/models.ts'
import { createTokenizers } from '../../../src/main/worker/tokenizers.ts'
import { modelsFolder } from './workers.ts'

const samples = [
  'Hello World, the GPT-4 café naïve 3.14!',
  '用人单位与劳动者协商一致，可以解除劳动合同（GPT）。',
  'Привет мир · أهلا · ひらがなカタカナ · 한국어 · สวัสดี',
  'emoji 😀 and\ttabs\n\nand   spaces',
  'x'.repeat(150),
  '',
]

beforeAll(() => {
  env.allowRemoteModels = false
  env.localModelPath = `${modelsFolder}${sep}`
})

describe('tokenizers', () => {
  const tokenizers = createTokenizers(modelsFolder)

  it.each(['all-MiniLM-L6-v2', 'bge-small-zh-v1.5'] as const)(
    '%s: equal to those of Transformers.js',
    async (embedder) => {
      const theirs = await AutoTokenizer.from_pretrained(embedder)
      for (const sample of samples) {
        // bge's own file does not lower-case, though the model knows small letters only.
        const text =
          embedder === 'bge-small-zh-v1.5'
            ? sample
                .normalize('NFD')
                .replace(/\p{Mn}/gu, '')
                .toLowerCase()
            : sample
        expect(tokenizers.encode(text, embedder)).toEqual([theirs.encode(text)])
        expect(tokenizers.count(sample, embedder)).toBe(theirs.encode(text).length - 2)
      }
    },
  )

  it('takes special tokens in a document as text', () => {
    expect(tokenizers.count('[SEP]', 'all-MiniLM-L6-v2')).toBeGreaterThan(2)
  })

  it('says which model is missing', () => {
    expect(() => createTokenizers('/nowhere').count('a', 'bge-small-zh-v1.5')).toThrow(
      expect.objectContaining({ code: 'embedding-model-missing' }),
    )
  })
})

describe('vectors', () => {
  it.each([
    ['all-MiniLM-L6-v2', 'mean', 'The central bank raised its key rate.'],
    ['bge-small-zh-v1.5', 'cls', '央行提高了基准利率。'],
  ] as const)(
    '%s: equal to the feature extraction of Transformers.js with %s pooling, and not to the other',
    async (embedder, pooling, text) => {
      const extract = await pipeline('feature-extraction', embedder, { dtype: 'q8' })
      const ours = await createModels(modelsFolder).embed(text, embedder)
      const cosines = await Promise.all(
        [pooling, pooling === 'mean' ? ('cls' as const) : ('mean' as const)].map(async (way) => {
          const { data } = await extract(text, { pooling: way, normalize: true })
          return ours.reduce((sum, value, index) => sum + value * Number(data[index]), 0)
        }),
      )
      expect(cosines[0]).toBeCloseTo(1, 5)
      expect(cosines[1]).toBeLessThan(0.99)
    },
  )

  it('of an embedder with a small limit: the end of a long passage counts as its beginning does', async () => {
    const folder = join(modelsFolder, 'all-MiniLM-L6-v2')
    const small = {
      folder,
      fileHash: await hashModelFolder(folder),
      name: 'small',
      pooling: 'mean',
      dimensions: 384,
      limitTokens: 64,
      prefixes: ['passage: '],
    } as const
    const models = createModels(modelsFolder)
    const beginning = `passage: ${'The harbour office keeps a list of all barges that load grain at the quay. '.repeat(6)}`
    const cosine = (one: Float32Array, other: Float32Array): number =>
      one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0)
    const [question, herons, tax] = [
      await models.embed('Where do herons nest?', 'all-MiniLM-L6-v2'),
      await models.embed(`${beginning}${'Herons nest in the reeds behind the mill every spring. '.repeat(5)}`, small),
      await models.embed(
        `${beginning}${'The tax office sends its letters in the last week of May. '.repeat(5)}`,
        small,
      ),
    ]
    expect(herons).toHaveLength(384)
    expect(Math.hypot(...herons)).toBeCloseTo(1, 5)
    // Cut at the limit, both would have the same vector.
    expect(cosine(question, herons)).toBeGreaterThan(cosine(question, tax) + 0.1)
  })

  it('can be loaded from the models folder only', async () => {
    createModels(modelsFolder)
    await expect(AutoModel.from_pretrained('Xenova/other-model')).rejects.toThrow()
    await expect(env.fetch('http://127.0.0.1:9/')).rejects.toThrow(/own folder/)
  })
})
