import { realpath, opendir } from 'node:fs/promises'
import { sep } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { AppError } from '../../../shared/errors.ts'
import {
  defaultIgnoreRules,
  type IgnoreRules,
  type WatchedFolder,
  type WatchedFolderId,
} from '../../../shared/watched-folder.ts'
import type { Clock } from '../../ports/clock.ts'
import type { DocumentStore } from '../../ports/document-store.ts'
import type { Log } from '../../ports/log.ts'
import type { WatchedFolderStore } from '../../ports/watched-folder-store.ts'
import type { FolderEvents } from './folder-events.ts'
import { insideLibrary, notAFolder, overlaps } from './folder-failures.ts'
import { createFollowedFolder, type FollowedFolder } from './followed-folder.ts'

/** What listeners hear is joined over this long. */
const coalesceMs = 300
const filesAtOnce = 20

/** Folders whose documents follow their files. All of it for the window, the command line and the start. */
export interface WatchedFolders extends AsyncDisposable {
  list(): readonly WatchedFolder[]
  /**
   * Follows a folder from now on and begins to look at it; one that is followed already is returned as it is.
   * @throws AppError `watched-folder`: no folder, Carrel's own, or one that overlaps with another
   */
  add(path: string): Promise<WatchedFolder>
  /** Looks at everything in it. Resolves when the library knows of all that is there. @throws AppError `not-found` `watched-folder` */
  rescan(id: WatchedFolderId): Promise<void>
  /** The same in the background: how it went shows in the list. @throws AppError `not-found` */
  requestLook(id: WatchedFolderId): void
  /** While paused, changes are left for later. @throws AppError `not-found` */
  pause(id: WatchedFolderId, isPaused: boolean): Promise<void>
  /** What they leave out leaves the library, what they let in is read. @throws AppError `not-found` */
  setRules(id: WatchedFolderId, rules: IgnoreRules): Promise<void>
  /** Files whose documents were removed by hand are read again. @throws AppError `not-found` */
  bringBack(id: WatchedFolderId): void
  /** The files themselves are never touched. @throws AppError `not-found` */
  remove(id: WatchedFolderId, options: { readonly keepsDocuments: boolean }): Promise<void>
  /** Follows all folders that are not paused: what changed meanwhile is found, later changes are noticed. */
  start(): void
  /** Called, joined, whenever the list changes. @returns what ends it. */
  onChange(listener: (folders: readonly WatchedFolder[]) => void): () => void
}

export interface WatchedFoldersParts {
  readonly documents: DocumentStore
  readonly folders: WatchedFolderStore
  readonly events: FolderEvents
  /** Links resolved; what is in it is never followed. */
  readonly dataFolder: string
  readonly clock: Clock
  readonly log: Log
  /** There may be something to read or to purge. */
  readonly onWork: () => void
}

export function createWatchedFolders(parts: WatchedFoldersParts): WatchedFolders {
  const { documents, folders, clock, log } = parts
  const followed = new Map<WatchedFolderId, FollowedFolder>()
  const listeners = new Set<(folders: readonly WatchedFolder[]) => void>()
  let isStarted = false
  let isClosing = false
  let cancelTelling: (() => void) | null = null

  const list = (): readonly WatchedFolder[] => [...followed.values()].map((folder) => folder.describe())

  const changed = (): void => {
    if (isClosing) return
    cancelTelling ??= clock.after(coalesceMs, () => {
      cancelTelling = null
      for (const folder of followed.values()) folder.recheck()
      const described = list()
      for (const listener of listeners) listener(described)
    })
  }
  const stopListening = documents.onChange(changed)

  const openFolder = (id: WatchedFolderId): FollowedFolder => {
    const folder = createFollowedFolder(id, {
      documents,
      folders,
      events: parts.events,
      forbiddenFolder: parts.dataFolder,
      now: () => clock.now(),
      clock,
      log,
      onWork: parts.onWork,
      onChange: changed,
    })
    followed.set(id, folder)
    const isPaused = folders.folders().find((record) => record.id === id)?.isPaused
    if (isStarted && isPaused === false) folder.follow()
    changed()
    return folder
  }
  for (const { id } of folders.folders()) openFolder(id)

  const get = (id: WatchedFolderId): FollowedFolder => {
    const folder = followed.get(id)
    if (folder === undefined) throw new AppError('not-found', 'This folder is no longer followed.')
    return folder
  }

  /** As if Carrel had just started with what is written of this folder now. */
  const reopen = async (id: WatchedFolderId): Promise<void> => {
    await get(id)[Symbol.asyncDispose]()
    openFolder(id)
  }

  const dropAll = async ({ id, path }: WatchedFolder): Promise<void> => {
    for (;;) {
      const files = documents.followedFiles(id, { under: path, afterPath: null, limit: filesAtOnce })
      if (files.length === 0) return
      documents.dropFiles(files.map((file) => file.path))
      await nextTurn()
    }
  }

  return {
    list,
    async add(given) {
      const path = await realFolder(given)
      if (path === parts.dataFolder || isWithin(path, parts.dataFolder)) throw insideLibrary()
      const known = list().find((folder) => folder.path === path)
      if (known !== undefined) return known
      if (list().some((folder) => isWithin(path, folder.path) || isWithin(folder.path, path))) throw overlaps()
      return openFolder(folders.add({ path, rules: defaultIgnoreRules }).id).describe()
    },
    rescan: (id) => get(id).look(),
    requestLook: (id) => get(id).requestLook(),
    async pause(id, isPaused) {
      get(id)
      folders.update(id, { isPaused })
      await reopen(id)
    },
    async setRules(id, rules) {
      get(id)
      folders.update(id, { rules })
      await reopen(id)
    },
    bringBack(id) {
      const folder = get(id)
      folders.bringBack(id, 'all')
      folder.requestLook()
    },
    async remove(id, { keepsDocuments }) {
      const folder = get(id)
      const described = folder.describe()
      await folder[Symbol.asyncDispose]()
      if (!keepsDocuments) await dropAll(described)
      folders.forget(id)
      followed.delete(id)
      parts.onWork()
      changed()
    },
    start() {
      isStarted = true
      for (const record of folders.folders()) if (!record.isPaused) followed.get(record.id)?.follow()
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async [Symbol.asyncDispose]() {
      isClosing = true
      stopListening()
      cancelTelling?.()
      const open = [...followed.values()]
      followed.clear()
      await Promise.all(open.map((folder) => folder[Symbol.asyncDispose]()))
    },
  }
}

/** @throws AppError `watched-folder` */
async function realFolder(given: string): Promise<string> {
  try {
    const path = await realpath(given)
    await (await opendir(path)).close()
    return path
  } catch (cause) {
    throw notAFolder(cause)
  }
}

function isWithin(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}
