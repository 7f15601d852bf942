import { type RefObject, useEffect } from 'react'
import { drawnRanges } from './drawn-text.ts'
import type { ReadingSearch } from './use-document-search.ts'

/** Names of the two kinds of found text in the style sheet. */
const foundName = 'pdf-found'
const currentName = 'pdf-found-current'

/** Marks what a search found among what is drawn. `drawn` names which leaves that is; it changes with them. */
export function useFoundMarks(
  containerRef: RefObject<HTMLElement | null>,
  { matches, currentMatch }: Pick<ReadingSearch, 'matches' | 'currentMatch'>,
  drawn: string,
  slices: unknown,
): void {
  useEffect(() => {
    const container = containerRef.current
    if (container === null || matches.length === 0) return undefined
    const found = new Highlight()
    const current = new Highlight()
    for (const { index, range } of drawnRanges(container, matches))
      (index === currentMatch - 1 ? current : found).add(range)
    CSS.highlights.set(foundName, found)
    CSS.highlights.set(currentName, current)
    return () => {
      CSS.highlights.delete(foundName)
      CSS.highlights.delete(currentName)
    }
  }, [containerRef, matches, currentMatch, drawn, slices])
}
