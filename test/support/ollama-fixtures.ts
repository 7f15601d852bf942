import { readFileSync } from 'node:fs'

/** A recorded (or, for reasoning, hand-written) body of POST /api/chat, see test/fixtures/ollama/README.md. */
export function readOllamaFixture(
  name: 'answer-stop' | 'answer-length' | 'answer-unicode' | 'reasoning-field' | 'reasoning-tags',
): Buffer {
  return readFileSync(new URL(`../fixtures/ollama/${name}.ndjson`, import.meta.url))
}

/** The text of a recorded answer, read in the plainest way. */
export function fixtureText(body: Buffer): string {
  const lines = body.toString('utf8').trim().split('\n')
  return lines.map((line) => (JSON.parse(line) as { message: { content: string } }).message.content).join('')
}
