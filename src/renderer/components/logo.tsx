import type { ReactElement } from 'react'

/** An open book between two boards: the carrel. Decorative; the name stands beside it. */
export function Logo({ size = 20 }: { readonly size?: number }): ReactElement {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinejoin="round"
      strokeLinecap="round"
      aria-hidden
      className="text-accent"
    >
      <path d="M2.6 17V4.4c0-.5.4-.9.9-.9h3.6C8.700 3.500 10 4.600 10 6v11c0-1-1-1.700-2.400-1.700H4.300c-.9 0-1.700.7-1.700 1.700Z" />
      <path d="M17.400 17V4.400c0-.5-.4-.9-.9-.9h-3.600C11.300 3.500 10 4.600 10 6v11c0-1 1-1.700 2.400-1.700h3.300c.9 0 1.700.7 1.700 1.700Z" />
    </svg>
  )
}
