import type { EmbedderId } from '../ports/embedding.ts'
import { coverage } from './claim-terms.ts'
import { holdsName } from './names.ts'
import { isSameNumber } from './numbers.ts'
import type { ReadClaim, ReadSource, SourceSentence } from './read-source.ts'

/** Vectors of one embedder: of the claim, and of the source's sentences in order. */
export interface Meaning {
  readonly embedder: EmbedderId
  readonly claim: Float32Array
  readonly sentences: readonly Float32Array[]
}

/** How well a source carries a claim. */
export interface Match {
  /** 0..1: half meaning (the nearest sentence), half words (those of the claim that the source holds); words alone without vectors. */
  readonly support: number
  /** Share of the claim's words in the source. */
  readonly coverage: number
  /** The sentences that carry it, by their place in the source's own order; at least one where there is any. */
  readonly carriedBy: readonly number[]
}

/** Cosine of two sentences of the same language that have nothing to do with each other, about the 80th percentile. */
const unrelatedCosine: Readonly<Record<EmbedderId, number>> = {
  'all-MiniLM-L6-v2': 0.2,
  'bge-small-zh-v1.5': 0.55,
}
const mostCarrying = 3
/** A further sentence carries too where it is nearly as close, or holds this share of the words that are still missing. */
const nearlyAsClose = 0.85
const addedShare = 0.2

export function matchClaim(claim: ReadClaim, source: ReadSource, meaning: Meaning | null): Match {
  const closeness = source.sentences.map((sentence, index) => {
    const words = statedShare(claim, sentence)
    const near = meaning === null ? null : nearness(meaning, index)
    return near === null ? words : (near + words) / 2
  })
  const nearest =
    meaning === null ? null : source.sentences.reduce((most, _, index) => Math.max(most, nearness(meaning, index)), 0)
  const covered = coverage(claim.terms, source.terms)
  return {
    support: nearest === null ? covered : (nearest + covered) / 2,
    coverage: covered,
    carriedBy: carrying(claim, source, closeness),
  }
}

/** Numbers of the claim that no given source states. */
export function missingNumbers(claim: ReadClaim, sources: readonly ReadSource[]): ReadClaim['numbers'] {
  return claim.numbers.filter(
    (number) => !sources.some(({ numbers }) => numbers.some((other) => isSameNumber(number, other))),
  )
}

/** Names of the claim that no given source holds. */
export function missingNames(claim: ReadClaim, sources: readonly ReadSource[]): ReadClaim['names'] {
  return claim.names.filter(
    (name) => !sources.some(({ foldedText, foldedWords }) => holdsName(name, foldedText, foldedWords)),
  )
}

/** Share of a claim's words and numbers that one sentence states. */
function statedShare(claim: ReadClaim, sentence: SourceSentence): number {
  const all = claim.terms.size + claim.numbers.length
  if (all === 0) return 0
  const stated = claim.numbers.filter((number) => sentence.numbers.some((other) => isSameNumber(number, other))).length
  return (coverage(claim.terms, sentence.terms) * claim.terms.size + stated) / all
}

function nearness({ embedder, claim, sentences }: Meaning, index: number): number {
  const sentence = sentences[index]
  if (sentence === undefined) return 0
  let cosine = 0
  for (let at = 0; at < claim.length; at += 1) cosine += (claim[at] ?? 0) * (sentence[at] ?? 0)
  const base = unrelatedCosine[embedder]
  return Math.min(1, Math.max(0, (cosine - base) / (1 - base)))
}

/** The closest sentence, and those that add to it. */
function carrying(claim: ReadClaim, source: ReadSource, closeness: readonly number[]): readonly number[] {
  const ranked = closeness
    .map((value, index) => ({ value, index }))
    .toSorted((one, other) => other.value - one.value || one.index - other.index)
  const [best] = ranked
  if (best === undefined) return []
  const missing = new Set(claim.terms)
  const take = (index: number): number => {
    for (const term of source.sentences[index]?.terms ?? []) missing.delete(term)
    return index
  }
  const chosen = [take(best.index)]
  for (const { value, index } of ranked.slice(1, 12)) {
    if (chosen.length >= mostCarrying) break
    if (value < best.value / 3) break
    const adds = [...missing].filter((term) => source.sentences[index]?.terms.has(term)).length
    const isAdding = claim.terms.size > 0 && adds / claim.terms.size >= addedShare
    if (isAdding || (value >= best.value * nearlyAsClose && best.value < 0.8)) chosen.push(take(index))
  }
  return chosen.toSorted((one, other) => one - other)
}
