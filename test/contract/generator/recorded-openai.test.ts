import { createOpenAiCompatible } from '../../../src/main/generators/openai-compatible.ts'
import { readOpenAiFixture } from '../../support/openai-fixtures.ts'
import { type RecordingModelServer, startRecordingModelServer } from '../../support/recording-model-server.ts'
import { describeGeneratorContract, longStory } from './shared-contract.ts'

for (const product of ['llama-cpp', 'lm-studio', 'vllm', 'other'] as const) {
  describeGeneratorContract(`the generator on hand-written replies of ${product}`, async () => {
    const server = await startRecordingModelServer({
      product,
      models: [{ name: 'qwen2.5-0.5b-instruct', isLoaded: true, contextTokens: 8192 }],
    })
    const serving = serveReplies(server)
    return {
      host: `127.0.0.1:${server.port}`,
      model: 'qwen2.5-0.5b-instruct',
      tellsNamesOnly: product !== 'llama-cpp',
      create: (parts) =>
        createOpenAiCompatible({
          address: server.url,
          product: product === 'other' ? 'openai-compatible' : product,
          ...parts,
        }),
      get openConnections() {
        return server.openConnections
      },
      allClosed: () => server.allClosed(),
      async close() {
        await server.close()
        await serving
      },
    }
  })
}

/** A long story never ends; the others are the fixtures. */
async function serveReplies(server: RecordingModelServer): Promise<void> {
  for (;;) {
    const chat = await server.nextRequest().catch(() => null)
    if (chat === null) return
    if (chat.body.max_tokens === 8) {
      chat.sendRaw(readOpenAiFixture('answer-length'))
      chat.end()
    } else if (chat.body.messages.some((message) => message.content === longStory)) {
      for (let word = 0; word < 10; word += 1) chat.sendText('and then ')
    } else {
      chat.sendRaw(readOpenAiFixture('answer-stop'))
      chat.end()
    }
  }
}
