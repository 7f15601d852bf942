import { type ReactElement, type ReactNode, useId } from 'react'

/** Settings that belong together, under a heading. */
export function Group({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  const id = useId()
  return (
    <section aria-labelledby={id} className="border-b border-line py-4 first:pt-0 last:border-0 last:pb-0">
      <h3 id={id} className="mb-2 text-[12px] font-semibold text-soft">
        {title}
      </h3>
      <div className="flex flex-col gap-3">{children}</div>
    </section>
  )
}

/** One setting: what it is, and its control. */
export function Row({
  label,
  detail,
  children,
}: {
  readonly label: string
  readonly detail?: string
  readonly children: ReactNode
}): ReactElement {
  return (
    <div className="flex items-center justify-between gap-6">
      <div className="min-w-0">
        <p>{label}</p>
        {detail !== undefined && <p className="text-[12px] leading-[17px] text-soft">{detail}</p>}
      </div>
      <div className="shrink-0">{children}</div>
    </div>
  )
}
