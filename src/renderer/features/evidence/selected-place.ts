import { useEffect, useState } from 'react'
import type { SelectedPlace } from '../../../shared/passage-explanation.ts'

/** What the reader selected in the evidence pane: its words, and where they stand as far as the page knows. */
export interface SelectedWords {
  readonly words: string
  readonly place: SelectedPlace
}

/** More is no passage any more, and nobody asks about it. UTF-16 units. */
const longestWords = 20_000

/** Reads a selection within `pane`. Offsets where the stored text is shown; on pages the words and the page. Null: nothing is selected there. */
export function readSelectedWords(pane: HTMLElement, selection: Selection | null): SelectedWords | null {
  if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return null
  const range = selection.getRangeAt(0)
  const words = selection.toString().trim().slice(0, longestWords)
  if (words === '' || !pane.contains(range.commonAncestorContainer)) return null
  const start = offsetOf(range.startContainer, range.startOffset)
  const end = offsetOf(range.endContainer, range.endOffset)
  if (start !== null && end !== null && start < end) return { words, place: { start, end } }
  const page = elementOf(range.startContainer)?.closest<HTMLElement>('[data-page]')?.dataset['page']
  return { words, place: { text: words, page: page === undefined ? null : Number(page) } }
}

function elementOf(node: Node): Element | null {
  return node instanceof Element ? node : node.parentElement
}

/** Offset in the document's text; null where the node is not a piece of stored text. */
function offsetOf(node: Node, within: number): number | null {
  if (!(node instanceof Text)) return null
  const start = node.parentElement?.dataset['offset']
  return start === undefined ? null : Number(start) + within
}

/** What is selected in the right pane now; while `isHeld`, what was. */
export function useSelectedWords(isHeld: boolean): SelectedWords | null {
  const [selected, setSelected] = useState<SelectedWords | null>(null)
  useEffect(() => {
    if (isHeld) return undefined
    const look = (): void => {
      const pane = document.querySelector<HTMLElement>('[data-pane="right"]')
      if (pane !== null) setSelected(readSelectedWords(pane, document.getSelection()))
    }
    look()
    document.addEventListener('selectionchange', look)
    return () => document.removeEventListener('selectionchange', look)
  }, [isHeld])
  return selected
}
