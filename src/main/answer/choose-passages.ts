import type { PassageVersion } from '../../shared/passage.ts'
import { numberDifferences } from '../evidence/number-differences.ts'
import { groupVersions } from './group-versions.ts'
import { groupNeighbours, type PassageGroup } from './join-passages.ts'
import type { PassagePreset } from './presets.ts'
import type { FoundPassage } from './search-passages.ts'

/** Chunks looked at for each passage wanted: neighbours among them are joined. */
const chunksPerPassage = 2
/** Found beyond them, for the places that versions and other documents leave. */
const foundAtLeast = 100
/** A passage of another document is about as close when its score is this share of the one that gives way. */
const aboutAsClose = 0.9

/** How many chunks an answer looks at, and how many it has found for that: versions of what is looked at take no place. */
export function chunksFor({ passageCount }: Pick<PassagePreset, 'passageCount'>): {
  readonly considered: number
  readonly found: number
} {
  const considered = passageCount * chunksPerPassage
  return { considered, found: Math.max(foundAtLeast, considered) }
}

/** Passages of one document in an answer, where other documents are about as close. */
function shareOfOne(passageCount: number): number {
  return Math.max(2, Math.ceil(passageCount / 2))
}

/** A passage that is not shown, and the one that stands for it. */
interface ShownVersion {
  readonly found: FoundPassage
  readonly isDraft: boolean
  readonly shown: FoundPassage
}

export interface ChosenPassages {
  /** By rank. */
  readonly groups: readonly PassageGroup[]
  /** What the same passage of another document stands for, newest first. */
  readonly versions: readonly ShownVersion[]
  /** Of documents that have their share. */
  readonly crowded: ReadonlySet<FoundPassage>
}

/**
 * Chooses an answer's passages out of all that was found, best first: the same passage of several documents counts once, neighbours are
 * joined, and no document takes more than its share while others are about as close. Where nothing is the same and no document
 * takes more than its share, these are the first `passageCount` groups of neighbours. Pure.
 */
export function choosePassages(
  found: readonly FoundPassage[],
  preset: PassagePreset & {
    /** From this closeness on a passage counts as close. */
    readonly threshold: number
    /** The question was also searched in this language (ISO 639-1): its best passage has a place, where it is close. */
    readonly alsoIn?: string | null
  },
): ChosenPassages {
  const { passageTokens, alsoIn = null } = preset
  const { considered } = chunksFor(preset)
  const versions = groupVersions(found, considered * 2)
  const shown = versions.map((group) => group.shown)
  const groups = [
    ...groupNeighbours(shown.slice(0, considered), { passageCount: considered, passageTokens }),
    ...shown.slice(considered).map((best): PassageGroup => ({ best, members: [best] })),
  ]
  const { chosen, crowded } = withoutCrowding(groups, preset)
  return {
    groups: withLanguage(chosen, groups, { ...preset, alsoIn }),
    versions: versions.flatMap(({ shown: standing, others }) => others.map((other) => ({ ...other, shown: standing }))),
    crowded: new Set(crowded.flatMap(({ members }) => members)),
  }
}

/** From the last on, what is beyond its document's share gives way to the best of other documents, if that is about as close. */
function withoutCrowding(
  groups: readonly PassageGroup[],
  { passageCount, threshold }: { readonly passageCount: number; readonly threshold: number },
): { readonly chosen: readonly PassageGroup[]; readonly crowded: readonly PassageGroup[] } {
  const share = shareOfOne(passageCount)
  const chosen = new Set(groups.slice(0, passageCount))
  const counts = new Map<string, number>()
  const add = ({ best }: PassageGroup, by: 1 | -1): void => {
    const { documentId } = best.passage
    counts.set(documentId, (counts.get(documentId) ?? 0) + by)
  }
  const countOf = ({ best }: PassageGroup): number => counts.get(best.passage.documentId) ?? 0
  for (const group of chosen) add(group, 1)
  const crowded: PassageGroup[] = []
  for (const group of groups.slice(0, passageCount).toReversed()) {
    if (countOf(group) <= share) continue
    const next = groups
      .slice(passageCount)
      .find((other) => !chosen.has(other) && countOf(other) < share && isAboutAsClose(other, group, threshold))
    if (next === undefined) continue
    chosen.delete(group)
    chosen.add(next)
    add(group, -1)
    add(next, 1)
    crowded.push(group)
  }
  return { chosen: groups.filter((group) => chosen.has(group)), crowded }
}

/**
 * Scores of two languages come from two embedders and two questions: which is higher says little. The last one chosen gives way to
 * the best of the other language, where none of it is there.
 */
function withLanguage(
  chosen: readonly PassageGroup[],
  groups: readonly PassageGroup[],
  { alsoIn, threshold }: { readonly alsoIn: string | null; readonly threshold: number },
): readonly PassageGroup[] {
  const isIn = ({ best }: PassageGroup): boolean => best.passage.language === alsoIn
  if (alsoIn === null || chosen.length < 2 || chosen.some(isIn)) return chosen
  const other = groups.find((group) => isIn(group) && group.best.closeness >= threshold)
  return other === undefined ? chosen : [...chosen.slice(0, -1), other]
}

function isAboutAsClose({ best }: PassageGroup, than: PassageGroup, threshold: number): boolean {
  return best.closeness >= threshold && best.passage.score >= aboutAsClose * than.best.passage.score
}

/** Where else a passage stands: a document once, with the numbers in which its text differs. Newest first. Pure. */
export function versionsOf(group: PassageGroup, versions: ChosenPassages['versions']): PassageVersion[] {
  const byDocument = new Map<string, PassageVersion>()
  for (const { found, isDraft, shown } of versions) {
    if (!group.members.includes(shown)) continue
    const { id, documentId, documentName, page, start, end, text, modifiedAt } = found.passage
    const differences = numberDifferences(shown.passage.text, text)
    const known = byDocument.get(documentId)
    byDocument.set(
      documentId,
      known === undefined
        ? {
            passageId: id,
            documentId,
            documentName,
            page,
            start,
            end,
            text,
            modifiedAt,
            isDraft,
            differences: [...differences],
          }
        : { ...known, differences: [...known.differences, ...differences] },
    )
  }
  return [...byDocument.values()].toSorted((one, other) => (other.modifiedAt ?? 0) - (one.modifiedAt ?? 0))
}
