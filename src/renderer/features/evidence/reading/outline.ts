import type { MappedHeading } from '../../../../shared/document-map.ts'
import type { OutlineEntry } from '../outline-menu.tsx'
import { lastAtOrBefore } from './leaf-parts.ts'

/** A menu of more lines is no help. */
const mostEntries = 500

export interface ReadingOutlineEntry extends OutlineEntry {
  readonly start: number
}

/** The contents of a document from its headings: as many levels as make a list that can be looked through. */
export function outlineOf(headings: readonly MappedHeading[]): readonly ReadingOutlineEntry[] {
  const levels = [...new Set(headings.map(({ level }) => level))].toSorted((one, other) => one - other)
  const top = levels[0] ?? 1
  const deepest = levels.findLast(
    (level) => level === top || headings.filter((heading) => heading.level <= level).length <= mostEntries,
  )
  return headings
    .filter(({ level, title }) => level <= (deepest ?? top) && title !== '')
    .slice(0, mostEntries)
    .map(({ start, level, title }) => ({ start, title, depth: level - top, number: null }))
}

/** The heading that `offset` stands under, or null. */
export function headingAt(headings: readonly MappedHeading[], offset: number): MappedHeading | null {
  return headings[lastAtOrBefore(headings, offset)] ?? null
}
