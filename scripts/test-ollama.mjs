// A real Ollama for tests. `node scripts/test-ollama.mjs install` builds and fills it; tests call `findTestOllama`.
import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { Failure, runLauncher } from './parts/failure.mjs'
import { installTestOllama } from './parts/ollama-install.mjs'
import { findOllamaBinary, modelMarker, modelName } from './parts/ollama-places.mjs'
import { isAnswering, startOllama } from './parts/ollama-server.mjs'
import { createProgress } from './parts/progress.mjs'

/**
 * In this order: the server at CARREL_TEST_OLLAMA (a loopback URL), an `ollama` on PATH or in the cache started on
 * a free port with the tests' own models, null.
 *
 * @returns {Promise<{url: string, model: string, logFile: string | null, stop: () => Promise<void>} | null>}
 *   `logFile` is the server's request log (null for a server that is not ours); `stop` ends only what was started here
 */
export async function findTestOllama(environment = process.env) {
  const model = environment.CARREL_TEST_OLLAMA_MODEL || modelName
  const given = environment.CARREL_TEST_OLLAMA
  if (given) {
    if (!(await isAnswering(given)))
      throw new Failure(`CARREL_TEST_OLLAMA is ${given}, but no Ollama answers there: start it or unset the variable.`)
    return { url: given, model, logFile: environment.CARREL_TEST_OLLAMA_LOG || null, stop: async () => {} }
  }
  const binary = findOllamaBinary(environment)
  if (!binary || !existsSync(modelMarker())) return null
  return { model: modelName, ...(await startOllama(binary)) }
}

async function main() {
  if (process.argv[2] !== 'install') {
    console.error('usage: node scripts/test-ollama.mjs install')
    return 2
  }
  await installTestOllama(createProgress())
  return 0
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await runLauncher(main)
