import { createForkTransport } from '../../src/cli/worker-process.ts'
import { type AnswerEvidence, createEvidenceReader, type OpenEvidence } from '../../src/main/answer/answer-evidence.ts'
import { checkClaim } from '../../src/main/evidence/check-claim.ts'
import { chooseCitation } from '../../src/main/evidence/choose-citation.ts'
import { splitSentences } from '../../src/main/evidence/split-sentences.ts'
import type { Embedder, EmbedderId } from '../../src/main/ports/embedding.ts'
import { systemClock } from '../../src/main/system-clock.ts'
import { createEmbedderPool } from '../../src/main/worker/embedder-pool.ts'
import type { ClaimFinding } from '../../src/shared/citation-check.ts'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { measureCheckDelay } from './check-delay.ts'
import {
  type CitationPair,
  negated,
  passageOf,
  readClapPairs,
  readLecoqaPairs,
  readScifactPairs,
  type SourceText,
  withChangedNumber,
} from './citation-pairs.ts'
import { type Half, halfOf } from './halves.ts'
import { findEvaluationSet } from './judged-library.ts'
import { loudLog } from './logs.ts'
import { modelsFolder, outFolder } from './open-carrel.ts'

const { signal } = new AbortController()
const passagesPerAnswer = 6

/**
 * The citation check and the engine's own citations on the evaluation data: thresholds are chosen on the first half of the
 * questions (or abstracts), figures are those of the second. `npm run bench:citations`.
 */
export async function measureCitations(context: BenchContext): Promise<readonly BenchRow[]> {
  await using embedder = createEmbedderPool({
    transport: createForkTransport({ outFolder }),
    modelsFolder,
    processCount: null,
    clock: systemClock,
    log: loudLog,
  })
  const open = createEvidenceReader({ embedder, log: loudLog })
  const rows: BenchRow[] = []
  const folders = await Promise.all(['scifact', 'clapnq-a', 'lecoqa'].map(findEvaluationSet))
  const [scifact, clap, lecoqa] = folders
  if (scifact == null || clap == null || lecoqa == null) {
    rows.push({ ...toRow('citations', null, null, ''), note: 'skipped: the evaluation data is absent' })
  } else {
    const cut = <Value>(values: readonly Value[]): readonly Value[] => (context.isQuick ? values.slice(0, 12) : values)
    const science = await readScifactPairs(scifact)
    const wikipedia = await readClapPairs(clap)
    const law = await readLecoqaPairs(lecoqa)
    context.say('  pairs ...')
    const evidence = [...science.evidence, ...wikipedia.gold]
    rows.push(...(await measurePairs('English evidence sentences', cut(evidence), open, true)))
    rows.push(...(await measurePairs('Chinese statute sentences', cut(law.articles), open, true)))
    rows.push(...(await measurePairs('English answers by people (clapnq-a)', cut(wikipedia.answers), open, false)))
    rows.push(
      ...(await measurePairs('a lawyer’s Chinese answers (lecoqa)', cut(law.answers.slice(0, 400)), open, false)),
    )
    rows.push(...(await measureVerdicts(cut(science.supported), cut(science.contradicted), open)))
    context.say('  engine citations ...')
    rows.push(await measureEngine(wikipedia, cut(wikipedia.questions), { embedder, open }))
    rows.push(await measureEngineChinese(law.documents, cut(law.articles.slice(0, 600)), { embedder, open }))
  }
  context.say('  delay ...')
  rows.push(await measureCheckDelay(open, context.isQuick ? 1 : 7))
  return rows
}

