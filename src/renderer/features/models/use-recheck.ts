import { useEffect } from 'react'
import { useModels } from '../settings/models-store.ts'

/** Calm, and calmer the longer nothing changes. */
const intervalsMs = [3_000, 5_000, 10_000, 20_000, 30_000] as const
/** A window that comes to the front looks again, but not at every flicker. */
const focusRestMs = 2_000
const focusRestWhenReadyMs = 30_000

/**
 * Looks for the model server by itself: while none is ready and the window can be seen, and when the window comes to the
 * front. Whoever started Ollama meanwhile finds it noticed.
 */
export function useRecheck(): void {
  const state = useModels((models) => models.status?.state)
  const isReady = state === undefined || state === 'ready' || state === 'out-of-memory'
  useEffect(() => {
    if (isReady) return
    let round = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    let isEnded = false
    const wait = (): void => {
      timer = setTimeout(look, intervalsMs[Math.min(round, intervalsMs.length - 1)])
    }
    const look = (): void => {
      round += 1
      const looked = document.visibilityState === 'visible' ? useModels.getState().check({ isQuiet: true }) : null
      void Promise.resolve(looked).then(() => {
        if (!isEnded) wait()
      })
    }
    wait()
    return () => {
      isEnded = true
      clearTimeout(timer)
    }
    // A new state begins anew with short intervals.
  }, [isReady, state])
  useEffect(() => {
    let lookedAt = performance.now()
    const onFocus = (): void => {
      const rest = isReady ? focusRestWhenReadyMs : focusRestMs
      if (performance.now() - lookedAt < rest) return
      lookedAt = performance.now()
      void useModels.getState().check({ isQuiet: true })
    }
    window.addEventListener('focus', onFocus)
    return () => window.removeEventListener('focus', onFocus)
  }, [isReady])
}
