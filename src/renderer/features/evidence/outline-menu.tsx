import { List } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactElement } from 'react'
import { IconButton } from '../../components/button.tsx'
import { keepFocus } from '../../components/keep-focus.ts'
import { menuLine, menuSurface } from '../../components/menu.tsx'
import { useTranslate } from '../../i18n/translate.ts'

/** One line of a document's contents. `depth` from 0; `number`: of its page, where pages have numbers. */
export interface OutlineEntry {
  readonly title: string
  readonly depth: number
  readonly number: number | null
}

/** A document's contents; nothing where it has none. `onGoTo`: the entry's place in the list. */
export function OutlineMenu({
  entries,
  onGoTo,
}: {
  readonly entries: readonly OutlineEntry[]
  readonly onGoTo: (index: number) => void
}): ReactElement | null {
  const { t } = useTranslate()
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
              onSelect={() => onGoTo(index)}
            >
              <span className="min-w-0 flex-1 truncate" style={{ paddingInlineStart: entry.depth * 14 }}>
                {entry.title}
              </span>
              {entry.number !== null && (
                <span className="tabular ml-3 shrink-0 text-[12px] text-soft">{entry.number}</span>
              )}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
