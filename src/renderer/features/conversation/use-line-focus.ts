import { type KeyboardEvent, type RefObject, useCallback, useEffect, useRef, useState } from 'react'

interface LineFocus {
  /** The line that Tab reaches; the arrows move it. */
  readonly active: number
  readonly setActive: (index: number) => void
  readonly onKeyDown: (event: KeyboardEvent) => void
  /** Moves the focus to a line, or the one that is left nearest to it, as soon as it is drawn. */
  readonly focusLine: (index: number) => void
}

/**
 * One Tab stop in a virtual list; arrows, Home and End move within it. Lines carry `data-line`; `isLine` leaves headings out.
 */
export function useLineFocus(
  containerRef: RefObject<HTMLElement | null>,
  options: {
    readonly count: number
    readonly isLine: (index: number) => boolean
    readonly scrollTo: (index: number) => void
  },
): LineFocus {
  const { count, isLine, scrollTo } = options
  const [active, setActive] = useState(0)
  const [, draw] = useState(0)
  const isWanted = useRef(false)
  const find = (from: number, step: 1 | -1): number | null => {
    for (let index = from; index >= 0 && index < count; index += step) if (isLine(index)) return index
    return null
  }
  // The list may have become shorter, or a heading may stand there now.
  const reached = find(Math.min(active, count - 1), 1) ?? find(count - 1, -1) ?? 0

  // After every drawing: a line far away is only there once it was scrolled to.
  useEffect(() => {
    if (!isWanted.current) return
    const line = containerRef.current?.querySelector<HTMLElement>(`[data-line="${reached}"]`)
    if (line === null || line === undefined) return
    isWanted.current = false
    line.focus()
  })

  const focusLine = useCallback(
    (index: number) => {
      isWanted.current = true
      setActive(index)
      scrollTo(index)
      draw((times) => times + 1)
    },
    [scrollTo],
  )
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const moves: Readonly<Record<string, () => number | null>> = {
      ArrowDown: () => find(reached + 1, 1),
      ArrowUp: () => find(reached - 1, -1),
      Home: () => find(0, 1),
      End: () => find(count - 1, -1),
    }
    const target = moves[event.key]?.()
    if (target === undefined || target === null) return
    event.preventDefault()
    focusLine(target)
  }
  return { active: reached, setActive, onKeyDown, focusLine }
}
