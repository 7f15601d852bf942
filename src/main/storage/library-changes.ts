import type { DocumentId } from '../../shared/ids.ts'
import type { LibraryChangeListener } from '../ports/document-store.ts'
import type { Log } from '../ports/log.ts'

/**
 * Tells listeners which documents changed, once the transaction that changed them is committed: a listener may read the
 * store at once, and never hears of what was rolled back.
 */
export interface LibraryChanges {
  subscribe(listener: LibraryChangeListener): () => void
  /** Runs `work`, which notes what it changes; then tells. Nothing is told when it throws. */
  during<Result>(work: (note: ChangeNotes) => Result): Result
}

export interface ChangeNotes {
  changed(id: DocumentId): void
  /** The row is gone from the list (or goes on under another id). */
  removed(id: DocumentId): void
}

/** @param log hears of a listener that throws; the others are still told. */
export function createLibraryChanges(log: Log): LibraryChanges {
  const listeners = new Set<LibraryChangeListener>()
  return {
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    during: (work) => {
      const changed = new Set<DocumentId>()
      const removed = new Set<DocumentId>()
      const result = work({
        changed: (id) => {
          removed.delete(id)
          changed.add(id)
        },
        removed: (id) => {
          changed.delete(id)
          removed.add(id)
        },
      })
      if (changed.size === 0 && removed.size === 0) return result
      for (const listener of listeners) {
        try {
          listener({ changed: [...changed], removed: [...removed] })
        } catch (error) {
          log.error('a listener of the library’s changes failed', error)
        }
      }
      return result
    },
  }
}
