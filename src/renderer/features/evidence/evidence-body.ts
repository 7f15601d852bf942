import type { DocumentView } from '../../../shared/ipc.ts'
import type { Passage } from '../../../shared/passage.ts'
import { textInSlices, type TextRange } from './mark-range.ts'

/** What is marked in the stored text: `range`, or nothing because the text there is not the passage's any more. */
export type EvidenceBody =
  | { readonly type: 'marked'; readonly range: TextRange }
  | { readonly type: 'unmarked'; readonly reason: 'no-passage' | 'changed' }

/**
 * Decides whether the passage may be marked: only where the stored text at its offsets is exactly the
 * passage's text (whichever parser version stored it). Nothing is searched for; what cannot be found exactly is not marked.
 */
export function evidenceBody(passage: Passage | null, view: Pick<DocumentView, 'slices'>): EvidenceBody {
  if (passage === null) return { type: 'unmarked', reason: 'no-passage' }
  const range = { start: passage.start, end: passage.end }
  const isSame = textInSlices(view.slices, range) === passage.text
  return isSame ? { type: 'marked', range } : { type: 'unmarked', reason: 'changed' }
}
