import type { RequestChannel } from '../shared/channels.ts'
import { AppError } from '../shared/errors.ts'
import type { HandlerParts, Handlers } from './handlers.ts'

type WatchedChannel = Extract<RequestChannel, `watched:${string}`>

/** What the page asks about watched folders; every window hears of what changed. @throws AppError, which becomes the reply. */
export function createWatchedFolderHandlers(
  parts: Pick<HandlerParts, 'watchedFolders' | 'desktop'>,
): Handlers<WatchedChannel> {
  const { watchedFolders, desktop } = parts
  return {
    'watched:list': () => ({ folders: [...watchedFolders.list()] }),
    'watched:choose': async () => {
      let added = 0
      for (const path of await desktop.chooseFolder()) {
        const before = watchedFolders.list().length
        await watchedFolders.add(path)
        added += watchedFolders.list().length - before
      }
      return { added }
    },
    'watched:rescan': ({ id }) => {
      watchedFolders.requestLook(id)
      return {}
    },
    'watched:pause': async ({ id, isPaused }) => {
      await watchedFolders.pause(id, isPaused)
      return {}
    },
    'watched:set-rules': async ({ id, rules }) => {
      await watchedFolders.setRules(id, rules)
      return {}
    },
    'watched:bring-back': ({ id }) => {
      watchedFolders.bringBack(id)
      return {}
    },
    'watched:remove': async ({ id, keepsDocuments }) => {
      await watchedFolders.remove(id, { keepsDocuments })
      return {}
    },
    'watched:reveal': async ({ id }) => {
      const folder = watchedFolders.list().find((known) => known.id === id)
      if (folder === undefined) throw new AppError('not-found', 'This folder is no longer followed.')
      await desktop.openFolder(folder.path)
      return {}
    },
  }
}
