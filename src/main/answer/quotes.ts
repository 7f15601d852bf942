import { queryTerms, keywordTerms } from '../../shared/keyword-terms.ts'
import type { ChunkId } from '../../shared/ids.ts'
import type { Passage } from '../../shared/passage.ts'
import type { Embedder, EmbedderId } from '../ports/embedding.ts'
import type { Log } from '../ports/log.ts'
import { saysNothing, shortLeaders } from './leaders.ts'
import { joinedSentences, leansBack, onlyRepeats } from './quote-context.ts'
import { splitSentences } from '../evidence/split-sentences.ts'

/** A piece of a quotation answer: the quoted words and where they stand in the document, or Carrel's own words, which carry no citation. */
export type QuotePiece =
  | {
      readonly text: string
      readonly passageId: ChunkId
      /** `[start, end)` in the document's canonical text. */
      readonly place: { readonly start: number; readonly end: number }
    }
  | { readonly text: string; readonly passageId: null }

/** Answers with the best sentences of the passages, each quoted whole. */
export interface QuoteWriter {
  (
    question: string,
    passages: readonly Passage[],
    /** `isOverview`: the passages are spread over a document that was asked for as a whole; each is quoted by how it begins. */
    options: { readonly signal: AbortSignal; readonly isOverview?: boolean },
  ): AsyncIterable<QuotePiece>
}

const quoteCount = 5
/** Sentences shorter than this are headings or remnants; longer ones are cut at the end, visibly. */
const shortestQuote = 12
const longestQuote = 600
/** A sentence this far below the best one is left out. */
const keptShare = 0.75

interface Candidate {
  readonly passage: Passage
  readonly text: string
  /** `[start, end)` in the document's canonical text. */
  readonly place: { readonly start: number; readonly end: number }
  readonly order: number
  /** The sentence before it in the passage. */
  readonly before: Candidate | null
}

/**
 * Scores each sentence by meaning (cosine to the question), by the share of the question's terms it holds, and by its
 * passage's own score, keeps the best, and quotes them grouped by passage, in the documents' own order within each. One that
 * leans on the sentence before it ("It ...", 前款 ...) is quoted with that one.
 */
export function createQuoteWriter(parts: {
  readonly embedder: Embedder
  readonly log: Log
  readonly routeQuestion: (question: string) => readonly EmbedderId[]
}): QuoteWriter {
  /** None where the embedder cannot be used: then words alone decide. The search before has said so. */
  const vectorsOf = async (
    question: string,
    sentences: readonly string[],
    embedder: EmbedderId,
    signal: AbortSignal,
  ): Promise<{
    readonly questionVector: Float32Array | undefined
    readonly sentenceVectors: readonly Float32Array[]
  }> => {
    const options = { embedder, priority: 'interactive', signal } as const
    try {
      const [[questionVector], sentenceVectors] = await Promise.all([
        parts.embedder.embed([question], { ...options, purpose: 'question' }),
        parts.embedder.embed(sentences, options),
      ])
      return { questionVector, sentenceVectors }
    } catch (error) {
      signal.throwIfAborted()
      parts.log.warn(`quotations: chosen by words only, ${embedder} failed`, error)
      return { questionVector: undefined, sentenceVectors: [] }
    }
  }

  return async function* writeQuotes(question, passages, { signal, isOverview = false }) {
    if (passages.length === 0) {
      yield { text: nothingFound(question), passageId: null }
      return
    }
    const terms = new Set(queryTerms(question).terms)
    const candidates = quotable(passages, question)
    if (isOverview) {
      for (const { text, passage, place } of beginnings(candidates)) yield quoted(text, passage, place)
      return
    }
    const [embedderId] = parts.routeQuestion(question)
    if (embedderId === undefined) throw new Error('a question was routed to no embedder')
    const { questionVector, sentenceVectors } = await vectorsOf(
      question,
      candidates.map(({ text }) => text),
      embedderId,
      signal,
    )
    const scored = candidates
      .map((candidate, index) => ({
        candidate,
        score:
          0.45 * cosine(questionVector, sentenceVectors[index]) +
          0.35 * heldShare(terms, candidate.text) +
          0.2 * candidate.passage.score,
      }))
      .toSorted((a, b) => b.score - a.score || a.candidate.order - b.candidate.order)
    const best = scored[0]?.score ?? 0
    const kept = scored.filter(({ score }) => score >= best * keptShare).slice(0, quoteCount)
    const firstOf = new Map<ChunkId, number>()
    kept.forEach(({ candidate }, index) => {
      if (!firstOf.has(candidate.passage.id)) firstOf.set(candidate.passage.id, index)
    })
    const inOrder = kept.toSorted(
      (a, b) =>
        (firstOf.get(a.candidate.passage.id) ?? 0) - (firstOf.get(b.candidate.passage.id) ?? 0) ||
        a.candidate.order - b.candidate.order,
    )
    const chosen = new Set(kept.map(({ candidate }) => candidate))
    for (const { candidate } of inOrder) {
      signal.throwIfAborted()
      const { text, passage, place } = withContext(candidate, chosen)
      yield quoted(text, passage, place)
    }
  }
}

