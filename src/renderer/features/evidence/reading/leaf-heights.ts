import type { Leaf, MappedTable } from '../../../../shared/document-map.ts'
import { tableAt } from './leaf-parts.ts'

const lineHeight = 22
const rowHeight = 31
const blockGap = 10
/** Of the document's face, in CSS pixels; a guess that drawing corrects. */
const letterWidth = 7
/** Margins of the paper and of its text. */
const besideText = 128

/** How high a leaf will be, about, before it is drawn. @param paneWidth in CSS pixels */
export function guessHeight(leaf: Leaf, tables: readonly MappedTable[], paneWidth: number): number {
  const isTable = tableAt(tables, leaf.start) !== null && tableAt(tables, leaf.end - 1) !== null
  if (isTable) return leaf.blocks * rowHeight
  const letters = Math.max(20, (paneWidth - besideText) / letterWidth)
  const lines = (leaf.end - leaf.start) / letters + leaf.blocks / 2
  return Math.max(lineHeight, lines * lineHeight + leaf.blocks * blockGap)
}
