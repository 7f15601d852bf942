import { DropdownMenu } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { keepFocus } from './keep-focus.ts'

/** The floating surface of every menu. */
export const menuSurface = 'fade z-50 min-w-44 rounded-lg border border-line bg-raised p-1 text-ink shadow-float'

/** One line of a menu. */
export const menuLine =
  'flex min-h-8 cursor-pointer items-center gap-2 rounded-md px-2.5 py-1 text-[13px] outline-none select-none data-[disabled]:cursor-default data-[disabled]:text-soft data-[highlighted]:bg-wash data-[highlighted]:text-ink'

/** A menu that opens from `trigger` (one element). */
export function Menu({
  trigger,
  align = 'end',
  children,
}: {
  readonly trigger: ReactElement
  readonly align?: 'start' | 'end'
  readonly children: ReactNode
}): ReactElement {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className={menuSurface}
          onCloseAutoFocus={keepFocus}
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

/** A command in a {@link Menu}. */
export function MenuItem({
  icon,
  isDangerous = false,
  onSelect,
  children,
}: {
  readonly icon?: ReactNode
  readonly isDangerous?: boolean
  readonly onSelect: () => void
  readonly children: ReactNode
}): ReactElement {
  return (
    <DropdownMenu.Item
      onSelect={onSelect}
      className={classNames(menuLine, isDangerous && 'text-error data-[highlighted]:text-error')}
    >
      <span aria-hidden className="flex w-4 justify-center text-soft">
        {icon}
      </span>
      {children}
    </DropdownMenu.Item>
  )
}
