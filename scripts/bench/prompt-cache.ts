import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { unknownModel } from '../../src/main/answer/estimate-tokens.ts'
import { buildPrompt } from '../../src/main/answer/prompt.ts'
import { chunkIdSchema, documentIdSchema, messageIdSchema } from '../../src/shared/ids.ts'
import type { Passage } from '../../src/shared/passage.ts'
import type { RememberedTurn } from '../../src/main/ports/conversation-store.ts'
import type { ChatMessage } from '../../src/main/ports/generator.ts'
import type { BenchRow } from './bench-row.ts'
import { writeParagraph } from './corpus.ts'
import { createRandom, median } from './statistics.ts'

const contextTokens = 8_192
const turnsBefore = 6
const passageCount = 4
const finalSchema = z.object({ prompt_eval_duration: z.number(), prompt_eval_count: z.number() })

/**
 * How long the real server reads the prompt of a later turn after the turn before it, against the same prompt behind a changed
 * beginning, which no cache can hold. In turns, on a conversation with other words each time.
 */
export async function measurePromptCache(
  ollama: { readonly url: string; readonly model: string },
  rounds: number,
): Promise<BenchRow> {
  const random = createRandom(9)
  const ratios: number[] = []
  let tokens = 0
  for (let round = 0; round < rounds; round += 1) {
    const turns = Array.from({ length: turnsBefore }, () => writeTurn(random))
    const before = promptAfter(turns.slice(0, -1), random)
    const next = promptAfter(turns, random)
    await read(ollama, before)
    const kept = await read(ollama, next)
    await read(ollama, before)
    const anew = await read(ollama, next.with(0, { role: 'system', content: `Round ${round}. ${next[0]?.content}` }))
    ratios.push(kept.prompt_eval_duration / anew.prompt_eval_duration)
    tokens = anew.prompt_eval_count
  }
  return {
    group: 'stream',
    what: 'reading the prompt of turn 7, its beginning kept, against a changed beginning',
    value: median(ratios),
    unit: 'times',
    reach: null,
    note: `median of ${rounds}, highest ${Math.max(...ratios).toFixed(2)}; about ${tokens} tokens; ${ollama.model}`,
  }
}

function promptAfter(turns: readonly RememberedTurn[], random: () => number): readonly ChatMessage[] {
  const passages = Array.from({ length: passageCount }, (_, index) => writePassage(index, random))
  const history = { summary: null, summarisedTurns: 0, turns, olderTurns: 0 }
  const question = writeParagraph('en', random).slice(0, 60)
  return buildPrompt({ question, passages, history }, { contextTokens, ratios: unknownModel }).messages
}

/** Reads the prompt and writes one token. */
async function read(
  { url, model }: { readonly url: string; readonly model: string },
  messages: readonly ChatMessage[],
): Promise<z.infer<typeof finalSchema>> {
  const options = { num_ctx: contextTokens, num_predict: 1 }
  const response = await fetch(`${url}/api/chat`, {
    method: 'POST',
    body: JSON.stringify({ model, messages, options, stream: false }),
  })
  return finalSchema.parse(await response.json())
}

function writeTurn(random: () => number): RememberedTurn {
  return {
    answerId: messageIdSchema.parse(randomUUID()),
    question: writeParagraph('en', random).slice(0, 80),
    condensedQuestion: null,
    answer: `${writeParagraph('en', random)} [1].`,
    mode: 'generated',
    finishReason: 'stop',
    sources: [],
  }
}

function writePassage(index: number, random: () => number): Passage {
  const text = `${writeParagraph('en', random)} ${writeParagraph('en', random)}`
  return {
    id: chunkIdSchema.parse(`${'a'.repeat(16)}-${index}`),
    documentId: documentIdSchema.parse('a'.repeat(64)),
    documentName: 'notes.txt',
    title: null,
    path: 'notes.txt',
    kind: 'text',
    parserVersion: 1,
    page: null,
    lastPage: null,
    headingPath: [],
    start: 0,
    end: text.length,
    text,
    language: 'en',
    rank: index + 1,
    score: 1,
    vectorRank: index + 1,
    keywordRank: null,
    modifiedAt: null,
    versions: [],
  }
}
