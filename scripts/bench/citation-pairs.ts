import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import type { EvidencePassage } from '../../src/main/answer/answer-evidence.ts'
import { readNumbers } from '../../src/main/evidence/numbers.ts'
import { splitSentences } from '../../src/main/evidence/split-sentences.ts'
import { chunkIdSchema } from '../../src/shared/ids.ts'
import { readCorpus, readQuestions } from './judged-set.ts'

/** A sentence, the document that it is taken from (or made from), and one that has nothing to do with it. */
export interface CitationPair {
  /** Names its half, see halves.ts. */
  readonly id: string
  readonly claim: string
  readonly source: SourceText
  readonly other: SourceText
}

export interface SourceText {
  readonly title: string
  readonly text: string
}

/** A chunk holds about so much; longer sources are read to here. UTF-16 units. */
const passageUnits = 6_000

export function passageOf({ title, text }: SourceText, index: number): EvidencePassage {
  const id = chunkIdSchema.parse(`${'a'.repeat(16)}-${index}`)
  return { id, start: 0, text: text.slice(0, passageUnits), documentName: '', title, headingPath: [] }
}

const clapSchema = z.object({
  answerable: z.boolean(),
  gold: z.string().optional(),
  answers: z.array(z.string()).default([]),
  gold_sentences: z.array(z.array(z.string())).default([]),
})
const evidenceSchema = z.object({
  claim_id: z.string(),
  doc_id: z.string(),
  label: z.enum(['SUPPORT', 'CONTRADICT']),
  evidence_sentence_sets: z.array(z.array(z.number())),
})
const sentencesSchema = z.object({ _id: z.string(), metadata: z.object({ sentences: z.array(z.string()) }) })
const lecoqaSchema = z.object({ gold: z.array(z.string()), answers: z.array(z.string()).default([]) })

export interface ScifactPairs {
  /** Evidence sentences beside their abstract. */
  readonly evidence: readonly CitationPair[]
  /** Claims that the abstract supports, and that it contradicts. */
  readonly supported: readonly CitationPair[]
  readonly contradicted: readonly CitationPair[]
}

export async function readScifactPairs(folder: string): Promise<ScifactPairs> {
  const documents = new Map((await readCorpus(folder)).map((document) => [document.id, document]))
  const sentences = new Map(
    gunzipSync(await readFile(join(folder, 'corpus.jsonl.gz')))
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => sentencesSchema.parse(JSON.parse(line)))
      .map(({ _id, metadata }) => [_id, metadata.sentences]),
  )
  const claims = new Map<string, string>()
  for (const name of ['queries.jsonl', 'queries.train.jsonl'])
    for (const { id, text } of await readLines(join(folder, name))) claims.set(id, text)
  const judged: z.infer<typeof evidenceSchema>[] = []
  for (const name of ['evidence.jsonl', 'evidence.train.jsonl']) {
    const text = await readFile(join(folder, name), 'utf8')
    for (const line of text.split('\n')) if (line !== '') judged.push(evidenceSchema.parse(JSON.parse(line)))
  }
  const pairOf = (index: number, claim: string | undefined): readonly CitationPair[] => {
    const row = judged[index]
    const source = documents.get(row?.doc_id ?? '')
    const other = documents.get(otherOf(judged, index, (one) => one.doc_id)?.doc_id ?? '')
    if (row === undefined || claim === undefined || source === undefined || other === undefined) return []
    return [{ id: row.doc_id, claim, source, other }]
  }
  const claimsOf = (label: string): readonly CitationPair[] =>
    judged.flatMap((row, index) => (row.label === label ? pairOf(index, claims.get(row.claim_id)) : []))
  const evidence = judged.flatMap((row, index) =>
    row.evidence_sentence_sets.flat().flatMap((place) => pairOf(index, sentences.get(row.doc_id)?.[place])),
  )
  return { evidence: unique(evidence), supported: claimsOf('SUPPORT'), contradicted: claimsOf('CONTRADICT') }
}

export interface ClapPairs {
  /** Gold sentences beside their passage. */
  readonly gold: readonly CitationPair[]
  /** Sentences of answers that people wrote from it. */
  readonly answers: readonly CitationPair[]
  readonly questions: readonly {
    readonly id: string
    readonly text: string
    readonly gold: string
    readonly answer: string
  }[]
  readonly documents: readonly (SourceText & { readonly id: string })[]
}

