import type { ReactElement, ReactNode } from 'react'

/** Says, above the text, why it is not what the reader expected. */
export function EvidenceNotice({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <p role="note" className="mb-4 rounded-lg bg-warning-wash px-3.5 py-2.5 text-[13px] leading-5 text-warning">
      {children}
    </p>
  )
}
