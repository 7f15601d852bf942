import type { ButtonHTMLAttributes, ReactElement, ReactNode, Ref } from 'react'
import { classNames } from './class-names.ts'
import { Tip } from './tip.tsx'

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & { readonly ref?: Ref<HTMLButtonElement> }

const looks = {
  primary:
    'bg-accent text-on-accent font-semibold enabled:hover:bg-accent-strong enabled:active:bg-accent-strong border-transparent disabled:bg-track disabled:text-soft',
  quiet: 'bg-raised text-ink border-edge enabled:hover:bg-hover enabled:active:bg-track disabled:text-soft',
  danger:
    'bg-raised text-error border-error-line font-semibold enabled:hover:bg-hover enabled:active:bg-track disabled:opacity-60',
} as const

/** A button with words. `primary` is used once in a place. */
export function Button({
  look = 'quiet',
  className,
  ...rest
}: ButtonProps & { readonly look?: keyof typeof looks }): ReactElement {
  return (
    <button
      type="button"
      className={classNames(
        'inline-flex h-8 shrink-0 items-center justify-center gap-1.5 rounded-lg border px-3 text-[13px] whitespace-nowrap transition-colors duration-120',
        looks[look],
        className,
      )}
      {...rest}
    />
  )
}

/** A button with a picture; its words are its name and its tooltip. */
export function IconButton({
  label,
  children,
  className,
  ...rest
}: ButtonProps & { readonly label: string; readonly children: ReactNode }): ReactElement {
  return (
    <Tip label={label}>
      <button
        type="button"
        aria-label={label}
        className={classNames(
          'inline-flex size-7 shrink-0 items-center justify-center rounded-md text-soft transition-colors duration-120 hover:bg-hover hover:text-ink disabled:opacity-40 disabled:hover:bg-transparent data-[state=open]:bg-hover',
          className,
        )}
        {...rest}
      >
        {children}
      </button>
    </Tip>
  )
}