function quoted(text: string, { id }: Passage, place: Candidate['place']): QuotePiece {
  return { text: `> ${escapeMarkdown(shortened(shortLeaders(text)))}`, passageId: id, place }
}

/** The first sentence of passages spread over all of them, in their order. */
function beginnings(candidates: readonly Candidate[]): readonly Candidate[] {
  const firsts = candidates.filter(({ passage }, index) => candidates[index - 1]?.passage !== passage)
  if (firsts.length <= quoteCount) return firsts
  return firsts.filter(
    (_, index) =>
      Math.ceil((index * quoteCount) / firsts.length) < Math.ceil(((index + 1) * quoteCount) / firsts.length),
  )
}

/** With the sentence before, where it is needed, is not quoted anyway, and both are not too long together. */
function withContext(
  candidate: Candidate,
  chosen: ReadonlySet<Candidate>,
): Pick<Candidate, 'text' | 'passage' | 'place'> {
  const { text, passage, place, before } = candidate
  if (before === null || chosen.has(before) || !leansBack(text)) return candidate
  const joined = joinedSentences(before.text, text)
  return joined.length > longestQuote
    ? candidate
    : { text: joined, passage, place: { start: before.place.start, end: place.end } }
}

function quotable(passages: readonly Passage[], question: string): readonly Candidate[] {
  const seen = new Set<string>()
  const candidates: Candidate[] = []
  for (const passage of passages) {
    const known = new Set(keywordTerms([question, passage.title ?? '', ...passage.headingPath].join('\n')))
    let before: Candidate | null = null
    for (const { text, start, end } of splitSentences(passage.text)) {
      const isHeading = passage.headingPath.includes(text)
      const width = [...text].reduce((sum, character) => sum + (character > '\u2e7f' ? 2 : 1), 0)
      if (width < shortestQuote || isHeading || saysNothing(text) || onlyRepeats(text, known)) continue
      if (seen.has(text)) continue
      seen.add(text)
      const place = { start: passage.start + start, end: passage.start + end }
      const candidate: Candidate = { passage, text, place, order: candidates.length, before }
      candidates.push(candidate)
      before = candidate
    }
  }
  if (candidates.length > 0) return candidates
  return passages.map((passage, order) => ({
    passage,
    text: passage.text.replaceAll(/\s+/g, ' ').trim(),
    place: { start: passage.start, end: passage.end },
    order,
    before: null,
  }))
}

function cosine(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (a === undefined || b === undefined) return 0
  let sum = 0
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0)
  return sum
}

function heldShare(terms: ReadonlySet<string>, text: string): number {
  if (terms.size === 0) return 0
  const held = new Set(keywordTerms(text))
  let count = 0
  for (const term of terms) if (held.has(term)) count += 1
  return count / terms.size
}

function shortened(text: string): string {
  return text.length <= longestQuote ? text : `${text.slice(0, longestQuote).trimEnd()} …`
}

/** Quoted words stay as they are, but cannot become markup, and a "[1]" of the document's own cannot become a citation. */
function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_<~|[\]]|!(?=\[)|&(?=#?\w)/g, String.raw`\$&`)
    .replaceAll(/\\\[(?=\s*\^?[0-9０-９])/g, '\\[\u2060')
    .replace(/^(?:[#>+-]|\d+(?=[.)]))/, (start) => (/\d/.test(start) ? `${start}\u2060` : `\\${start}`))
}

function nothingFound(question: string): string {
  return /\p{Script=Han}/u.test(question)
    ? '资料库中没有与这个问题相关的内容。请添加相关文档，或换一种问法。'
    : 'Nothing in the library matches this question. Add documents about it, or ask in other words.'
}
