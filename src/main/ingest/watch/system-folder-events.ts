import type { FolderEvents } from './folder-events.ts'

/**
 * The system's own file events by @parcel/watcher, the only place that knows it. Loaded with the first folder, so that a
 * system it has no build for can still do everything else.
 */
export const systemFolderEvents: FolderEvents = {
  async watch(folder, { ignoredFolders, onPaths, onLost }) {
    const { default: watcher } = await import('@parcel/watcher')
    const subscription = await watcher.subscribe(
      folder,
      (cause, events) => {
        if (cause !== null) onLost(cause)
        else onPaths(events.map(({ path }) => path))
      },
      { ignore: ignoredFolders.map((name) => `**/${name}`) },
    )
    return () => subscription.unsubscribe()
  },
}
