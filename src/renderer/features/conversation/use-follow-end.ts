import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'

/** This close to the end counts as being there. Pixels. */
const endTolerance = 40

interface FollowEnd {
  readonly containerRef: RefObject<HTMLDivElement | null>
  readonly contentRef: RefObject<HTMLDivElement | null>
  /** False once the reader scrolled away from the end. */
  readonly isAtEnd: boolean
  readonly jumpToEnd: () => void
  /** Shows `element` from its top and lets the end go. */
  readonly showFrom: (element: HTMLElement) => void
}

/**
 * Keeps a growing column at its end, but only while the reader is there: one turn of the wheel away and it stays where it
 * is. `key` names what is shown; another one starts at its end again. `hasMore`: what stands at the end is not the newest, so
 * there is nothing to follow. `isEmpty`: nothing was asked yet, so what is there begins at its top and stays.
 */
export function useFollowEnd(
  key: string,
  { hasMore, isEmpty }: { readonly hasMore: boolean; readonly isEmpty: boolean },
): FollowEnd {
  const containerRef = useRef<HTMLDivElement | null>(null)
  const contentRef = useRef<HTMLDivElement | null>(null)
  const isFollowing = useRef(true)
  const hasMoreRef = useRef(hasMore)
  useLayoutEffect(() => {
    hasMoreRef.current = hasMore
    if (hasMore) isFollowing.current = false
  }, [hasMore])
  const [isAtEnd, setAtEnd] = useState(true)

  const jumpToEnd = useCallback(() => {
    const container = containerRef.current
    if (container === null) return
    isFollowing.current = true
    setAtEnd(true)
    container.scrollTop = container.scrollHeight
  }, [])

  const showFrom = useCallback((element: HTMLElement) => {
    isFollowing.current = false
    element.scrollIntoView({ block: 'start' })
    const container = containerRef.current
    if (container !== null)
      setAtEnd(container.scrollHeight - container.clientHeight - container.scrollTop <= endTolerance)
  }, [])

  useEffect(() => {
    const container = containerRef.current
    const content = contentRef.current
    if (container === null || content === null) return
    if (isEmpty) {
      container.scrollTop = 0
      return
    }
    jumpToEnd()
    let lastTop = container.scrollTop
    const onScroll = (): void => {
      const rest = container.scrollHeight - container.clientHeight - container.scrollTop
      // Only a move upwards lets go: growth alone also makes the rest larger.
      if (rest <= endTolerance && !hasMoreRef.current) isFollowing.current = true
      else if (container.scrollTop < lastTop) isFollowing.current = false
      lastTop = container.scrollTop
      setAtEnd(isFollowing.current)
    }
    const sizes = new ResizeObserver(() => {
      if (isFollowing.current) container.scrollTop = container.scrollHeight
    })
    container.addEventListener('scroll', onScroll, { passive: true })
    sizes.observe(content)
    sizes.observe(container)
    return () => {
      container.removeEventListener('scroll', onScroll)
      sizes.disconnect()
    }
  }, [key, isEmpty, jumpToEnd])

  return { containerRef, contentRef, isAtEnd, jumpToEnd, showFrom }
}
