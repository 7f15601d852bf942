import type { Passage } from '../../shared/passage.ts'
import type { FoundPassage } from './search-passages.ts'

/** Consecutive chunks of one document, by ordinal, that become one passage. */
export interface PassageGroup {
  /** The best ranked one: gives the passage its id, rank and score. */
  readonly best: FoundPassage
  readonly members: readonly FoundPassage[]
}

/**
 * Groups neighbouring chunks of one section, best rank first, so that a reader gets one passage where retrieval found two
 * halves. Sections stay apart: a citation should open the clause it means, not the page around it.
 * A group never exceeds `passageTokens`; a single chunk is never cut. At most `passageCount` groups come back, by rank.
 */
export function groupNeighbours(
  ranked: readonly FoundPassage[],
  { passageCount, passageTokens }: { readonly passageCount: number; readonly passageTokens: number },
): readonly PassageGroup[] {
  const groups: { best: FoundPassage; members: FoundPassage[]; tokens: number }[] = []
  for (const candidate of ranked) {
    const neighbour = groups.find(
      (group) =>
        isSameSection(group.best.passage, candidate.passage) &&
        group.tokens + candidate.tokenCount <= passageTokens &&
        group.members.some((member) => isNext(member, candidate) || isNext(candidate, member)),
    )
    if (neighbour !== undefined) {
      neighbour.members.push(candidate)
      neighbour.tokens += candidate.tokenCount
    } else if (groups.length < passageCount) {
      groups.push({ best: candidate, members: [candidate], tokens: candidate.tokenCount })
    }
  }
  return groups.map(({ best, members }) => ({ best, members: members.toSorted((a, b) => a.ordinal - b.ordinal) }))
}

/** Scanned pages stand behind the others in the text: what follows there need not follow on paper. */
function isNext(before: FoundPassage, after: FoundPassage): boolean {
  if (after.ordinal - before.ordinal !== 1) return false
  const { lastPage } = before.passage
  const { page } = after.passage
  return lastPage === null || page === null || (page >= lastPage && page - lastPage <= 1)
}

function isSameSection(a: Passage, b: Passage): boolean {
  return (
    a.documentId === b.documentId &&
    a.headingPath.length === b.headingPath.length &&
    a.headingPath.every((heading, index) => heading === b.headingPath[index])
  )
}

/**
 * One passage out of a group. `text` must be the canonical text from the first member's start to the last member's end.
 */
export function joinGroup(group: PassageGroup, rank: number, text: string): Passage {
  const first = group.members[0]?.passage ?? group.best.passage
  const last = group.members.at(-1)?.passage ?? group.best.passage
  return {
    ...group.best.passage,
    headingPath: first.headingPath,
    start: first.start,
    end: last.end,
    page: first.page,
    lastPage: last.lastPage,
    text,
    rank,
  }
}
