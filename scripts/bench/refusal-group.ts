import { z } from 'zod'
import { passagePreset } from '../../src/main/answer/presets.ts'
import { closeEnoughAmong } from '../../src/main/answer/refusal.ts'
import { settingsSchema } from '../../src/shared/settings.ts'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { type Half, halfOf } from './halves.ts'
import { findEvaluationSet, writeJudgedLibrary } from './judged-library.ts'
import { readCorpus, readJudgedSet, readQuestions } from './judged-set.ts'
import { openCarrel } from './open-carrel.ts'
import { askFew } from './ask-few.ts'
import { rocArea } from './roc.ts'
import { createRandom } from './statistics.ts'

interface Scored {
  readonly half: Half
  readonly closeness: number
  /** From which on Carrel answers, among as many chunks as were searched. */
  readonly threshold: number
}

type Questions = readonly { readonly id: string; readonly text: string }[]

const quickQuestions = 20
const fewDocuments: readonly number[] = [1, 10, 100]
const questionsToFew = 200
const answerableSchema = z.object({ answerable: z.boolean() })

/**
 * Does the closeness of the best passage tell questions that the library answers from others? Its threshold was set on the first
 * halves; both are reported.
 */
export async function measureRefusal(context: BenchContext): Promise<readonly BenchRow[]> {
  const [clapnq, cmrc, scifact, lecoqa] = await Promise.all(
    ['clapnq-a', 'cmrc2018', 'scifact', 'lecoqa'].map(findEvaluationSet),
  )
  const rows: BenchRow[] = []
  if (clapnq && scifact) {
    const asked = (await readQuestions(clapnq)).map((question) => ({
      ...question,
      ...answerableSchema.parse(question.metadata),
    }))
    const answerable = await closenessIn(
      'clapnq-a',
      clapnq,
      asked.filter((question) => question.answerable),
      context,
    )
    const unanswerable = await closenessIn(
      'clapnq-a',
      clapnq,
      asked.filter((question) => !question.answerable),
      context,
    )
    const foreign = await closenessIn('clapnq-a', clapnq, (await readJudgedSet(scifact)).questions, context)
    rows.push(...rowsOf('clapnq-a', answerable, 'its unanswerable questions', unanswerable, null))
    rows.push(...rowsOf('clapnq-a', answerable, 'scifact claims', foreign, 0.9).slice(1))
    rows.push(...(await rowsOfFew('clapnq-a', clapnq, scifact, context)))
  } else rows.push(skipped('clapnq-a'))
  if (cmrc && lecoqa) {
    const answerable = await closenessIn('cmrc2018', cmrc, (await readJudgedSet(cmrc)).questions, context)
    const foreign = await closenessIn('cmrc2018', cmrc, (await readJudgedSet(lecoqa)).questions, context)
    rows.push(...rowsOf('cmrc2018', answerable, 'lecoqa questions', foreign, 0.9))
    rows.push(...(await rowsOfFew('cmrc2018', cmrc, lecoqa, context)))
  } else rows.push(skipped('cmrc2018'))
  // The hardest of the other sets: everyday questions to statutes, all answerable.
  for (const [name, source] of [
    ['lecoqa', lecoqa],
    ['scifact', scifact],
  ] as const) {
    if (!source) continue
    const answerable = await closenessIn(name, source, (await readJudgedSet(source)).questions, context)
    rows.push(answerableRow(name, answerable, null))
  }
  return rows
}

