import type { Push } from '../shared/push.ts'
import type { Clock } from './ports/clock.ts'
import type { CollectionStore } from './ports/collection-store.ts'
import type { DocumentStore } from './ports/document-store.ts'

const coalesceMs = 150

/**
 * Tells the windows all collections when one changed, or when documents that came or went changed a count; at most a few
 * times a second. @returns what ends it.
 */
export function pushCollections(parts: {
  readonly documents: Pick<DocumentStore, 'onChange'>
  readonly collections: Pick<CollectionStore, 'list' | 'onChange'>
  readonly clock: Clock
  readonly push: (push: Push) => void
}): () => void {
  const { documents, collections, clock, push } = parts
  let told = JSON.stringify(collections.list())
  let cancelTimer: (() => void) | null = null
  const send = (): void => {
    cancelTimer = null
    const list = collections.list()
    const text = JSON.stringify(list)
    if (text !== told) push({ type: 'collections', collections: list })
    told = text
  }
  const later = (): void => {
    cancelTimer ??= clock.after(coalesceMs, send)
  }
  const stops = [documents.onChange(later), collections.onChange(later)]
  return () => {
    for (const stop of stops) stop()
    cancelTimer?.()
  }
}
