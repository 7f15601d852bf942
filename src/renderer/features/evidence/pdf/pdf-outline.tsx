import { type ReactElement, useEffect, useState } from 'react'
import { OutlineMenu } from '../outline-menu.tsx'
import type { PDFDocumentProxy } from './open-pdf.ts'

/** One line of the outline, flattened. `page` from 1. */
interface OutlineEntry {
  readonly title: string
  readonly depth: number
  readonly page: number
}

const maxEntries = 500
const maxDepth = 4

/** The document's own table of contents; nothing where it has none. */
export function PdfOutline({
  pdf,
  onGoTo,
}: {
  readonly pdf: PDFDocumentProxy
  readonly onGoTo: (page: number) => void
}): ReactElement | null {
  // The pane mounts this anew for another document, so there is never an old outline to clear.
  const [entries, setEntries] = useState<readonly OutlineEntry[]>([])
  useEffect(() => {
    let isGone = false
    readOutline(pdf).then(
      (found) => {
        if (!isGone) setEntries(found)
      },
      (error: unknown) => {
        if (!isGone) console.error(error)
      },
    )
    return () => {
      isGone = true
    }
  }, [pdf])
  if (entries.length === 0) return null
  return (
    <OutlineMenu
      entries={entries.map(({ title, depth, page }) => ({ title, depth, number: page }))}
      onGoTo={(index) => {
        const entry = entries[index]
        if (entry !== undefined) onGoTo(entry.page)
      }}
    />
  )
}

type OutlineNodes = NonNullable<Awaited<ReturnType<PDFDocumentProxy['getOutline']>>>

async function readOutline(pdf: PDFDocumentProxy): Promise<readonly OutlineEntry[]> {
  const entries: OutlineEntry[] = []
  const walk = async (nodes: OutlineNodes, depth: number): Promise<void> => {
    for (const node of nodes) {
      if (entries.length >= maxEntries) return
      const page = await pageOf(pdf, node.dest)
      const title = node.title.replaceAll(/\s+/g, ' ').trim()
      if (page !== null && title !== '') entries.push({ title, depth, page })
      if (depth < maxDepth) await walk(node.items as OutlineNodes, depth + 1)
    }
  }
  await walk((await pdf.getOutline()) ?? [], 0)
  return entries
}

/** Only places within the document: an outline may also hold addresses, which lead nowhere here. */
async function pageOf(pdf: PDFDocumentProxy, place: string | readonly unknown[] | null): Promise<number | null> {
  const destination = typeof place === 'string' ? await pdf.getDestination(place) : place
  const target: unknown = destination?.[0]
  if (typeof target === 'number') return target + 1 <= pdf.numPages ? target + 1 : null
  if (typeof target !== 'object' || target === null || !('num' in target) || !('gen' in target)) return null
  return (await pdf.getPageIndex({ num: Number(target.num), gen: Number(target.gen) })) + 1
}
