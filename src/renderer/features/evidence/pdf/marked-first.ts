import { useLayoutEffect, useMemo, useRef } from 'react'

/** A page that cannot be drawn must not hold the others for ever. */
const patienceMs = 500

/** Pages are drawn one after the other, and a reader who follows a citation waits for one of them: that one goes first. */
export interface MarkedFirst {
  /** Resolves when this page may be drawn; null: at once. */
  before(page: number): Promise<void> | null
  /** The page is there. */
  drawn(page: number): void
}

/** Anew for each subject; the same object for all, so that no page is drawn again for it. */
export function useMarkedFirst(subject: string, markedPages: ReadonlyMap<number, unknown>): MarkedFirst {
  const turn = useRef({ markedPages, others: Promise.resolve(), release: (): void => undefined })
  useLayoutEffect(() => {
    const { promise, resolve } = Promise.withResolvers<void>()
    turn.current = { markedPages, others: promise, release: resolve }
    const timer = setTimeout(resolve, markedPages.size === 0 ? 0 : patienceMs)
    return () => {
      clearTimeout(timer)
      resolve()
    }
  }, [subject, markedPages])
  return useMemo(
    () => ({
      before: (page) => (turn.current.markedPages.has(page) ? null : turn.current.others),
      drawn(page) {
        if (turn.current.markedPages.has(page)) turn.current.release()
      },
    }),
    [],
  )
}
