import type { ClaimFinding, Difference } from '../../shared/citation-check.ts'
import type { Match, Meaning } from './match-claim.ts'
import { matchClaim, missingNames, missingNumbers } from './match-claim.ts'
import { holdsName, foldName, foldedWordsOf } from './names.ts'
import { isSameNumber, type StatedNumber } from './numbers.ts'
import type { ReadClaim, ReadSource } from './read-source.ts'
import { thresholds } from './thresholds.ts'

/** A source that a claim cites; `meaning` null: no vectors, words alone decide. */
export interface CitedSource {
  readonly source: ReadSource
  readonly meaning: Meaning | null
}

/** What was found of one claim beside one of its sources. `carriedBy`: places in the source's sentences. */
export interface ClaimCheck {
  readonly finding: Exclude<ClaimFinding, 'quoted'>
  readonly differences: readonly Difference[]
  readonly numbers: number
  readonly names: number
  readonly carriedBy: readonly number[]
}

/**
 * Compares a claim with each source that it cites, in their order. A number or name counts as there when any of them holds it:
 * a sentence that cites two rests on both. Pure.
 */
export function checkClaim(claim: ReadClaim, cited: readonly CitedSource[]): readonly ClaimCheck[] {
  const sources = cited.map(({ source }) => source)
  const numbers = missingNumbers(claim, sources)
  const comparable = sources.filter(({ writing }) => writing === claim.writing)
  const names = comparable.length === sources.length ? missingNames(claim, sources) : []
  return cited.map(({ source, meaning }) => {
    const isOther = source.writing !== claim.writing
    const match = matchClaim(claim, source, isOther ? null : meaning)
    const nameDiffers = names.length > 0 && coverageWithout(names, match, claim) >= thresholds.nameDiffers ? names : []
    const differences = [
      ...numbers.map((number) => numberDifference(number, claim, source, match)),
      ...nameDiffers.map((name): Difference => ({
        kind: 'name',
        claimed: name.text,
        found: otherName(claim, source, match),
      })),
    ]
    const isLittle = !isOther && hasLittleOverlap(claim, match, meaning !== null)
    const finding = isLittle
      ? 'little-overlap'
      : differences.length > 0
        ? 'differs'
        : isOther
          ? 'other-language'
          : 'matches'
    return {
      finding,
      differences,
      numbers: claim.numbers.length,
      names: isOther ? 0 : claim.names.length,
      carriedBy: isLittle ? [] : isOther ? withNumbersOf(claim, source) : match.carriedBy,
    }
  })
}

const mostCarrying = 3

/** Across languages only the numbers tell which sentences are meant. */
function withNumbersOf(claim: ReadClaim, source: ReadSource): readonly number[] {
  return source.sentences
    .flatMap(({ numbers }, place) =>
      numbers.some((number) => claim.numbers.some((stated) => isSameNumber(number, stated))) ? [place] : [],
    )
    .slice(0, mostCarrying)
}

/** A sentence of one or two words has too few to miss any. */
const fewestTerms = 2

function hasLittleOverlap(claim: ReadClaim, match: Match, hasMeaning: boolean): boolean {
  if (claim.terms.size < fewestTerms) return false
  return hasMeaning ? match.support < thresholds.littleOverlap.meaning : match.coverage < thresholds.littleOverlap.words
}

/** Share of the claim's other words, were the missing names not part of it. */
function coverageWithout(names: ReadClaim['names'], match: Match, claim: ReadClaim): number {
  const words = names.reduce((sum, { keys }) => sum + keys.length, 0)
  const others = Math.max(1, claim.terms.size - words)
  return Math.min(1, (match.coverage * claim.terms.size) / others)
}

/** "30 ≠ 60": of the sentences that carry the claim, the number in the same unit that the claim does not state, else the only one. */
function numberDifference(number: StatedNumber, claim: ReadClaim, source: ReadSource, match: Match): Difference {
  const unclaimed = match.carriedBy
    .flatMap((index) => source.sentences[index]?.numbers ?? [])
    .filter((other) => !claim.numbers.some((stated) => isSameNumber(stated, other)))
  const alike = unclaimed.filter(({ unit }) => unit?.dimension === number.unit?.dimension)
  const found = alike.length > 0 ? alike[0] : unclaimed.length === 1 ? unclaimed[0] : undefined
  return { kind: 'number', claimed: number.text, found: found?.text ?? null }
}

/** The only name in the sentences that carry the claim which the claim does not hold. */
function otherName(claim: ReadClaim, source: ReadSource, match: Match): string | null {
  const text = match.carriedBy.map((index) => source.sentences[index]?.text ?? '').join('\n')
  const folded = foldName(claim.text)
  const words = foldedWordsOf(claim.text)
  const inCarrying = source.names.filter(({ text: name }) => text.includes(name))
  const others = new Map(inCarrying.filter((name) => !holdsName(name, folded, words)).map((name) => [name.text, name]))
  const [only] = others.size === 1 ? [...others.keys()] : []
  return only ?? null
}
