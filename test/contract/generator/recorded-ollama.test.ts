import { createOllama } from '../../../src/main/generators/ollama.ts'
import { readOllamaFixture } from '../../support/ollama-fixtures.ts'
import { startRecordingModelServer, type RecordingModelServer } from '../../support/recording-model-server.ts'
import { describeGeneratorContract, longStory } from './shared-contract.ts'

describeGeneratorContract('the generator on recorded replies of Ollama', async () => {
  const server = await startRecordingModelServer({
    models: [{ name: 'smollm2:135m', isLoaded: true, contextTokens: 8192 }],
  })
  const serving = serveRecordedReplies(server)
  return {
    host: `127.0.0.1:${server.port}`,
    model: 'smollm2:135m',
    tellsNamesOnly: false,
    create: (parts) => createOllama({ ollamaHost: server.url, ...parts }),
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

/** Replays what the real server said to the same questions; a long story never ends. */
async function serveRecordedReplies(server: RecordingModelServer): Promise<void> {
  for (;;) {
    const chat = await server.nextRequest().catch(() => null)
    if (chat === null) return
    if (chat.body.options?.['num_predict'] === 8) {
      chat.sendRaw(readOllamaFixture('answer-length'))
      chat.end()
    } else if (chat.body.messages.some((message) => message.content === longStory)) {
      for (let word = 0; word < 10; word += 1) chat.sendText('and then ')
    } else {
      chat.sendRaw(readOllamaFixture('answer-stop'))
      chat.end()
    }
  }
}
