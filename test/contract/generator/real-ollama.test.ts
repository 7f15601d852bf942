import { startCountingProxy } from '../../support/counting-proxy.ts'
import { describeGeneratorContract } from './shared-contract.ts'

// The URL of a running Ollama on loopback that has a small model: `smollm2:135m`, or the one named beside it.
const { CARREL_TEST_OLLAMA: url, CARREL_TEST_OLLAMA_MODEL: model = 'smollm2:135m' } = process.env

describeGeneratorContract(
  'the generator on a real Ollama (CARREL_TEST_OLLAMA)',
  url === undefined || url === ''
    ? null
    : async () => {
        const { hostname, port } = new URL(url)
        const proxy = await startCountingProxy({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80) })
        return {
          host: proxy.host,
          model,
          get openConnections() {
            return proxy.openConnections
          },
          allClosed: () => proxy.allClosed(),
          close: () => proxy.close(),
        }
      },
)
