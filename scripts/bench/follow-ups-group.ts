import { z } from 'zod'
import { type Condenser, createCondenser, type PastTurn } from '../../src/main/answer/condenser.ts'
import { searchQueries, type SearchQuery } from '../../src/main/answer/search-queries.ts'
import { detectTransformation } from '../../src/main/answer/transformation.ts'
import type { Carrel } from '../../src/main/compose.ts'
import { createOllama } from '../../src/main/generators/ollama.ts'
import { systemClock } from '../../src/main/system-clock.ts'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { findEvaluationSet, type JudgedLibrary, writeJudgedLibrary } from './judged-library.ts'
import { type JudgedSet, readJudgedSet } from './judged-set.ts'
import { quietLog } from './logs.ts'
import { collapseToDocuments, ndcg } from './ndcg.ts'
import { openCarrel } from './open-carrel.ts'

const passagesPerQuestion = 50
/** Of the model; what Carrel sends by default. */
const contextTokens = 4_096

const metadataSchema = z.object({
  history: z.array(z.object({ role: z.enum(['user', 'assistant']), text: z.string() })),
  rewrite: z.string(),
})

interface FollowUp {
  readonly id: string
  readonly question: string
  readonly history: readonly PastTurn[]
  readonly rewrite: string
}

/**
 * Follow-up questions of mtrag-human over its own passages, nDCG@10: the last turn alone, the condensed question alone, what
 * Carrel searches (both fused, the previous question beside them), and the rewrites that the set's authors give.
 */
export async function measureFollowUps(context: BenchContext): Promise<readonly BenchRow[]> {
  const { isQuick, scratchFolder, cacheFolder, ollama, benchModel, say } = context
  const source = await findEvaluationSet('mtrag-human')
  if (source === null) {
    say('  skipped, ../shared/eval/mtrag-human is absent')
    return [toRow('both fused', null, null, 'skipped: the evaluation data is absent')]
  }
  const set = await readJudgedSet(source)
  const library = await writeJudgedLibrary('mtrag-human', set.documents, isQuick ? scratchFolder : cacheFolder)
  await using carrel = await openCarrel(library.dataFolder)
  const { signal } = new AbortController()
  say(`  importing ${set.documents.length} documents (nothing to do when an earlier run did it) ...`)
  await carrel.importer.add([library.documentsFolder], { signal })
  await carrel.importer.idle({ signal })
  const followUps = set.questions.flatMap(toFollowUp).slice(0, isQuick ? 5 : undefined)
  const bench = { carrel, set, library, followUps }
  const note = `${followUps.length} follow-ups, ${set.documents.length} documents`

  const lastTurn = await meanOf(bench, ({ question }) => question)
  const rows = [
    toRow('last turn', lastTurn, null, note),
    toRow('given rewrites', await meanOf(bench, ({ rewrite }) => rewrite), null, note),
    toRow('both fused, no model', await meanOf(bench, (asked) => queriesOf(asked, null)), lastTurn, note),
  ]
  const models = [
    { title: 'the small model', served: ollama, absent: 'no real Ollama here' },
    { title: 'CARREL_BENCH_MODEL', served: benchModel, absent: 'CARREL_BENCH_MODEL is not set' },
  ]
  for (const { title, served, absent } of models) {
    if (served === null) {
      rows.push(toRow(`condensed, ${title}`, null, null, absent), toRow(`both fused, ${title}`, null, lastTurn, absent))
      continue
    }
    say(`  ${served.model} condenses ${followUps.length} questions ...`)
    const generator = createOllama({ ollamaHost: served.url, clock: systemClock, log: quietLog })
    const condenser = createCondenser({ generator, clock: systemClock, log: quietLog })
    const condensed = await condenseAll(condenser, served.model, followUps)
    const used = `${note}; ${served.model}, ${condensed.size} of its rewrites were of use`
    rows.push(
      toRow(
        `condensed, ${title}`,
        await meanOf(bench, (asked) => condensed.get(asked.id) ?? asked.question),
        null,
        used,
      ),
      toRow(
        `both fused, ${title}`,
        await meanOf(bench, (asked) => queriesOf(asked, condensed.get(asked.id) ?? null)),
        lastTurn,
        used,
      ),
    )
  }
  return rows
}

function toFollowUp({ id, text, metadata }: JudgedSet['questions'][number]): readonly FollowUp[] {
  const { history, rewrite } = metadataSchema.parse(metadata)
  if (history.length === 0) return []
  const turns: { question: string; answer: string }[] = []
  for (const { role, text: said } of history) {
    const last = turns.at(-1)
    if (role === 'user') turns.push({ question: said, answer: '' })
    else if (last !== undefined) last.answer = said
  }
  return [{ id, question: text, history: turns, rewrite }]
}

/** As Carrel searches a follow-up. */
function queriesOf({ question, history }: FollowUp, condensedQuestion: string | null): readonly SearchQuery[] {
  const previous = history.findLast((turn) => detectTransformation(turn.question) === null)
  return searchQueries({
    question,
    previousQuestion: previous?.question ?? null,
    condensedQuestion,
    translatedQuestion: null,
  })
}

/** @returns what was of use, by question */
async function condenseAll(
  condenser: Condenser,
  model: string,
  followUps: readonly FollowUp[],
): Promise<ReadonlyMap<string, string>> {
  const { signal } = new AbortController()
  const condensed = new Map<string, string>()
  for (const [index, { id, question, history }] of followUps.entries()) {
    const rewrite = await condenser.condense(
      { question, summary: null, history, prompt: null },
      { model, contextTokens, isLoaded: index > 0 },
      { signal },
    )
    if ('text' in rewrite) condensed.set(id, rewrite.text)
    else if (rewrite.fault === 'failed') throw new Error(`${model} could not be asked.`)
  }
  return condensed
}

async function meanOf(
  bench: {
    readonly carrel: Carrel
    readonly set: JudgedSet
    readonly library: JudgedLibrary
    readonly followUps: readonly FollowUp[]
  },
  queryOf: (asked: FollowUp) => string | readonly SearchQuery[],
): Promise<number> {
  const { carrel, set, library, followUps } = bench
  const { signal } = new AbortController()
  let sum = 0
  for (const asked of followUps) {
    const found = await carrel.search(queryOf(asked), { limit: passagesPerQuestion, signal })
    const documents = found.map(({ passage }) => library.names(passage.path))
    sum += ndcg(collapseToDocuments(documents), set.judgements.get(asked.id) ?? new Map())
  }
  return sum / followUps.length
}

function toRow(what: string, value: number | null, reach: number | null, note: string): BenchRow {
  return {
    group: 'follow-ups',
    what: `nDCG@10 on mtrag-human, ${what}`,
    value,
    unit: '',
    // Shown rounded, judged exactly.
    reach: reach === null ? null : { bound: 'at least', value: reach },
    note,
  }
}
