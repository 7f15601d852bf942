import { AutoModel, AutoTokenizer, env, pipeline } from '@huggingface/transformers'
import { sep } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
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
        expect(tokenizers.encode(text, embedder)).toEqual(theirs.encode(text))
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

  it('can be loaded from the models folder only', async () => {
    createModels(modelsFolder)
    await expect(AutoModel.from_pretrained('Xenova/other-model')).rejects.toThrow()
    await expect(env.fetch('http://127.0.0.1:9/')).rejects.toThrow(/own folder/)
  })
})
