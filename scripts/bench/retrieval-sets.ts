import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import type { BenchContext } from './bench-row.ts'
import { findEvaluationSet, writeJudgedLibrary } from './judged-library.ts'
import { type JudgedSet, readJudgedSet, readJudgements, readQuestions } from './judged-set.ts'
import { collapseToDocuments, ndcg } from './ndcg.ts'
import { unpackFilings } from './sec-filings.ts'

/** Questions of one kind over one library, with their own figure and mark. */
export interface Scenario {
  readonly title: string
  readonly questions: readonly { readonly id: string; readonly text: string }[]
  /** 0..1, from the passages found, each by the names of its document in the set. */
  score(question: string, passages: readonly (readonly string[])[]): number
  /** Null: not below what keywords alone measure in the same run. */
  readonly reach: number | null
}

export interface RetrievalSet {
  readonly documentsFolder: string
  readonly dataFolder: string
  readonly documentCount: number
  names(path: string): readonly string[]
  readonly scenarios: readonly Scenario[]
}

export const setNames = ['scifact', 'lecoqa', 'mtrag-human', 'cmrc2018', 'clapnq-a', 'sec10q-a', 'scale'] as const
type SetName = (typeof setNames)[number]

const quickDocuments = 60
const quickQuestions = 20
/** Of the passages of the scale set that answer none of its questions, one in so many is kept; `CARREL_BENCH_WHOLE_SCALE=1`: all. */
const scaleShare = 12

/** Null where the evaluation data is absent. */
export async function prepareSet(name: SetName, context: BenchContext): Promise<RetrievalSet | null> {
  const source = await findEvaluationSet(name)
  if (source === null) return null
  if (name === 'sec10q-a') return prepareFilings(source, context)
  const whole = await readJudgedSet(source)
  const sized = name === 'scale' && process.env['CARREL_BENCH_WHOLE_SCALE'] !== '1' ? sampled(whole) : whole
  const set = context.isQuick ? cutSet(sized) : sized
  const library = await writeJudgedLibrary(
    name,
    set.documents,
    context.isQuick ? context.scratchFolder : context.cacheFolder,
  )
  return { ...library, documentCount: set.documents.length, scenarios: scenariosOf(name, set) }
}

function scenariosOf(name: Exclude<SetName, 'sec10q-a'>, set: JudgedSet): readonly Scenario[] {
  const byNdcg = (title: string, reach: number | null, questions: Scenario['questions'] = set.questions): Scenario => ({
    title: `nDCG@10 on ${title}`,
    questions,
    score: (question, passages) => ndcg(collapseToDocuments(passages), set.judgements.get(question) ?? new Map()),
    reach,
  })
  switch (name) {
    case 'scifact':
      return [byNdcg('scifact', 0.725)]
    case 'lecoqa':
      return [byNdcg('lecoqa', 0.53)]
    case 'cmrc2018':
      return [byNdcg('cmrc2018', 0.982)]
    case 'clapnq-a':
      return [byNdcg('clapnq-a', 0.944)]
    case 'mtrag-human': {
      const schema = z.object({ rewrite: z.string() })
      const rewritten = set.questions.map(({ id, metadata }) => ({ id, text: schema.parse(metadata).rewrite }))
      return [byNdcg('mtrag-human, last turn', 0.725), byNdcg('mtrag-human, given rewrite', 0.73, rewritten)]
    }
    case 'scale': {
      const schema = z.object({ lang: z.enum(['en', 'zh']) })
      const byHits = (language: 'en' | 'zh', title: string, reach: number): Scenario => ({
        title: `hit@10 on known items, ${title}`,
        questions: set.questions.filter(({ metadata }) => schema.parse(metadata).lang === language),
        score: (question, passages) => (hasHit(passages, set.judgements.get(question) ?? new Map()) ? 1 : 0),
        reach,
      })
      return [byHits('en', 'English', 0.75), byHits('zh', 'Chinese', 0.85)]
    }
  }
}

function hasHit(passages: readonly (readonly string[])[], judged: ReadonlyMap<string, number>): boolean {
  return collapseToDocuments(passages)
    .slice(0, 10)
    .some((id) => judged.has(id))
}

async function prepareFilings(source: string, { cacheFolder, isQuick }: BenchContext): Promise<RetrievalSet> {
  const folder = join(cacheFolder, 'sec10q-a')
  const judgements = readJudgements(await readFile(join(source, 'qrels.tsv'), 'utf8'))
  const questions = await readQuestions(source)
  const filesOf = (question: string): ReadonlySet<string> => new Set(judgements.get(question)?.keys())
  const asked = isQuick ? questions.slice(0, quickQuestions) : questions
  const documentsFolder = await unpackFilings(source, join(folder, 'filings'))
  return {
    documentsFolder,
    dataFolder: join(folder, 'library'),
    documentCount: 8,
    names: (path) => [basename(path)],
    scenarios: [
      {
        title: 'first passage of the right file on sec10q-a, questions on one file',
        questions: asked.filter(({ id }) => filesOf(id).size === 1),
        score: (question, passages) => (passages[0]?.some((name) => filesOf(question).has(name)) === true ? 1 : 0),
        reach: null,
      },
      {
        title: 'share of the files among 10 passages on sec10q-a, questions on several files',
        questions: asked.filter(({ id }) => filesOf(id).size > 1),
        score(question, passages) {
          const found = new Set(passages.slice(0, 10).flat())
          const files = [...filesOf(question)]
          return files.filter((name) => found.has(name)).length / files.length
        },
        reach: null,
      },
    ],
  }
}

/** Every passage that answers a question, and a share of the others. */
function sampled(set: JudgedSet): JudgedSet {
  const wanted = new Set([...set.judgements.values()].flatMap((judged) => [...judged.keys()]))
  return { ...set, documents: set.documents.filter(({ id }, index) => wanted.has(id) || index % scaleShare === 0) }
}

/** The first documents and the questions about them alone: to try the bench, not to measure. */
function cutSet(set: JudgedSet): JudgedSet {
  const documents = set.documents.slice(0, quickDocuments)
  const ids = new Set(documents.map(({ id }) => id))
  const isAbout = (question: string): boolean =>
    [...(set.judgements.get(question)?.keys() ?? [])].some((id) => ids.has(id))
  return { ...set, documents, questions: set.questions.filter(({ id }) => isAbout(id)).slice(0, quickQuestions) }
}
