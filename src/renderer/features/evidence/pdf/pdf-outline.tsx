import { List } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { type ReactElement, useEffect, useState } from 'react'
import { IconButton } from '../../../components/button.tsx'
import { keepFocus } from '../../../components/keep-focus.ts'
import { menuLine, menuSurface } from '../../../components/menu.tsx'
import { useTranslate } from '../../../i18n/translate.ts'
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
  const { t } = useTranslate()
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
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <IconButton label={t('pdf.outline')}>
          <List size={15} aria-hidden />
        </IconButton>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          onCloseAutoFocus={keepFocus}
          className={`${menuSurface} max-h-[min(60vh,var(--radix-dropdown-menu-content-available-height))] w-80 overflow-y-auto`}
        >
          {entries.map((entry, index) => (
            <DropdownMenu.Item
              // oxlint-disable-next-line react/no-array-index-key -- titles repeat
              key={index}
              className={menuLine}
              onSelect={() => onGoTo(entry.page)}
            >
              <span className="min-w-0 flex-1 truncate" style={{ paddingInlineStart: entry.depth * 14 }}>
                {entry.title}
              </span>
              <span className="tabular ml-3 shrink-0 text-[12px] text-soft">{entry.page}</span>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
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
