import type { Box } from '../../../shared/anchor.ts'
import type { Claim } from '../../../shared/citation-check.ts'
import type { Passage } from '../../../shared/passage.ts'
import type { AnswerView } from './answer-view.ts'

/** A passage as a card beside an answer: `number` null while nothing cites it and the final sources are not there. */
export interface SourceItem {
  readonly passage: Passage
  readonly number: number | null
  readonly isCited: boolean
  /** Where it stands on PDF pages, as the answer keeps it; absent while the answer is not finished. */
  readonly boxes?: readonly Box[]
  /** What the citation check found; empty while the answer is not finished. */
  readonly claims: readonly Claim[]
}

/**
 * The cards of an answer, in the order shown. While it streams: by rank, so that no card moves under the reader, numbers
 * appearing as they are cited. At the end: the final sources, cited first.
 */
export function sourceItems(view: Pick<AnswerView, 'sources' | 'passages' | 'citations'>): readonly SourceItem[] {
  if (view.sources !== null) {
    return view.sources.map((source) => ({
      passage: source,
      number: source.number,
      isCited: source.isCited,
      boxes: source.boxes,
      claims: source.claims,
    }))
  }
  const numbers = new Map([...view.citations].map(([number, id]) => [id, number]))
  return view.passages.map((passage) => {
    const number = numbers.get(passage.id) ?? null
    return { passage, number, isCited: number !== null, claims: [] }
  })
}

/** Where `[number]` points; undefined for a number that no source carries (it is then shown as plain text). */
export function findCited(items: readonly SourceItem[], number: number): number | undefined {
  const index = items.findIndex((item) => item.number === number)
  return index === -1 ? undefined : index
}