/** The same where a question is asked of a few documents: its own and others, or only others for those of another set. */
async function rowsOfFew(
  name: string,
  source: string,
  foreignSource: string,
  { isQuick, scratchFolder, cacheFolder, say }: BenchContext,
): Promise<readonly BenchRow[]> {
  const own = await readJudgedSet(source)
  const foreign = await readJudgedSet(foreignSource)
  const place = isQuick ? scratchFolder : cacheFolder
  const ids = own.documents.map(({ id }) => id)
  const library = { ...(await writeJudgedLibrary(name, own.documents, place)), ids }
  await using carrel = await openCarrel(library.dataFolder)
  const limit = passagePreset(settingsSchema.parse({})).passageCount * 2
  const rows: BenchRow[] = []
  for (const size of fewDocuments) {
    say(`  ${name}: questions to ${size} ...`)
    const random = createRandom(size)
    const ask = async (questions: Questions, answeredBy: (id: string) => string | null): Promise<readonly Scored[]> => {
      const scored: Scored[] = []
      for (const { id, text } of questions.slice(0, isQuick ? quickQuestions : questionsToFew)) {
        const asked = { text, answeredBy: answeredBy(id) }
        scored.push({ half: halfOf(id), ...(await askFew(carrel, library, asked, { size, limit, random })) })
      }
      return scored
    }
    const firstJudged = (id: string): string | null => [...(own.judgements.get(id)?.keys() ?? [])][0] ?? null
    const few = `${size} ${size === 1 ? 'document' : 'documents'} of ${name}`
    rows.push(toRow(`refused on ${few}, what they answer`, await ask(own.questions, firstJudged)))
    rows.push(toRow(`refused on ${few}, questions of another set`, await ask(foreign.questions, () => null)))
  }
  return rows
}

async function closenessIn(
  name: string,
  source: string,
  questions: Questions,
  { isQuick, scratchFolder, cacheFolder, say }: BenchContext,
): Promise<readonly Scored[]> {
  const { documentsFolder, dataFolder } = await writeJudgedLibrary(
    name,
    await readCorpus(source),
    isQuick ? scratchFolder : cacheFolder,
  )
  const asked = isQuick ? questions.slice(0, quickQuestions) : questions
  say(`  ${name}: ${asked.length} questions ...`)
  await using carrel = await openCarrel(dataFolder)
  const { signal } = new AbortController()
  await carrel.importer.add([documentsFolder], { signal })
  await carrel.importer.idle({ signal })
  const limit = passagePreset(settingsSchema.parse({})).passageCount * 2
  const threshold = closeEnoughAmong(carrel.documents.searchableChunkCount(null))
  const scored: Scored[] = []
  for (const { id, text } of asked) {
    const found = await carrel.search(text, { limit, signal })
    const closeness = Math.max(0, ...found.map((candidate) => candidate.closeness))
    scored.push({ half: halfOf(id), closeness, threshold })
  }
  return scored
}

function rowsOf(
  library: string,
  answerable: readonly Scored[],
  others: string,
  foreign: readonly Scored[],
  reach: number | null,
): readonly BenchRow[] {
  const area = (half: Half): number => rocArea(closenessOf(answerable, half), closenessOf(foreign, half))
  return [
    answerableRow(library, answerable, 0.05),
    {
      ...toRow(`refused on ${library}, ${others}`, foreign),
      reach: reach === null ? null : { bound: 'at least', value: reach },
    },
    {
      group: 'refusal',
      what: `ROC area on ${library}, against ${others}`,
      value: area('second'),
      unit: '',
      reach: null,
      note: `second half; first half ${area('first').toFixed(3)}`,
    },
  ]
}

function answerableRow(library: string, answerable: readonly Scored[], reach: number | null): BenchRow {
  return {
    ...toRow(`refused on ${library}, its answerable questions`, answerable),
    reach: reach === null ? null : { bound: 'at most', value: reach },
  }
}

/** Judged on the second half, which had no part in the threshold. */
function toRow(what: string, scored: readonly Scored[]): BenchRow {
  const share = (half: Half): number => {
    const ofHalf = scored.filter((question) => question.half === half)
    return ofHalf.filter(({ closeness, threshold }) => closeness < threshold).length / ofHalf.length
  }
  const thresholds = scored.map(({ threshold }) => threshold)
  const range = [...new Set([Math.min(...thresholds), Math.max(...thresholds)].map((bound) => bound.toFixed(2)))]
  const note = `second half; first half ${share('first').toFixed(3)}; ${scored.length} questions, threshold ${range.join(' to ')}`
  return { group: 'refusal', what, value: share('second'), unit: '', reach: null, note }
}

function closenessOf(scored: readonly Scored[], half: Half): readonly number[] {
  return scored.filter((question) => question.half === half).map(({ closeness }) => closeness)
}

function skipped(name: string): BenchRow {
  const note = 'skipped: the evaluation data is absent'
  return { group: 'refusal', what: `refused on ${name}`, value: null, unit: '', reach: null, note }
}
