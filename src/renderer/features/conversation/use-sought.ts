import { type RefObject, useLayoutEffect } from 'react'

/** Scrolls to the turn that was searched for as soon as it is drawn; the reader may then go where they like. */
export function useSought(
  containerRef: RefObject<HTMLDivElement | null>,
  sought: { readonly key: number } | null,
  showFrom: (element: HTMLElement) => void,
): void {
  useLayoutEffect(() => {
    if (sought === null) return
    const turn = containerRef.current?.querySelector<HTMLElement>(`[data-stored-key="${sought.key}"]`)
    if (turn !== null && turn !== undefined) showFrom(turn)
  }, [containerRef, sought, showFrom])
}