/** Supported, swapped, number-changed and negated sentences of one set, as many of each kind. */
async function measurePairs(
  name: string,
  pairs: readonly CitationPair[],
  open: OpenEvidence,
  isPromised: boolean,
): Promise<readonly BenchRow[]> {
  const found = new Map<string, { readonly half: Half; readonly finding: ClaimFinding }[]>()
  const add = async (kind: string, id: string, claim: string, source: SourceText): Promise<void> => {
    const list = found.get(kind) ?? []
    found.set(kind, [...list, { half: halfOf(id), finding: await findingOf(claim, source, open) }])
  }
  for (const { id, claim, source, other } of pairs) {
    const changed = withChangedNumber(claim)
    // Every kind from the same sentences, so that each has as many.
    if (changed === null) continue
    await add('supported', id, claim, source)
    await add('swapped', id, claim, other)
    await add('number', id, changed, source)
    const opposite = negated(claim)
    if (opposite !== null) await add('negated', id, opposite, source)
  }
  const shareOf = (kind: string, half: Half, ...findings: readonly ClaimFinding[]): number => {
    const list = (found.get(kind) ?? []).filter((one) => one.half === half)
    return list.filter(({ finding }) => findings.includes(finding)).length / list.length
  }
  const count = (kind: string): number => (found.get(kind) ?? []).filter(({ half }) => half === 'second').length
  const rowsOf = (kind: string, what: string, ...findings: readonly ClaimFinding[]): readonly BenchRow[] => {
    const score = (half: Half): { precision: number; recall: number } => {
      const recall = shareOf(kind, half, ...findings)
      return { recall, precision: recall / (recall + shareOf('supported', half, ...findings)) }
    }
    const [first, second] = [score('first'), score('second')]
    const note = `${count(kind)} pairs of each kind; first half ${first.precision.toFixed(3)} and ${first.recall.toFixed(3)}`
    return [
      toRow(`${what}, precision, ${name}`, second.precision, isPromised ? 0.9 : null, note),
      toRow(`${what}, recall, ${name}`, second.recall, isPromised ? 0.8 : null, ''),
    ]
  }
  return [
    ...rowsOf('swapped', 'swapped source found', 'little-overlap', 'differs'),
    ...rowsOf('number', 'changed number found', 'differs'),
    toRow(
      `supported sentences that are called different or little overlapping, ${name}`,
      shareOf('supported', 'second', 'differs', 'little-overlap'),
      null,
      `${count('supported')} pairs`,
    ),
    toRow(
      `negated sentences that the check remarks on, ${name}`,
      shareOf('negated', 'second', 'differs', 'little-overlap'),
      null,
      `${count('negated')} pairs; it compares numbers, names and words, and reads no negation`,
    ),
  ]
}

/** Claims that people judged, as they are. */
async function measureVerdicts(
  supported: readonly CitationPair[],
  contradicted: readonly CitationPair[],
  open: OpenEvidence,
): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = []
  for (const [verdict, pairs] of [
    ['SUPPORT', supported],
    ['CONTRADICT', contradicted],
  ] as const) {
    const second = pairs.filter(({ id }) => halfOf(id) === 'second')
    let remarked = 0
    for (const { claim, source } of second) {
      const finding = await findingOf(claim, source, open)
      if (finding === 'differs' || finding === 'little-overlap') remarked += 1
    }
    const note = `${second.length} claims beside their abstract; no verdict is tried`
    rows.push(
      toRow(`SciFact claims with verdict ${verdict} that the check remarks on`, remarked / second.length, null, note),
    )
  }
  return rows
}

/** Sentences of people's answers, without marks, beside the passages nearest to the question. */
async function measureEngine(
  { documents }: { readonly documents: readonly (SourceText & { readonly id: string })[] },
  questions: readonly { readonly id: string; readonly text: string; readonly gold: string; readonly answer: string }[],
  { embedder, open }: { readonly embedder: Embedder; readonly open: OpenEvidence },
): Promise<BenchRow> {
  const near = await nearestOf(documents, embedder, 'all-MiniLM-L6-v2')
  const decisions: Decision[] = []
  for (const { id, text, gold, answer } of questions) {
    const passages = await near(text, passagesPerAnswer)
    const evidence = open(passages.map(passageOf), { signal })
    for (const sentence of splitSentences(answer)) {
      const { claim, sources } = await evidence.compare(sentence.text)
      const chosen = chooseCitation(claim, sources)
      decisions.push({ half: halfOf(id), chosen: chosen === null ? null : passages[chosen]?.id === gold })
    }
  }
  return engineRow('clapnq-a answers', decisions)
}

