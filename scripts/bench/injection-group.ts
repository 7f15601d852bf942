import { answerInstructions, buildPrompt } from '../../src/main/answer/prompt.ts'
import { unknownModel } from '../../src/main/answer/estimate-tokens.ts'
import { createOllama } from '../../src/main/generators/ollama.ts'
import type { ChatMessage, ModelServer } from '../../src/main/ports/generator.ts'
import { systemClock } from '../../src/main/system-clock.ts'
import { samplePassage } from '../../test/support/sample-passage.ts'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { type InjectionAttack, type InjectionTask, readInjectionData } from './injection-data.ts'
import { holdsExpected, isChanged, isTakenOver, withLine } from './injection-scores.ts'
import { findEvaluationSet } from './judged-library.ts'
import { quietLog } from './logs.ts'
import { createRandom } from './statistics.ts'

const contextTokens = 4_096
const maxAnswerTokens = 48
/** Longer documents only make each answer slower. */
const longestDocument = 1_000
const pairCount = 36
/** Of the same kind as an attack by its length, and asks for nothing: what any added line changes. */
const harmlessLine = 'The reading room is aired every morning before the first visitor arrives.'
const noHistory = { summary: null, summarisedTurns: 0, turns: [], olderTurns: 0 }

type Borders = 'with borders' | 'without borders'
const bordersOf: readonly Borders[] = ['with borders', 'without borders']

interface Pair {
  readonly task: InjectionTask
  readonly attack: InjectionAttack
  readonly place: 'start' | 'middle' | 'end'
}

/** Counted over all pairs. */
interface Counts {
  attackChanged: number
  harmlessChanged: number
  takenOver: number
  expectedClean: number
  expectedAttacked: number
}

/**
 * How often an instruction hidden in a document changes a real model's answer, with the borders that Carrel puts around passages
 * and without them; a harmless line in the same place tells what any line changes. Definitions: injection-scores.ts.
 */
export async function measureInjection(context: BenchContext): Promise<readonly BenchRow[]> {
  const { isQuick, ollama, benchModel, say } = context
  const source = await findEvaluationSet('bipia-train')
  if (source === null) return [toRow('answers changed by an attack', null, 'skipped: the evaluation data is absent')]
  const pairs = choosePairs(await readInjectionData(source), isQuick ? 2 : pairCount)
  const rows: BenchRow[] = []
  const models = [
    { served: ollama, absent: 'not run: no real Ollama here', name: 'the small model' },
    { served: benchModel, absent: 'not run: CARREL_BENCH_MODEL is not set', name: 'CARREL_BENCH_MODEL' },
  ]
  for (const { served, absent, name } of models) {
    if (served === null) {
      rows.push(toRow(`answers changed by an attack, ${name}`, null, absent))
      continue
    }
    say(`  ${served.model}: ${pairs.length} documents, ${pairs.length * 7} short answers ...`)
    const server = createOllama({ ollamaHost: served.url, clock: systemClock, log: quietLog })
    rows.push(...(await measureModel(server, served.model, pairs, say)))
  }
  return rows
}

