import { ChevronDown } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { keepFocus } from './keep-focus.ts'
import { menuSurface } from './menu.tsx'

/** A pill that shows what is chosen and opens upwards to choose something else. `children` are its lines. */
export function PillMenu({
  testId,
  label,
  shown,
  icon,
  pillClass,
  surfaceClass,
  onOpen,
  children,
}: {
  readonly testId: string
  readonly label: string
  readonly shown: string
  /** Before the words, in place of the arrow behind them. */
  readonly icon?: ReactNode
  readonly pillClass?: string
  readonly surfaceClass: string
  readonly onOpen?: () => void
  readonly children: ReactNode
}): ReactElement {
  return (
    <DropdownMenu.Root modal={false} onOpenChange={(isOpen) => isOpen && onOpen?.()}>
      <DropdownMenu.Trigger asChild>
        <button
          type="button"
          data-testid={testId}
          aria-label={`${label}: ${shown}`}
          className={classNames(
            'inline-flex h-7 min-w-0 items-center gap-1 rounded-full border border-edge px-3 text-[12.5px] text-soft transition-colors duration-120 hover:bg-hover hover:text-ink',
            pillClass,
          )}
        >
          {icon}
          <span className="truncate">{shown}</span>
          {icon === undefined && <ChevronDown size={13} aria-hidden className="shrink-0" />}
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          side="top"
          sideOffset={6}
          collisionPadding={8}
          onCloseAutoFocus={keepFocus}
          className={classNames(menuSurface, surfaceClass)}
        >
          <DropdownMenu.Label className="px-2.5 pt-1 pb-0.5 text-[12px] text-soft">{label}</DropdownMenu.Label>
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
