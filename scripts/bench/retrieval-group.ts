import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createForkTransport } from '../../src/cli/worker-process.ts'
import { routeQuestion } from '../../src/main/ingest/chunk/route-embedder.ts'
import type { IndexHit } from '../../src/main/interfaces.ts'
import { systemClock } from '../../src/main/system-clock.ts'
import { createEmbedderPool } from '../../src/main/worker/embedder-pool.ts'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { openBenchStorage } from './filled-library.ts'
import { findEvaluationSet, writeJudgedLibrary } from './judged-library.ts'
import { type JudgedSet, readJudgedSet } from './judged-set.ts'
import { loudLog } from './logs.ts'
import { collapseToDocuments, ndcg } from './ndcg.ts'
import { modelsFolder, outFolder } from './open-carrel.ts'

const sets = [
  { name: 'scifact', reach: 0.71 },
  { name: 'lecoqa', reach: 0.52 },
]
const quickDocuments = 60
/** Passages asked for a question: enough for ten documents even where several passages are of one. */
const passagesPerQuestion = 50
/** As the fused search takes from each method. */
const candidateCount = 100

/** nDCG@10 through the command line: a file a document in, questions from a file, passages out. */
export async function measureRetrieval(context: BenchContext): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = []
  for (const { name, reach } of sets) {
    const source = await findEvaluationSet(name)
    if (source !== null) rows.push(...(await measureSet(name, reach, source, context)))
    else {
      context.say(`  ${name}: skipped, ../shared/eval/${name} is absent`)
      rows.push(toRow(name, 'fused', null, reach, 'skipped: the evaluation data is absent'))
    }
  }
  return rows
}

async function measureSet(
  name: string,
  reach: number,
  source: string,
  { isQuick, scratchFolder, cacheFolder, say }: BenchContext,
): Promise<readonly BenchRow[]> {
  const whole = await readJudgedSet(source)
  const set = isQuick ? cutSet(whole) : whole
  const folder = isQuick ? scratchFolder : cacheFolder
  const { documentsFolder, dataFolder, names } = await writeJudgedLibrary(name, set.documents, folder)
  const questionsFile = join(scratchFolder, `${name}-questions.jsonl`)
  const lines = set.questions.map(({ id, text }) => JSON.stringify({ _id: id, text }))
  await writeFile(questionsFile, `${lines.join('\n')}\n`)
  say(`  ${name}: importing ${set.documents.length} documents (nothing to do when an earlier run did it) ...`)
  await runCommandLine(['--data', dataFolder, 'add', documentsFolder], () => undefined)

  say(`  ${name}: ${set.questions.length} questions ...`)
  const scores: number[] = []
  const words = [
    '--data',
    dataFolder,
    '--json',
    'search',
    '--queries',
    questionsFile,
    '-k',
    String(passagesPerQuestion),
  ]
  await runCommandLine(words, (line) => {
    const { _id, passages } = JSON.parse(line) as { _id: string; passages: { paths: string[] }[] }
    scores.push(
      score(
        set,
        String(_id),
        passages.map(({ paths }) => paths.flatMap(names)),
      ),
    )
  })
  if (scores.length !== set.questions.length)
    throw new Error(`${scores.length} of ${set.questions.length} questions were answered.`)

  const single = await measureSingleMethods(set, dataFolder, names)
  const note = `${set.questions.length} questions, ${set.documents.length} documents`
  return [
    toRow(name, 'fused', mean(scores), reach, note),
    toRow(name, 'vectors alone', mean(single.vectors), null, note),
    toRow(name, 'keywords alone', mean(single.keywords), null, note),
  ]
}

/** The two methods by themselves, on the same library, as the fused search asks them. */
async function measureSingleMethods(
  set: JudgedSet,
  dataFolder: string,
  names: (path: string) => readonly string[],
): Promise<{ readonly vectors: readonly number[]; readonly keywords: readonly number[] }> {
  await using storage = await openBenchStorage(dataFolder)
  await using embedder = createEmbedderPool({
    transport: createForkTransport({ outFolder }),
    modelsFolder,
    processCount: null,
    clock: systemClock,
    log: loudLog,
  })
  const { signal } = new AbortController()
  const documentsOf = (hits: readonly IndexHit[]): readonly (readonly string[])[] => {
    const chunks = storage.documents.chunksByKey(hits.map(({ chunkKey }) => chunkKey))
    const summaries = new Map(
      storage.documents
        .summaries([...new Set(chunks.map(({ documentId }) => documentId))])
        .map(({ id, paths }) => [id, paths.flatMap(names)]),
    )
    return chunks.map(({ documentId }) => summaries.get(documentId) ?? [])
  }
  const vectors: number[] = []
  const keywords: number[] = []
  for (const { id, text } of set.questions) {
    const lists = await Promise.all(
      routeQuestion(text).map(async (embedderId) => {
        const [vector] = await embedder.embed([text], { embedder: embedderId, priority: 'interactive', signal })
        if (vector === undefined) throw new Error('A question has no vector.')
        return storage.chunkIndex.search(embedderId, vector, { limit: candidateCount, signal })
      }),
    )
    vectors.push(score(set, id, documentsOf(lists.flat().sort((a, b) => b.score - a.score))))
    const hits = await storage.keywordIndex.search(text, { limit: candidateCount, signal })
    keywords.push(score(set, id, documentsOf(hits)))
  }
  return { vectors, keywords }
}

function score(set: JudgedSet, question: string, passages: readonly (readonly string[])[]): number {
  return ndcg(collapseToDocuments(passages), set.judgements.get(question) ?? new Map())
}

/** The first documents and the questions about them alone: to try the bench, not to measure. */
function cutSet(set: JudgedSet): JudgedSet {
  const documents = set.documents.slice(0, quickDocuments)
  const ids = new Set(documents.map(({ id }) => id))
  const isAbout = (question: string): boolean =>
    [...(set.judgements.get(question)?.keys() ?? [])].some((id) => ids.has(id))
  return { ...set, documents, questions: set.questions.filter(({ id }) => isAbout(id)).slice(0, 20) }
}

/** The built command line; its lines as they come. @throws Error when it fails */
async function runCommandLine(words: readonly string[], onLine: (line: string) => void): Promise<void> {
  const child = spawn(process.execPath, [join(outFolder, 'cli.js'), ...words], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', OLLAMA_HOST: 'http://127.0.0.1:9' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let problem = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (problem = (problem + text).slice(-2_000)))
  const ended = once(child, 'close')
  for await (const line of createInterface({ input: child.stdout })) if (line !== '') onLine(line)
  const [code] = await ended
  if (code !== 0) throw new Error(`carrel ${words.join(' ')} ended with ${String(code)}: ${problem}`)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function toRow(name: string, method: string, value: number | null, reach: number | null, note: string): BenchRow {
  return {
    group: 'retrieval',
    what: `nDCG@10 on ${name}, ${method}`,
    value,
    unit: '',
    reach: reach === null ? null : { bound: 'at least', value: reach },
    note,
  }
}
