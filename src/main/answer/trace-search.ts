import type { SearchCandidate } from '../../shared/search-trace.ts'
import type { PassageGroup } from './join-passages.ts'
import type { FoundPassage } from './search-passages.ts'

/** Chunks looked at for each passage wanted: neighbours among them are joined. */
export const chunksPerPassage = 2

/** Says of each candidate what became of it. Pure. `isClose`: of the search as a whole. */
export function traceCandidates(
  found: readonly FoundPassage[],
  groups: readonly PassageGroup[],
  isClose: boolean,
): readonly SearchCandidate[] {
  const best = new Set(groups.map((group) => group.best))
  const members = new Set(groups.flatMap((group) => group.members))
  const fateOf = (candidate: FoundPassage): SearchCandidate['fate'] => {
    if (!isClose) return 'far'
    if (best.has(candidate)) return 'given'
    return members.has(candidate) ? 'joined' : 'surplus'
  }
  return found.map((candidate) => {
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
