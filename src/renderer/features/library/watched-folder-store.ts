import { create } from 'zustand'
import type { IgnoreRules, WatchedFolder, WatchedFolderId } from '../../../shared/watched-folder.ts'
import { request } from '../../api.ts'
import { showFailure } from '../../components/notices.ts'

interface WatchedFolderState {
  readonly folders: readonly WatchedFolder[]
  load(): Promise<void>
  receive(folders: readonly WatchedFolder[]): void
}

/** The folders whose files the library follows, as main has them. */
export const useWatchedFolders = create<WatchedFolderState>()((set) => ({
  folders: [],
  load: async () => {
    const result = await request('watched:list', {})
    if (result.ok) set({ folders: result.value.folders })
    else showFailure(result.error)
  },
  receive: (folders) => set({ folders }),
}))

/** Asks for folders in a dialog of the system. @returns how many are followed that were not before. */
export async function chooseWatchedFolder(): Promise<number> {
  const result = await request('watched:choose', {})
  if (result.ok) return result.value.added
  showFailure(result.error)
  return 0
}

export async function rescanFolder(id: WatchedFolderId): Promise<void> {
  const result = await request('watched:rescan', { id })
  if (!result.ok) showFailure(result.error)
}

export async function pauseFolder(id: WatchedFolderId, isPaused: boolean): Promise<void> {
  const result = await request('watched:pause', { id, isPaused })
  if (!result.ok) showFailure(result.error)
}

/** @returns whether main took them. */
export async function setFolderRules(id: WatchedFolderId, rules: IgnoreRules): Promise<boolean> {
  const result = await request('watched:set-rules', { id, rules })
  if (!result.ok) showFailure(result.error)
  return result.ok
}

export async function bringBackLeftOut(id: WatchedFolderId): Promise<void> {
  const result = await request('watched:bring-back', { id })
  if (!result.ok) showFailure(result.error)
}

export async function revealFolder(id: WatchedFolderId): Promise<void> {
  const result = await request('watched:reveal', { id })
  if (!result.ok) showFailure(result.error)
}

/** The documents stay in the library, or leave it. @returns whether main did it. */
export async function stopWatching(id: WatchedFolderId, keepsDocuments: boolean): Promise<boolean> {
  const result = await request('watched:remove', { id, keepsDocuments })
  if (!result.ok) showFailure(result.error)
  return result.ok
}