export async function readClapPairs(folder: string): Promise<ClapPairs> {
  const documents = await readCorpus(folder)
  const byId = new Map(documents.map((document) => [document.id, document]))
  const questions = (await readQuestions(folder))
    .map(({ id, text, metadata }) => ({ id, text, ...clapSchema.parse(metadata) }))
    .filter(({ answerable }) => answerable)
  const pairs = (sentencesOf: (question: (typeof questions)[number]) => readonly string[]): readonly CitationPair[] =>
    questions.flatMap((question, index) => {
      const source = byId.get(question.gold ?? '')
      const other = byId.get(otherOf(questions, index, ({ gold }) => gold)?.gold ?? '')
      if (source === undefined || other === undefined) return []
      return sentencesOf(question).map((claim) => ({ id: question.id, claim, source, other }))
    })
  return {
    gold: unique(pairs((question) => question.gold_sentences[0] ?? [])),
    answers: unique(pairs(({ answers }) => splitSentences(answers[0] ?? '').map(({ text }) => text))),
    questions: questions.map(({ id, text, gold = '', answers }) => ({ id, text, gold, answer: answers[0] ?? '' })),
    documents,
  }
}

export interface LecoqaPairs {
  /** Sentences of statutes beside the articles that answer a question. */
  readonly articles: readonly CitationPair[]
  /** Sentences of a lawyer's answers, which may say what no article says. */
  readonly answers: readonly CitationPair[]
  readonly documents: readonly (SourceText & { readonly id: string })[]
}

export async function readLecoqaPairs(folder: string): Promise<LecoqaPairs> {
  const documents = await readCorpus(folder)
  const byId = new Map(documents.map((document) => [document.id, document]))
  const questions = (await readQuestions(folder))
    .map(({ id, metadata }) => ({ id, ...lecoqaSchema.parse(metadata) }))
    .filter(({ gold }) => gold.every((article) => byId.has(article)))
  const textOf = (gold: readonly string[]): SourceText => ({
    title: '',
    text: gold.map((article) => `${byId.get(article)?.title ?? ''}\n${byId.get(article)?.text ?? ''}`).join('\n\n'),
  })
  const articles = questions.flatMap(({ id, gold }, index) => {
    const other = otherOf(questions, index, (one) => one.gold[0])
    const first = byId.get(gold[0] ?? '')
    if (first === undefined || other === undefined) return []
    return splitSentences(first.text).map(({ text }) => ({
      id,
      claim: text,
      source: textOf(gold),
      other: textOf(other.gold),
    }))
  })
  const answers = questions.flatMap(({ id, gold, answers: written }, index) => {
    const other = otherOf(questions, index, (one) => one.gold[0])
    const [first] = splitSentences((written[0] ?? '').replace(/^您好[，,]/, ''))
    if (first === undefined || other === undefined) return []
    return [{ id, claim: first.text, source: textOf(gold), other: textOf(other.gold) }]
  })
  return { articles: unique(articles), answers, documents }
}

const englishAuxiliary =
  /\b(is|are|was|were|has|have|had|can|could|may|might|will|would|should|must|does|did)\b(?! not)/
const chineseAuxiliary = /(应当|可以|能够|必须|需要|属于|具有|享有|有权)/

/** The opposite of a sentence; null where no rule makes one. */
export function negated(claim: string): string | null {
  if (/\p{Script=Han}/u.test(claim)) {
    return chineseAuxiliary.test(claim) ? claim.replace(chineseAuxiliary, '不$1') : null
  }
  return englishAuxiliary.test(claim) ? claim.replace(englishAuxiliary, '$1 not') : null
}

const hanDigits = '一二三四五六七八九'

/** The sentence with one of its numbers changed in one digit; null where it has none. The choice depends on the sentence alone. */
export function withChangedNumber(claim: string): string | null {
  const numbers = readNumbers(claim).filter(({ text }) => /[0-9０-９一二三四五六七八九]/.test(text))
  const seed = hashOf(claim)
  const number = numbers[seed % Math.max(1, numbers.length)]
  if (number === undefined) return null
  let isDone = false
  const changed = number.text.replace(/[0-9０-９一二三四五六七八九]/g, (digit) => {
    if (isDone) return digit
    isDone = true
    const han = hanDigits.indexOf(digit)
    if (han >= 0) return hanDigits[(han + 1 + (seed % 8)) % 9] ?? digit
    const value = Number(digit.normalize('NFKC'))
    return String(((value + (seed % 8)) % 9) + 1)
  })
  return `${claim.slice(0, number.start)}${changed}${claim.slice(number.end)}`
}

function hashOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt16BE(0)
}

/** A row some way on that is about something else. */
function otherOf<Row>(rows: readonly Row[], index: number, keyOf: (row: Row) => unknown): Row | undefined {
  const own = rows[index]
  for (let step = 37; step < 37 + rows.length; step += 1) {
    const row = rows[(index + step) % rows.length]
    if (row !== undefined && own !== undefined && keyOf(row) !== keyOf(own)) return row
  }
  return undefined
}

function unique(pairs: readonly CitationPair[]): readonly CitationPair[] {
  return [...new Map(pairs.map((pair) => [pair.claim, pair])).values()]
}

async function readLines(path: string): Promise<readonly { readonly id: string; readonly text: string }[]> {
  const row = z.object({ _id: z.string(), text: z.string() })
  return (await readFile(path, 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => row.parse(JSON.parse(line)))
    .map(({ _id, text }) => ({ id: _id, text }))
}
