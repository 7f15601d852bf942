import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

export interface JudgedSet {
  readonly documents: readonly { readonly id: string; readonly title: string; readonly text: string }[]
  /** Only those with a judgement. */
  readonly questions: readonly { readonly id: string; readonly text: string; readonly metadata: unknown }[]
  /** Relevance by question and document. */
  readonly judgements: ReadonlyMap<string, ReadonlyMap<string, number>>
}

/** A folder in the form of BEIR: corpus.jsonl.gz, queries.jsonl (or .gz), qrels.tsv with a heading. @throws Error when one is missing */
export async function readJudgedSet(folder: string): Promise<JudgedSet> {
  const judgements = readJudgements(await readFile(join(folder, 'qrels.tsv'), 'utf8'))
  const documents = await readCorpus(folder)
  const questions = (await readQuestions(folder)).filter(({ id }) => judgements.has(id))
  return { documents, questions, judgements }
}

/** corpus.jsonl of such a folder. */
export async function readCorpus(folder: string): Promise<JudgedSet['documents']> {
  return (await readRows(folder, 'corpus.jsonl')).map((row) => ({
    id: textOf(row['_id']),
    title: textOf(row['title']),
    text: textOf(row['text']),
  }))
}

/** queries.jsonl of such a folder, those without a judgement too; `metadata` as the set has it. */
export async function readQuestions(folder: string): Promise<JudgedSet['questions']> {
  return (await readRows(folder, 'queries.jsonl')).map((row) => ({
    id: textOf(row['_id']),
    text: textOf(row['text']),
    metadata: row['metadata'],
  }))
}

/** `query-id <tab> corpus-id <tab> score`, first line a heading. */
export function readJudgements(table: string): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const judgements = new Map<string, Map<string, number>>()
  for (const line of table.split('\n').slice(1)) {
    const [question, document, score] = line.trim().split('\t')
    if (question === undefined || document === undefined || score === undefined) continue
    const judged = judgements.get(question) ?? new Map<string, number>()
    judgements.set(question, judged.set(document, Number(score)))
  }
  return judgements
}

/** Rows of a file of JSON lines, packed or not. */
export async function readRows(folder: string, name: string): Promise<readonly Record<string, unknown>[]> {
  const text = await readFile(join(folder, name), 'utf8').catch(async () =>
    gunzipSync(await readFile(join(folder, `${name}.gz`))).toString('utf8'),
  )
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}
