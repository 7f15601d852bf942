import { z } from 'zod'
import { passagePreset } from '../../src/main/answer/presets.ts'
import { closeEnough } from '../../src/main/answer/refusal.ts'
import { settingsSchema } from '../../src/shared/settings.ts'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { type Half, halfOf } from './halves.ts'
import { findEvaluationSet, writeJudgedLibrary } from './judged-library.ts'
import { readCorpus, readJudgedSet, readQuestions } from './judged-set.ts'
import { openCarrel } from './open-carrel.ts'
import { rocArea } from './roc.ts'

interface Scored {
  readonly half: Half
  readonly closeness: number
}

type Questions = readonly { readonly id: string; readonly text: string }[]

const quickQuestions = 20
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
  } else rows.push(skipped('clapnq-a'))
  if (cmrc && lecoqa) {
    const answerable = await closenessIn('cmrc2018', cmrc, (await readJudgedSet(cmrc)).questions, context)
    const foreign = await closenessIn('cmrc2018', cmrc, (await readJudgedSet(lecoqa)).questions, context)
    rows.push(...rowsOf('cmrc2018', answerable, 'lecoqa questions', foreign, 0.9))
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
  const scored: Scored[] = []
  for (const { id, text } of asked) {
    const found = await carrel.search(text, { limit, signal })
    scored.push({ half: halfOf(id), closeness: Math.max(0, ...found.map(({ closeness }) => closeness)) })
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
    const values = closenessOf(scored, half)
    return values.filter((closeness) => closeness < closeEnough).length / values.length
  }
  const note = `second half; first half ${share('first').toFixed(3)}; ${scored.length} questions, threshold ${closeEnough}`
  return { group: 'refusal', what, value: share('second'), unit: '', reach: null, note }
}

function closenessOf(scored: readonly Scored[], half: Half): readonly number[] {
  return scored.filter((question) => question.half === half).map(({ closeness }) => closeness)
}

function skipped(name: string): BenchRow {
  const note = 'skipped: the evaluation data is absent'
  return { group: 'refusal', what: `refused on ${name}`, value: null, unit: '', reach: null, note }
}
