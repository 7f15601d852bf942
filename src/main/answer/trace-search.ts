import type { SearchCandidate } from '../../shared/search-trace.ts'
import type { ChosenPassages } from './choose-passages.ts'
import type { FoundPassage } from './search-passages.ts'

/**
 * Says of each candidate that was looked at what became of it. Pure. `considered`: how many are looked at in any case; what was chosen
 * or stood for beyond them is looked at too. `isClose`: of the search as a whole.
 */
export function traceCandidates(
  found: readonly FoundPassage[],
  { groups, versions, crowded }: ChosenPassages,
  { considered, isClose }: { readonly considered: number; readonly isClose: boolean },
): readonly SearchCandidate[] {
  const best = new Set(groups.map((group) => group.best))
  const members = new Set(groups.flatMap((group) => group.members))
  const standIns = new Map(versions.map(({ found: candidate, shown }) => [candidate, shown]))
  const isVersionOfGiven = (candidate: FoundPassage): boolean => {
    const shown = standIns.get(candidate)
    return shown !== undefined && members.has(shown)
  }
  const fateOf = (candidate: FoundPassage): SearchCandidate['fate'] => {
    if (!isClose) return 'far'
    if (best.has(candidate)) return 'given'
    if (members.has(candidate)) return 'joined'
    if (isVersionOfGiven(candidate)) return 'version'
    return crowded.has(candidate) ? 'crowded' : 'surplus'
  }
  const last = found.findLastIndex((candidate) => members.has(candidate) || isVersionOfGiven(candidate))
  return found.slice(0, Math.max(considered, last + 1)).map((candidate) => {
    const { id, documentId, documentName, page, vectorRank, keywordRank, score } = candidate.passage
    const { similarity, coverage, closeness } = candidate
    return {
      passageId: id,
      documentId,
      documentName,
      page,
      vectorRank,
      keywordRank,
      similarity,
      coverage,
      score,
      closeness,
      fate: fateOf(candidate),
    }
  })
}
