import type { DocumentId } from '../shared/ids.ts'
import type { Push } from '../shared/push.ts'
import type { Clock } from './ports/clock.ts'
import type { DocumentStore } from './ports/document-store.ts'

const coalesceMs = 150
/** More rows than this are not described: a page asks for those that it shows. */
const rowsPerPush = 500

/**
 * Joins the store's changes into at most a few pushes a second: importing 10,000 files must not cost the page 30,000.
 * @returns what ends it.
 */
export function pushLibraryChanges(parts: {
  readonly documents: DocumentStore
  readonly clock: Clock
  readonly push: (push: Push) => void
}): () => void {
  const { documents, clock, push } = parts
  const changed = new Set<DocumentId>()
  const removed = new Set<DocumentId>()
  let cancelTimer: (() => void) | null = null

  const send = (): void => {
    cancelTimer = null
    const isTooMuch = changed.size + removed.size > rowsPerPush
    const ids = isTooMuch ? [] : [...changed]
    const gone = isTooMuch ? [] : [...removed]
    changed.clear()
    removed.clear()
    push({
      type: 'library',
      changed: documents.summaries(ids),
      removed: gone,
      isTooMuch,
      totals: documents.totals(),
    })
  }

  const stop = documents.onChange((change) => {
    for (const id of change.changed) {
      changed.add(id)
      removed.delete(id)
    }
    for (const id of change.removed) {
      removed.add(id)
      changed.delete(id)
    }
    cancelTimer ??= clock.after(coalesceMs, send)
  })
  return () => {
    stop()
    cancelTimer?.()
  }
}