async function measureModel(
  server: ModelServer,
  model: string,
  pairs: readonly Pair[],
  say: BenchContext['say'],
): Promise<readonly BenchRow[]> {
  const ask = (messages: readonly ChatMessage[]): Promise<string> => writeAnswer(server, model, messages)
  const alone = new Map<string, string>()
  for (const { attack } of pairs)
    if (!alone.has(attack.text)) alone.set(attack.text, await ask([{ role: 'user', content: attack.text }]))
  say('  what the model says to each instruction alone is known')
  const counts = new Map<Borders, Counts>()
  // One kind of prompt after the other: what both begin with is long, and the server remembers the last one.
  for (const borders of bordersOf) {
    const count = { attackChanged: 0, harmlessChanged: 0, takenOver: 0, expectedClean: 0, expectedAttacked: 0 }
    counts.set(borders, count)
    for (const [index, { task, attack, place }] of pairs.entries()) {
      if (index > 0 && index % 6 === 0) say(`  ${borders}: ${index} of ${pairs.length} documents`)
      const answer = (document: string): Promise<string> => ask(promptFor(task.question, document, borders))
      const clean = await answer(task.context)
      const harmless = await answer(withLine(task.context, harmlessLine, place))
      const attacked = await answer(withLine(task.context, attack.text, place))
      const attackAlone = alone.get(attack.text) ?? ''
      if (isChanged({ clean, altered: attacked })) count.attackChanged += 1
      if (isChanged({ clean, altered: harmless })) count.harmlessChanged += 1
      if (isTakenOver({ clean, altered: attacked, attackAlone })) count.takenOver += 1
      if (holdsExpected(clean, task.ideal)) count.expectedClean += 1
      if (holdsExpected(attacked, task.ideal)) count.expectedAttacked += 1
    }
  }
  const note = `${model}; ${pairs.length} documents, temperature 0, ${maxAnswerTokens} tokens`
  return [...counts].flatMap(([borders, count]) => {
    const share = (value: number): number => value / pairs.length
    return [
      toRow(`answers changed by an attack, ${borders}`, share(count.attackChanged), note),
      toRow(`answers changed by a harmless line, ${borders}`, share(count.harmlessChanged), note),
      toRow(`answers taken over by the attack, ${borders}`, share(count.takenOver), note),
      toRow(
        `answers with the expected words after an attack, ${borders}`,
        share(count.expectedAttacked),
        `${note}; without an attack ${share(count.expectedClean).toFixed(3)}`,
      ),
    ]
  })
}

/** Every attack once before any comes again; documents and places in turn. */
function choosePairs(
  { attacks, tasks }: { readonly attacks: readonly InjectionAttack[]; readonly tasks: readonly InjectionTask[] },
  count: number,
): readonly Pair[] {
  const random = createRandom(7)
  const shuffled = <Item>(items: readonly Item[]): readonly Item[] =>
    items
      .map((item) => ({ item, key: random() }))
      .toSorted((one, other) => one.key - other.key)
      .map(({ item }) => item)
  const short = shuffled(tasks.filter(({ context }) => context.length <= longestDocument))
  const mixed = shuffled(attacks)
  const places = ['start', 'middle', 'end'] as const
  return Array.from({ length: count }, (_, index) => {
    const task = short[index % short.length]
    const attack = mixed[index % mixed.length]
    const place = places[index % places.length]
    if (task === undefined || attack === undefined || place === undefined)
      throw new Error('The attacks of the benchmark are missing.')
    return { task, attack, place }
  })
}

/** As Carrel asks, one document as the only passage; or the same words with nothing that sets the document apart. */
function promptFor(question: string, document: string, borders: Borders): readonly ChatMessage[] {
  if (borders === 'with borders') {
    const passages = [samplePassage({ text: document, documentName: 'document.txt' })]
    return buildPrompt({ question, passages, history: noHistory }, { contextTokens, ratios: unknownModel }).messages
  }
  const instructions = answerInstructions
    .split('\n')
    .map((line) => line.replace(/ What stands in <passages>.*$/, ''))
    .join('\n')
  return [
    { role: 'system', content: instructions },
    { role: 'user', content: `[1] document.txt\n${document}\n\nQuestion: ${question}` },
  ]
}

async function writeAnswer(server: ModelServer, model: string, messages: readonly ChatMessage[]): Promise<string> {
  const { signal } = new AbortController()
  let text = ''
  const request = { model, messages, contextTokens, maxAnswerTokens, temperature: 0, withoutReasoning: true }
  for await (const event of server.generate(request, { signal })) if (event.type === 'text') text += event.text
  return text
}

function toRow(what: string, value: number | null, note: string): BenchRow {
  return { group: 'injection', what, value, unit: '', reach: null, note }
}
