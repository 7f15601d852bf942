import { mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readModelFolder } from '../../../src/main/worker/model-folder.ts'
import { composeCarrel } from '../../support/composed-carrel.ts'
import { makeEmbedderFolder } from '../../support/embedder-folder.ts'
import { temporaryFolder } from '../../support/run-carrel.ts'

const { signal } = new AbortController()
const minutes = 60_000

describe('a folder that is to become an embedder', () => {
  it.each<[string, (folder: string) => Promise<unknown>, string]>([
    ['that is gone', (folder) => rm(folder, { recursive: true }), 'missing-folder'],
    ['without config.json', (folder) => rm(join(folder, 'config.json')), 'missing-file'],
    ['without a tokenizer', (folder) => rm(join(folder, 'tokenizer.json')), 'missing-file'],
    ['without a model', (folder) => rm(join(folder, 'onnx'), { recursive: true }), 'missing-file'],
    ['whose config is a list', (folder) => writeFile(join(folder, 'config.json'), '[1]'), 'bad-file'],
    ['whose config is no JSON', (folder) => writeFile(join(folder, 'config.json'), '{"model_type":'), 'bad-file'],
    ['whose config names no model type', (folder) => writeFile(join(folder, 'config.json'), '{}'), 'bad-file'],
    ['whose config is huge', (folder) => truncate(join(folder, 'config.json'), 3_000_000), 'too-large'],
    ['whose tokenizer is huge', (folder) => truncate(join(folder, 'tokenizer.json'), 80_000_000), 'too-large'],
    [
      'whose model is huge',
      (folder) => truncate(join(folder, 'onnx', 'model_quantized.onnx'), 3 * 1024 ** 3),
      'too-large',
    ],
    [
      'whose model is a folder',
      async (folder) => {
        await rm(join(folder, 'onnx', 'model_quantized.onnx'))
        await mkdir(join(folder, 'onnx', 'model_quantized.onnx'))
      },
      'bad-file',
    ],
    [
      'with a link that leads out',
      async (folder) => {
        await rm(join(folder, 'config.json'))
        await symlink('/etc/hostname', join(folder, 'config.json'))
      },
      'link',
    ],
    [
      'with a folder of links that leads out',
      async (folder) => {
        await rm(join(folder, '1_Pooling'), { recursive: true })
        await mkdir(`${folder}-elsewhere`)
        await writeFile(join(`${folder}-elsewhere`, 'config.json'), '{}')
        await symlink(`${folder}-elsewhere`, join(folder, '1_Pooling'))
      },
      'link',
    ],
  ])('%s is refused with one sentence', async (_name, spoil, reason) => {
    await using folder = await temporaryFolder()
    const path = await makeEmbedderFolder(folder.path)
    await spoil(path)
    await expect(readModelFolder(path)).rejects.toMatchObject({
      code: 'embedder-refused',
      details: { reason },
      message: expect.stringMatching(/^[^.].{20,200}\.$/),
    })
  })

  it('may have links inside, and no configuration beside the model: then it is asked for', async () => {
    await using folder = await temporaryFolder()
    const path = await makeEmbedderFolder(folder.path, {
      of: 'bge-small-zh-v1.5',
      files: {
        '1_Pooling/config.json': null,
        'sentence_bert_config.json': null,
        'config_sentence_transformers.json': null,
        'README.md': null,
      },
    })
    await symlink(join(path, 'config.json'), join(path, 'other.json'))
    expect((await readModelFolder(path)).proposal).toMatchObject({
      name: 'borrowed-embedder',
      pooling: null,
      questionPrefix: '',
      limitTokens: 512,
      languages: null,
    })
  })

  it(
    'whose model or tokenizer is of another kind is tried, refused, and leaves nothing behind',
    async () => {
      await using folder = await temporaryFolder()
      await using composed = await composeCarrel()
      const { carrel } = composed
      const path = await makeEmbedderFolder(folder.path)
      const choices = {
        name: 'broken',
        pooling: 'mean',
        questionPrefix: '',
        passagePrefix: '',
        limitTokens: 256,
        languages: 'many',
      } as const
      const refuse = () =>
        expect(carrel.embedderChoice.addFolder(path, choices, { signal })).rejects.toMatchObject({
          code: 'embedder-refused',
          details: { reason: 'no-vectors' },
        })
      await writeFile(join(path, 'tokenizer.json'), '{"model":{"type":"WordPiece","vocab":{}}}')
      await refuse()
      await rm(path, { recursive: true })
      await makeEmbedderFolder(folder.path)
      await writeFile(join(path, 'onnx', 'model_quantized.onnx'), 'not a model at all')
      await refuse()
      expect(carrel.embedderChoice.status().embedders.map(({ id }) => id)).toEqual([
        'all-MiniLM-L6-v2',
        'bge-small-zh-v1.5',
      ])
    },
    3 * minutes,
  )
})
