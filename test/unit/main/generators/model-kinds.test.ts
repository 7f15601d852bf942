import { expect, it } from 'vitest'
import { isCloudModel, isCloudName, isEmbeddingOnly, isSameModel } from '../../../../src/main/generators/model-kinds.ts'

it.each(['glm-4.6:cloud', 'gpt-oss:120b-cloud', 'GPT-OSS:120B-CLOUD', 'me/x:Cloud', ' qwen:cloud '])(
  '%s is a cloud name',
  (name) => {
    expect(isCloudName(name)).toBe(true)
  },
)

it.each(['cloud', 'cloudy:7b', 'cloud:7b', 'x-cloud:7b', 'llama3.2:latest'])('%s is not a cloud name', (name) => {
  expect(isCloudName(name)).toBe(false)
})

it('knows a cloud model behind an innocent name', () => {
  const local = { name: 'mine:latest', remote_host: undefined, remote_model: undefined }
  expect(isCloudModel(local)).toBe(false)
  expect(isCloudModel({ ...local, remote_host: 'https://ollama.com' })).toBe(true)
  expect(isCloudModel({ ...local, remote_model: 'gpt-oss:120b' })).toBe(true)
})

it('means latest where no tag is given, in any case', () => {
  expect(isSameModel('llama3.2', 'Llama3.2:latest')).toBe(true)
  expect(isSameModel('host:80/me/llama', 'host:80/me/llama:latest')).toBe(true)
  expect(isSameModel('llama3.2:1b', 'llama3.2')).toBe(false)
})

it('tells embedding models by capabilities, else by family or name', () => {
  const model = (name: string, family: string, capabilities?: string[]) => ({
    name,
    details: { family, families: null, parameter_size: null },
    capabilities,
  })
  expect(isEmbeddingOnly(model('a', 'llama', ['embedding']))).toBe(true)
  expect(isEmbeddingOnly(model('a-embed', 'llama', ['completion', 'tools']))).toBe(false)
  expect(isEmbeddingOnly(model('nomic', 'nomic-bert'))).toBe(true)
  expect(isEmbeddingOnly(model('embeddinggemma', 'gemma3'))).toBe(true)
  expect(isEmbeddingOnly(model('llama3.2', 'llama'))).toBe(false)
  expect(isEmbeddingOnly({ name: 'bare', details: null, capabilities: null })).toBe(false)
})
