import { createOllama } from '../../../src/main/generators/ollama.ts'
import { createOpenAiCompatible } from '../../../src/main/generators/openai-compatible.ts'
import { startCountingProxy } from '../../support/counting-proxy.ts'
import { type ContractServer, describeGeneratorContract } from './shared-contract.ts'

// The URL of a running Ollama on loopback that has a small model: `smollm2:135m`, or the one named beside it.
const { CARREL_TEST_OLLAMA: url, CARREL_TEST_OLLAMA_MODEL: model = 'smollm2:135m' } = process.env

const isThere = url !== undefined && url !== ''

/** A proxy in front of it counts the connections; `create` chooses the protocol. */
async function startProxied(
  protocol: Pick<ContractServer, 'tellsNamesOnly'> & {
    readonly create: (host: string) => ContractServer['create']
  },
): Promise<ContractServer> {
  const { hostname, port } = new URL(url ?? '')
  const proxy = await startCountingProxy({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80) })
  return {
    host: proxy.host,
    model,
    tellsNamesOnly: protocol.tellsNamesOnly,
    create: protocol.create(proxy.host),
    get openConnections() {
      return proxy.openConnections
    },
    allClosed: () => proxy.allClosed(),
    close: () => proxy.close(),
  }
}

describeGeneratorContract(
  'the generator on a real Ollama (CARREL_TEST_OLLAMA)',
  isThere
    ? () =>
        startProxied({
          tellsNamesOnly: false,
          create: (host) => (parts) => createOllama({ ollamaHost: host, ...parts }),
        })
    : null,
)

describeGeneratorContract(
  'the generator on the OpenAI protocol of a real Ollama (CARREL_TEST_OLLAMA)',
  isThere
    ? () =>
        startProxied({
          tellsNamesOnly: true,
          create: (host) => (parts) =>
            createOpenAiCompatible({ address: `http://${host}`, product: 'openai-compatible', ...parts }),
        })
    : null,
)
