import { Check, ChevronDown } from 'lucide-react'
import { Select } from 'radix-ui'
import type { ReactElement } from 'react'
import { menuLine, menuSurface } from './menu.tsx'

interface ChoiceProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: readonly { readonly value: T; readonly text: string }[]
  readonly onChange: (value: T) => void
  readonly isDisabled?: boolean
}

/** One of a few. */
export function Choice<T extends string>({
  label,
  value,
  options,
  onChange,
  isDisabled = false,
}: ChoiceProps<T>): ReactElement {
  return (
    <Select.Root value={value} onValueChange={(next) => onChange(next as T)} disabled={isDisabled}>
      <Select.Trigger
        aria-label={label}
        className="inline-flex h-8 max-w-72 items-center gap-2 rounded-lg border border-edge bg-raised px-3 text-[13px] hover:bg-hover disabled:cursor-default disabled:text-soft disabled:hover:bg-raised"
      >
        <span className="truncate">
          <Select.Value />
        </span>
        <Select.Icon>
          <ChevronDown size={14} aria-hidden className="text-soft" />
        </Select.Icon>
      </Select.Trigger>
      <Select.Portal>
        <Select.Content position="popper" sideOffset={4} collisionPadding={8} className={`${menuSurface} max-w-96`}>
          <Select.Viewport>
            {options.map((option) => (
              <Select.Item key={option.value} value={option.value} className={menuLine}>
                <span className="w-4 shrink-0">
                  <Select.ItemIndicator>
                    <Check size={14} aria-hidden className="text-accent" />
                  </Select.ItemIndicator>
                </span>
                <Select.ItemText>{option.text}</Select.ItemText>
              </Select.Item>
            ))}
          </Select.Viewport>
        </Select.Content>
      </Select.Portal>
    </Select.Root>
  )
}
