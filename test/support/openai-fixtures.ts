import { readFileSync } from 'node:fs'

/** A hand-written body of POST /v1/chat/completions, see test/fixtures/openai/README.md. */
export function readOpenAiFixture(
  name:
    | 'answer-stop'
    | 'answer-length'
    | 'unicode-crlf'
    | 'reasoning-content'
    | 'reasoning-field'
    | 'reasoning-tags'
    | 'multi-line',
): Buffer {
  return readFileSync(new URL(`../fixtures/openai/${name}.txt`, import.meta.url))
}
