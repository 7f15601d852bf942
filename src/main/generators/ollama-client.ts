import { Ollama } from 'ollama/browser'
import type { LocalConnection } from './local-fetch.ts'

/**
 * The `ollama` package over a connection of Carrel's own: it knows the endpoints and the shapes of requests, the
 * connection does the rest (docs/decisions/0003-ollama-client.md). One for each answer. The package's browser build is the
 * one without file access.
 */
export function createOllamaClient(address: string, connection: LocalConnection): Ollama {
  return new Ollama({ host: address, fetch: connection.fetch })
}
