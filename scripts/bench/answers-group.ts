import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import type { Carrel } from '../../src/main/compose.ts'
import type { AnswerResult } from '../../src/shared/answer-stream.ts'
import { askRequestSchema } from '../../src/shared/ipc.ts'
import { bestCitationScore, numbersFound, numbersOf, quotedSentences, sentencesOf } from './answer-scores.ts'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { findEvaluationSet, writeJudgedLibrary } from './judged-library.ts'
import { readCorpus, readQuestions } from './judged-set.ts'
import { openCarrel } from './open-carrel.ts'
import { unpackFilings } from './sec-filings.ts'

const clapSchema = z.object({
  answerable: z.boolean(),
  gold_sentences: z.array(z.array(z.string())).default([]),
})
const filingSchema = z.object({ answers: z.array(z.string()), source_docs: z.array(z.string()) })

/** null: quotations, no model. */
type Writer = { readonly url: string; readonly model: string } | null

/**
 * Whole answers of the product, judged by what they cite: sentences on clapnq-a, numbers on sec10q-a. `npm run bench:answers`.
 * Every question is a conversation of its own.
 */
export async function measureAnswers(context: BenchContext): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = []
  const writers: readonly Writer[] = [null, ...(context.benchModel === null ? [] : [context.benchModel])]
  for (const writer of writers) {
    rows.push(...(await measureSentences(context, writer)), ...(await measureNumbers(context, writer)))
  }
  if (context.benchModel === null) {
    const note = 'not run: CARREL_BENCH_MODEL is not set'
    rows.push(toRow('citation F1 on clapnq-a, CARREL_BENCH_MODEL', null, note))
    rows.push(toRow('numbers on sec10q-a, CARREL_BENCH_MODEL', null, note))
  }
  return rows
}

async function measureSentences(context: BenchContext, writer: Writer): Promise<readonly BenchRow[]> {
  const { isQuick, scratchFolder, cacheFolder, say } = context
  const by = nameOf(writer)
  const source = await findEvaluationSet('clapnq-a')
  if (source === null) return [toRow(`citation F1 on clapnq-a, ${by}`, null, 'skipped: the evaluation data is absent')]
  const library = await writeJudgedLibrary('clapnq-a', await readCorpus(source), isQuick ? scratchFolder : cacheFolder)
  await using carrel = await openCarrel(library.dataFolder, writer?.url)
  await importAll(carrel, library.documentsFolder)
  const questions = (await readQuestions(source)).map(({ text, metadata }) => ({ text, ...clapSchema.parse(metadata) }))
  const most = isQuick ? 3 : undefined
  const answerable = questions.filter((question) => question.answerable).slice(0, most)
  const unanswerable = questions.filter((question) => !question.answerable).slice(0, most)
  say(`  clapnq-a, ${by}: ${answerable.length + unanswerable.length} questions ...`)

  const passages: ReturnType<typeof bestCitationScore>[] = []
  const quotes: ReturnType<typeof bestCitationScore>[] = []
  for (const { text, gold_sentences: golds } of answerable) {
    const { answer, sources } = await ask(carrel, text, writer)
    const cited = sources.filter(({ isCited }) => isCited).map((passage) => passage.text)
    passages.push(bestCitationScore(sentencesOf(cited), golds))
    if (writer === null) quotes.push(bestCitationScore(quotedSentences(answer), golds))
  }
  let uncited = 0
  for (const { text } of unanswerable) {
    const { sources } = await ask(carrel, text, writer)
    if (!sources.some(({ isCited }) => isCited)) uncited += 1
  }
  const f1Row = (what: string, scores: readonly ReturnType<typeof bestCitationScore>[]): BenchRow => {
    const note = `${scores.length} questions; precision ${mean(scores.map(({ precision }) => precision)).toFixed(3)}, recall ${mean(scores.map(({ recall }) => recall)).toFixed(3)}`
    return toRow(`citation F1 on clapnq-a, ${what}, ${by}`, mean(scores.map(({ f1 }) => f1)), note)
  }
  return [
    f1Row('all sentences of cited passages', passages),
    ...(writer === null ? [f1Row('quoted sentences', quotes)] : []),
    toRow(
      `unanswerable questions of clapnq-a that cite nothing, ${by}`,
      uncited / unanswerable.length,
      `${unanswerable.length} questions`,
    ),
  ]
}

async function measureNumbers(context: BenchContext, writer: Writer): Promise<readonly BenchRow[]> {
  const { isQuick, cacheFolder, say } = context
  const by = nameOf(writer)
  const source = await findEvaluationSet('sec10q-a')
  if (source === null) return [toRow(`numbers on sec10q-a, ${by}`, null, 'skipped: the evaluation data is absent')]
  const folder = join(cacheFolder, 'sec10q-a')
  const filings = await unpackFilings(source, join(folder, 'filings'))
  await using carrel = await openCarrel(join(folder, 'library'), writer?.url)
  say(`  sec10q-a: importing the filings (nothing to do when an earlier run did it) ...`)
  await importAll(carrel, filings)
  const questions = (await readQuestions(source))
    .map(({ text, metadata }) => ({ text, ...filingSchema.parse(metadata) }))
    .slice(0, isQuick ? 3 : undefined)
  say(`  sec10q-a, ${by}: ${questions.length} questions ...`)
  const inAnswer: number[] = []
  const inPassages: number[] = []
  const rightFiles: number[] = []
  for (const { text, answers, source_docs: files } of questions) {
    const { answer, sources } = await ask(carrel, text, writer)
    const cited = sources.filter(({ isCited }) => isCited)
    // Names of files hold numbers too.
    const wanted = numbersOf((answers[0] ?? '').replaceAll(/\(SOURCE:[^)]*\)/gi, ''))
    const found = numbersFound(wanted, answer)
    if (found !== null) inAnswer.push(found)
    const foundInPassages = numbersFound(wanted, cited.map((passage) => passage.text).join('\n'))
    if (foundInPassages !== null) inPassages.push(foundInPassages)
    if (cited.length > 0) {
      rightFiles.push(cited.filter(({ documentName }) => files.includes(documentName)).length / cited.length)
    }
  }
  const note = (values: readonly number[]): string => `mean of ${values.length} questions`
  return [
    toRow(`numbers of the reference found in the cited passages, sec10q-a, ${by}`, mean(inPassages), note(inPassages)),
    toRow(`numbers of the reference found in the answer, sec10q-a, ${by}`, mean(inAnswer), note(inAnswer)),
    toRow(`cited passages from the right filing, sec10q-a, ${by}`, mean(rightFiles), note(rightFiles)),
  ]
}

async function ask(carrel: Carrel, question: string, writer: Writer): Promise<AnswerResult> {
  const request = askRequestSchema.parse({
    conversationId: randomUUID(),
    question,
    mode: writer === null ? 'quotes' : 'auto',
    model: writer?.model ?? null,
  })
  const { signal } = new AbortController()
  for await (const event of carrel.streamAnswer(request, { signal, frontEnd: 'bench' })) {
    if (event.type === 'failure') throw new Error(`An answer failed: ${event.error.message}`)
    if (event.type === 'stop') return event.result
  }
  throw new Error('An answer had no end.')
}

async function importAll(carrel: Carrel, folder: string): Promise<void> {
  const { signal } = new AbortController()
  await carrel.importer.add([folder], { signal })
  await carrel.importer.idle({ signal })
}

function nameOf(writer: Writer): string {
  return writer === null ? 'quotations' : writer.model
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function toRow(what: string, value: number | null, note: string): BenchRow {
  return { group: 'answers', what, value, unit: '', reach: null, note }
}
