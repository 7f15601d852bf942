import type { Push } from '../shared/push.ts'
import type { Importer } from './ingest/importer.ts'
import type { Clock } from './ports/clock.ts'

const coalesceMs = 300

/** Tells the windows how import is getting on, a few times a second at most, and always how it ended. @returns what ends it. */
export function pushImportProgress(parts: {
  readonly importer: Pick<Importer, 'progress' | 'onProgress'>
  readonly clock: Clock
  readonly push: (push: Push) => void
}): () => void {
  const { importer, clock, push } = parts
  let cancelTimer: (() => void) | null = null
  let isOver = false
  let told = ''
  importer.onProgress(() => {
    if (isOver) return
    cancelTimer ??= clock.after(coalesceMs, () => {
      cancelTimer = null
      const { progress } = importer
      const text = JSON.stringify(progress)
      if (text === told) return
      told = text
      push({ type: 'import-progress', progress })
    })
  })
  return () => {
    isOver = true
    cancelTimer?.()
  }
}