/** Sentences of statutes, without marks, beside the articles nearest to them. */
async function measureEngineChinese(
  documents: readonly (SourceText & { readonly id: string })[],
  pairs: readonly CitationPair[],
  { embedder, open }: { readonly embedder: Embedder; readonly open: OpenEvidence },
): Promise<BenchRow> {
  const near = await nearestOf(documents, embedder, 'bge-small-zh-v1.5')
  const decisions: Decision[] = []
  for (const { id, claim: sentence } of pairs) {
    const passages = await near(sentence, passagesPerAnswer)
    const { claim, sources } = await open(passages.map(passageOf), { signal }).compare(sentence)
    const chosen = chooseCitation(claim, sources)
    decisions.push({
      half: halfOf(id),
      chosen: chosen === null ? null : passages[chosen]?.text.includes(sentence) === true,
    })
  }
  return engineRow('lecoqa statute sentences', decisions)
}

/** `chosen`: whether the right passage was; null: none. */
interface Decision {
  readonly half: Half
  readonly chosen: boolean | null
}

function engineRow(name: string, decisions: readonly Decision[]): BenchRow {
  const score = (half: Half): { precision: number; recall: number; count: number } => {
    const own = decisions.filter((one) => one.half === half)
    const right = own.filter(({ chosen }) => chosen === true).length
    const wrong = own.filter(({ chosen }) => chosen === false).length
    return { precision: right / (right + wrong), recall: right / own.length, count: own.length }
  }
  const [first, second] = [score('first'), score('second')]
  const note = `recall ${second.recall.toFixed(3)} of ${second.count} sentences beside ${passagesPerAnswer} passages; first half ${first.precision.toFixed(3)}, recall ${first.recall.toFixed(3)}`
  return toRow(`citations of the engine, precision, ${name}`, second.precision, 0.9, note)
}

async function nearestOf<Document extends SourceText>(
  documents: readonly Document[],
  embedder: Embedder,
  id: EmbedderId,
): Promise<(text: string, count: number) => Promise<readonly Document[]>> {
  const embed = (texts: readonly string[]): Promise<readonly Float32Array[]> =>
    embedder.embed(texts, { embedder: id, priority: 'interactive', signal })
  const vectors = await embed(documents.map(({ title, text }) => `${title}\n${text}`.slice(0, 1_500)))
  return async (text, count) => {
    const [vector] = await embed([text])
    const scored = documents.map((document, index) => ({ document, score: dot(vector, vectors[index]) }))
    return scored
      .toSorted((one, other) => other.score - one.score)
      .slice(0, count)
      .map(({ document }) => document)
  }
}

/** Sources that were read, so that each is embedded once. */
const known = new WeakMap<SourceText, AnswerEvidence>()

async function findingOf(claim: string, source: SourceText, open: OpenEvidence): Promise<ClaimFinding> {
  const evidence = known.get(source) ?? open([passageOf(source, 0)], { signal })
  known.set(source, evidence)
  const { claim: read, sources } = await evidence.compare(claim)
  const [check] = checkClaim(read, sources)
  if (check === undefined) throw new Error('A pair was not checked.')
  return check.finding
}

function dot(one: Float32Array | undefined, other: Float32Array | undefined): number {
  if (one === undefined || other === undefined) return 0
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0)
}

function toRow(what: string, value: number | null, reach: number | null, note: string): BenchRow {
  return {
    group: 'citations',
    what,
    value,
    unit: '',
    reach: reach === null ? null : { bound: 'at least', value: reach },
    note,
  }
}
