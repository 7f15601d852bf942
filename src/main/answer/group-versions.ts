import { draftStem } from './draft-names.ts'
import { digitsOf, plainWords, shingleOverlap, shinglesOf } from './near-duplicates.ts'
import type { FoundPassage } from './search-passages.ts'

/** Drafts of one document, by their names: what they share of a passage's words. */
const draftOverlap = 0.6
/** Other documents: so much, and the same figures, or a form filled in twice would count as one document. */
const otherOverlap = 0.9

/** One passage of what was found, and the same passage in other documents, newest first. */
export interface VersionGroup {
  /** Stands for all: of drafts the newest, of others the best ranked. */
  readonly shown: FoundPassage
  readonly others: readonly { readonly found: FoundPassage; readonly isDraft: boolean }[]
}

interface ReadPassage {
  readonly found: FoundPassage
  readonly words: string
  readonly digits: string
  readonly stem: string
  /** Made when it is first compared: most passages never are. */
  shingles(): ReadonlySet<string>
}

/**
 * Puts the same passage of several documents together, in the order of the best ranked of each. A document has one passage in a
 * group; within one document nothing is grouped. After `limit` groups what ranks below is in none, unless it is equal to one of them or a draft of it. Pure.
 */
export function groupVersions(ranked: readonly FoundPassage[], limit: number): readonly VersionGroup[] {
  const groups: ReadPassage[][] = []
  const byWords = new Map<string, ReadPassage[]>()
  for (const found of ranked) {
    const passage = readPassage(found)
    const equal = byWords.get(passage.words)
    const group =
      equal !== undefined && isNewDocument(equal, found)
        ? equal
        : groups.find((members) => isNewDocument(members, found) && isVersion(members, passage, groups.length < limit))
    if (group !== undefined) group.push(passage)
    else if (groups.length < limit) {
      const members = [passage]
      groups.push(members)
      if (equal === undefined) byWords.set(passage.words, members)
    }
  }
  return groups.map(toVersionGroup)
}

function readPassage(found: FoundPassage): ReadPassage {
  const { text, documentName } = found.passage
  let shingles: ReadonlySet<string> | null = null
  return {
    found,
    words: plainWords(text),
    digits: digitsOf(text),
    stem: draftStem(documentName),
    shingles: () => (shingles ??= shinglesOf(text)),
  }
}

function isNewDocument(members: readonly ReadPassage[], { passage }: FoundPassage): boolean {
  return members.every(({ found }) => found.passage.documentId !== passage.documentId)
}

/** Compared with the best ranked of the group, so that a chain of small changes never joins what has nothing in common. */
function isVersion([leader]: readonly ReadPassage[], passage: ReadPassage, isThorough: boolean): boolean {
  if (leader === undefined) return false
  if (isDraftOf(leader, passage)) return shingleOverlap(leader.shingles(), passage.shingles()) >= draftOverlap
  if (!isThorough || leader.digits !== passage.digits || !isAboutAsLong(leader.words, passage.words)) return false
  return shingleOverlap(leader.shingles(), passage.shingles()) >= otherOverlap
}

function isDraftOf(one: ReadPassage, other: ReadPassage): boolean {
  return one.stem !== '' && one.stem === other.stem
}

/** Before anything that takes time. */
function isAboutAsLong(one: string, other: string): boolean {
  return Math.min(one.length, other.length) >= otherOverlap * Math.max(one.length, other.length)
}

function toVersionGroup(members: readonly ReadPassage[]): VersionGroup {
  const newestFirst = members.toSorted((one, other) => modifiedAt(other) - modifiedAt(one))
  const [leader] = members
  if (leader === undefined) throw new Error('a group of versions is empty')
  const shown = newestFirst.find((member) => isDraftOf(leader, member)) ?? leader
  return {
    shown: shown.found,
    others: newestFirst
      .filter((member) => member !== shown)
      .map((member) => ({ found: member.found, isDraft: isDraftOf(shown, member) })),
  }
}

function modifiedAt({ found }: ReadPassage): number {
  return found.passage.modifiedAt ?? 0
}
