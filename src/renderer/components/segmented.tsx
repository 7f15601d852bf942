import { Tabs } from 'radix-ui'
import type { ReactElement } from 'react'

/** The switch of the left pane; to be used inside a `Tabs.Root`. */
export function SegmentedTabs({
  label,
  tabs,
}: {
  readonly label: string
  readonly tabs: readonly { readonly value: string; readonly text: string }[]
}): ReactElement {
  return (
    <Tabs.List aria-label={label} className="flex rounded-lg bg-well p-0.5">
      {tabs.map((tab) => (
        <Tabs.Trigger
          key={tab.value}
          value={tab.value}
          className="h-7 flex-1 rounded-md text-[13px] text-soft transition-colors duration-120 hover:text-ink data-[state=active]:bg-raised data-[state=active]:font-medium data-[state=active]:text-ink data-[state=active]:shadow-[0_1px_2px_rgb(0_0_0/10%)]"
        >
          {tab.text}
        </Tabs.Trigger>
      ))}
    </Tabs.List>
  )
}
