import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'
import type { TurnView } from './turn-window.ts'

/** This far from an edge, in pixels, the next turns are loaded, so that they are mostly there when the reader is. */
const nearEdge = 800

interface Place {
  readonly turnKey: string
  /** Of its top, from the container's. Pixels. */
  readonly top: number
}

/**
 * Loads older and newer turns as the reader comes near an edge of what is loaded. What is read stays where it is: turns that
 * come or go above it are made up for.
 */
export function useTurnPages(
  containerRef: RefObject<HTMLDivElement | null>,
  parts: {
    readonly turns: readonly TurnView[]
    readonly loadMore: (side: 'older' | 'newer') => Promise<void>
  },
): void {
  const { turns, loadMore } = parts
  const placeRef = useRef<Place | null>(null)
  const firstKey = turns[0]?.key
  const lastKey = turns.at(-1)?.key

  useLayoutEffect(() => {
    const container = containerRef.current
    const place = placeRef.current
    if (container === null || place === null) return
    const turn = container.querySelector(`[data-turn="${CSS.escape(place.turnKey)}"]`)
    if (turn !== null) container.scrollTop += topWithin(container, turn) - place.top
  }, [containerRef, firstKey])

  useEffect(() => {
    const container = containerRef.current
    if (container === null) return
    const look = (): void => {
      placeRef.current = findPlace(container)
      if (container.scrollTop < nearEdge) void loadMore('older')
      if (container.scrollHeight - container.clientHeight - container.scrollTop < nearEdge) void loadMore('newer')
    }
    container.addEventListener('scroll', look, { passive: true })
    // What comes new is first scrolled to where it is shown (its end, the turn sought), at the latest in the next frame.
    let frame = requestAnimationFrame(() => (frame = requestAnimationFrame(look)))
    return () => {
      cancelAnimationFrame(frame)
      container.removeEventListener('scroll', look)
    }
  }, [containerRef, firstKey, lastKey, loadMore])
}

/** The first turn that reaches into sight. */
function findPlace(container: HTMLElement): Place | null {
  for (const turn of container.querySelectorAll<HTMLElement>('[data-turn]')) {
    const top = topWithin(container, turn)
    if (top + turn.offsetHeight > 0) return { turnKey: turn.dataset['turn'] ?? '', top }
  }
  return null
}

function topWithin(container: Element, turn: Element): number {
  return turn.getBoundingClientRect().top - container.getBoundingClientRect().top
}
