import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createForkTransport } from '../../src/cli/worker-process.ts'
import { bestByWords, weighedPerHit } from '../../src/main/answer/best-by-words.ts'
import { groupNeighbours } from '../../src/main/answer/join-passages.ts'
import { passagePreset } from '../../src/main/answer/presets.ts'
import { createPassageSearch } from '../../src/main/answer/search-passages.ts'
import { routeQuestion } from '../../src/main/ingest/chunk/route-embedder.ts'
import type { Embedder } from '../../src/main/ports/embedding.ts'
import type { IndexHit } from '../../src/main/ports/indexes.ts'
import type { Storage } from '../../src/main/storage/open-storage.ts'
import { systemClock } from '../../src/main/system-clock.ts'
import { createEmbedderPool } from '../../src/main/worker/embedder-pool.ts'
import { settingsSchema } from '../../src/shared/settings.ts'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { openBenchStorage } from './filled-library.ts'
import { summariseHalves } from './halves.ts'
import { loudLog } from './logs.ts'
import { modelsFolder, outFolder } from './open-carrel.ts'
import { formatTable } from './report.ts'
import { prepareSet, type RetrievalSet, type Scenario, setNames } from './retrieval-sets.ts'

/** Passages asked for a question, collapsed to documents by best rank. */
const passagesPerQuestion = 100
/** As the fused search takes from each method. */
const candidateCount = 100

type Passages = readonly (readonly string[])[]
interface Method {
  readonly title: string
  readonly search: (question: string) => Promise<Passages>
}

/** Retrieval by the command line, and each method alone on the same library. */
export async function measureRetrieval(context: BenchContext): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = []
  for (const name of setNames) {
    const set = await prepareSet(name, context)
    if (set === null) {
      context.say(`  ${name}: skipped, ../shared/eval/${name} is absent`)
      rows.push(toRow(`${name}, fused`, null, null, 'skipped: the evaluation data is absent'))
      continue
    }
    context.say(`  ${name}: importing ${set.documentCount} documents (nothing to do when an earlier run did it) ...`)
    await runCommandLine(['--data', set.dataFolder, 'add', set.documentsFolder], () => undefined)
    for (const scenario of set.scenarios) {
      context.say(`  ${scenario.title}: ${scenario.questions.length} questions ...`)
      const measured = await measureScenario(set, scenario, context)
      context.say(formatTable(measured))
      rows.push(...measured)
    }
  }
  return rows
}

async function measureScenario(
  set: RetrievalSet,
  scenario: Scenario,
  { scratchFolder }: BenchContext,
): Promise<readonly BenchRow[]> {
  const { title, questions, score } = scenario
  const fused = await searchByCommandLine(set, scenario, scratchFolder)
  const note = `${questions.length} questions, ${set.documentCount} documents`
  const rowOf = (method: string, found: ReadonlyMap<string, Passages>, reach: number | null): BenchRow => {
    const scored = questions.map(({ id }) => ({ id, score: score(id, found.get(id) ?? []) }))
    const halves = summariseHalves(scored)
    return toRow(`${title}, ${method}`, halves.mean, reach, `${halves.note}; ${note}`)
  }

  await using storage = await openBenchStorage(set.dataFolder)
  await using embedder = createEmbedderPool({
    transport: createForkTransport({ outFolder }),
    modelsFolder,
    processCount: null,
    clock: systemClock,
    log: loudLog,
  })
  const rows: BenchRow[] = []
  for (const { title: method, search } of singleMethods(set, storage, embedder)) {
    const found = new Map<string, Passages>()
    for (const { id, text } of questions) found.set(id, await search(text))
    rows.push(rowOf(method, found, null))
  }
  const keywords = rows.at(-1)?.value ?? null
  return [rowOf('fused', fused, scenario.reach ?? keywords), ...rows]
}

async function searchByCommandLine(
  set: RetrievalSet,
  { questions }: Scenario,
  scratchFolder: string,
): Promise<ReadonlyMap<string, Passages>> {
  const questionsFile = join(scratchFolder, 'questions.jsonl')
  const lines = questions.map(({ id, text }) => JSON.stringify({ _id: id, text }))
  await writeFile(questionsFile, `${lines.join('\n')}\n`)
  const found = new Map<string, Passages>()
  const options = ['--json', 'search', '--queries', questionsFile, '-k', String(passagesPerQuestion)]
  await runCommandLine(['--data', set.dataFolder, ...options], (line) => {
    const { _id, passages } = JSON.parse(line) as { _id: string; passages: { paths: string[] }[] }
    found.set(
      String(_id),
      passages.map(({ paths }) => paths.flatMap(set.names)),
    )
  })
  if (found.size !== questions.length) throw new Error(`${found.size} of ${questions.length} questions were answered.`)
  return found
}

/** What the fused search is made of, as it asks for it, and what preset *reference* would show; keywords last. */
function singleMethods(set: RetrievalSet, storage: Storage, embedder: Embedder): readonly Method[] {
  const { signal } = new AbortController()
  const { documents, chunkIndex, keywordIndex } = storage
  const namesOf = (documentIds: readonly Parameters<typeof documents.summaries>[0][number][]): Passages => {
    const names = new Map(
      documents.summaries([...new Set(documentIds)]).map(({ id, paths }) => [id, paths.flatMap(set.names)]),
    )
    return documentIds.map((id) => names.get(id) ?? [])
  }
  const namesOfHits = (hits: readonly IndexHit[]): Passages =>
    namesOf(documents.chunksByKey(hits.map(({ chunkKey }) => chunkKey)).map(({ documentId }) => documentId))
  const search = createPassageSearch({ documents, chunkIndex, keywordIndex, embedder, log: loudLog, routeQuestion })
  const reference = passagePreset(settingsSchema.parse({ preset: 'reference' }))
  return [
    {
      title: 'preset reference (3 passages in all)',
      async search(question) {
        const found = await search(question, { limit: reference.passageCount * 2, signal })
        return namesOf(groupNeighbours(found, reference).map(({ best }) => best.passage.documentId))
      },
    },
    {
      title: 'vectors alone',
      async search(question) {
        const lists = await Promise.all(
          routeQuestion(question).map(async (embedderId) => {
            const [vector] = await embedder.embed([question], { embedder: embedderId, priority: 'interactive', signal })
            if (vector === undefined) throw new Error('A question has no vector.')
            return chunkIndex.search(embedderId, vector, { limit: candidateCount, signal })
          }),
        )
        return namesOfHits(lists.flat().sort((a, b) => b.score - a.score))
      },
    },
    {
      title: 'keywords alone',
      async search(question) {
        const hits = await keywordIndex.search(question, { limit: candidateCount * weighedPerHit, signal })
        const keys = hits.map(({ chunkKey }) => chunkKey)
        return namesOfHits(bestByWords(hits, await keywordIndex.coverage(question, keys, { signal }), candidateCount))
      },
    },
  ]
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

function toRow(what: string, value: number | null, reach: number | null, note: string): BenchRow {
  return {
    group: 'retrieval',
    what,
    value,
    unit: '',
    reach: reach === null ? null : { bound: 'at least', value: reach },
    note,
  }
}
