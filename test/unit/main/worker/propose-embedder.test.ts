import { expect, it } from 'vitest'
import { type EmbedderFiles, proposeEmbedder } from '../../../../src/main/worker/propose-embedder.ts'

const silent: EmbedderFiles = {
  folderName: 'snapshot',
  config: { model_type: 'bert' },
  tokenizerConfig: null,
  pooling: null,
  sentenceBert: null,
  sentenceTransformers: null,
  readme: '',
}

it('asks for what no file says', () => {
  expect(proposeEmbedder(silent)).toEqual({
    name: 'snapshot',
    pooling: null,
    questionPrefix: '',
    passagePrefix: '',
    limitTokens: null,
    languages: null,
  })
})

it.each([
  [{ pooling_mode_cls_token: true, pooling_mode_mean_tokens: false }, 'cls'],
  [{ pooling_mode_cls_token: false, pooling_mode_mean_tokens: true }, 'mean'],
  [{ pooling_mode_lasttoken: true }, 'last'],
  [{ pooling_mode: 'mean' }, 'mean'],
  [{ pooling_mode_max_tokens: true }, null],
  [{ pooling_mode_cls_token: 'yes' }, null],
])('reads the pooling of %j', (pooling, expected) => {
  expect(proposeEmbedder({ ...silent, pooling }).pooling).toBe(expected)
})

it('takes the smallest sensible limit, and leaves padding positions out', () => {
  const limit = (more: Partial<EmbedderFiles>) => proposeEmbedder({ ...silent, ...more }).limitTokens
  expect(limit({ tokenizerConfig: { model_max_length: 1e30 }, sentenceBert: { max_seq_length: 128 } })).toBe(128)
  expect(limit({ config: { model_type: 'xlm-roberta', max_position_embeddings: 514 } })).toBe(512)
  expect(
    limit({ config: { model_type: 'bert', max_position_embeddings: 512 }, sentenceBert: { max_seq_length: -1 } }),
  ).toBe(512)
  expect(limit({ sentenceBert: { max_seq_length: 'many' } })).toBeNull()
})

it('reads prompts, names and languages, none of which may be anything', () => {
  const proposed = proposeEmbedder({
    ...silent,
    config: { model_type: 'xlm-roberta', _name_or_path: 'some/multilingual-e5-small\u0000' },
    readme: '---\r\nlanguage:\r\n  - multilingual\r\n  - de\r\n---\r\n# x',
  })
  expect(proposed).toMatchObject({
    name: 'multilingual-e5-small',
    questionPrefix: 'query: ',
    passagePrefix: 'passage: ',
    languages: 'many',
  })
  const prompts = { query: 'find: ', document: 'text: ', other: 7 }
  expect(proposeEmbedder({ ...silent, sentenceTransformers: { prompts } })).toMatchObject({
    questionPrefix: 'find: ',
    passagePrefix: 'text: ',
  })
  for (const hostile of [[], 'x', null, { query: 9 }, { query: 'x'.repeat(9_999) }])
    expect(proposeEmbedder({ ...silent, sentenceTransformers: { prompts: hostile } }).questionPrefix).toBe('')
  expect(proposeEmbedder({ ...silent, readme: '---\nlanguage: en\n---' }).languages).toBe('english')
  expect(proposeEmbedder({ ...silent, readme: '---\nlanguage: zh\n---' }).languages).toBe('chinese')
})
