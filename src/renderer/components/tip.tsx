import { Tooltip } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'

/** A short explanation on hover or focus. `children` is the one element it explains. */
export function Tip({
  label,
  side = 'bottom',
  children,
}: {
  readonly label: ReactNode
  readonly side?: 'top' | 'bottom' | 'left' | 'right'
  readonly children: ReactElement
}): ReactElement {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="fade z-50 max-w-sm rounded-md bg-ink px-2.5 py-1.5 text-[12px] leading-4.5 text-surface shadow-float"
        >
          {label}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
