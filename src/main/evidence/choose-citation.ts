import { matchClaim, missingNames, missingNumbers } from './match-claim.ts'
import type { CitedSource } from './check-claim.ts'
import type { ReadClaim } from './read-source.ts'
import { thresholds } from './thresholds.ts'

/** Shorter sentences say too little to tell one passage from another. */
const fewestTerms = 3

/**
 * The one source that clearly carries a sentence without a citation, by its place; null where none does or two come close. It
 * must be of the sentence's own language and hold every number and name of it. Pure.
 */
export function chooseCitation(claim: ReadClaim, sources: readonly CitedSource[]): number | null {
  if (claim.terms.size < fewestTerms || /[?？]\s*$/.test(claim.text)) return null
  const ranked = sources
    .map(({ source, meaning }, index) => ({
      index,
      source,
      hasMeaning: meaning !== null,
      support: source.writing === claim.writing ? matchClaim(claim, source, meaning).support : 0,
    }))
    .toSorted((one, other) => other.support - one.support || one.index - other.index)
  const [best, second] = ranked
  if (best === undefined) return null
  const least = best.hasMeaning ? thresholds.engine.meaning : thresholds.engine.words
  if (best.support < least || best.support - (second?.support ?? 0) < thresholds.engine.lead) return null
  if (missingNumbers(claim, [best.source]).length > 0 || missingNames(claim, [best.source]).length > 0) return null
  return best.index
}

/** Whether a sentence states what somebody would look up: a number or a name, in a statement. */
export function isFact(claim: ReadClaim): boolean {
  return (
    claim.terms.size >= fewestTerms && claim.numbers.length + claim.names.length > 0 && !/[?？]\s*$/.test(claim.text)
  )
}
