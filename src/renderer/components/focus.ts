/** Moves the focus to the next (1) or previous (-1) pane, in the order of the window: left, middle, right. */
export function focusNextPane(by: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')]
  if (panes.length === 0) return
  const current = panes.findIndex((pane) => pane.contains(document.activeElement))
  const next = panes[(Math.max(current, current === -1 && by === 1 ? -1 : 0) + by + panes.length) % panes.length]
  const target = next?.querySelector<HTMLElement>('[data-pane-focus]') ?? next
  target?.focus()
}

/** Puts the cursor into the question. */
export function focusComposer(): void {
  document.querySelector<HTMLElement>('[data-testid="composer"]')?.focus()
}
