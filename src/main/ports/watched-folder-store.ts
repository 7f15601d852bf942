import type { IgnoreRules, WatchedFolderId } from '../../shared/watched-folder.ts'

export interface WatchedFolderRecord {
  readonly id: WatchedFolderId
  /** Absolute, links resolved. */
  readonly path: string
  readonly fileNumber: number | null
  readonly rules: IgnoreRules
  readonly isPaused: boolean
  readonly inStepAt: number | null
}

/** Synchronous and short, like the document store. */
export interface WatchedFolderStore {
  folders(): readonly WatchedFolderRecord[]
  add(folder: Pick<WatchedFolderRecord, 'path' | 'rules'>): WatchedFolderRecord
  update(
    id: WatchedFolderId,
    change: Partial<Pick<WatchedFolderRecord, 'fileNumber' | 'rules' | 'isPaused' | 'inStepAt'>>,
  ): void
  /** Forgets the folder; its files stay, as if they had been added by hand. */
  forget(id: WatchedFolderId): void
  counts(id: WatchedFolderId): { readonly files: number; readonly waiting: number; readonly leftOut: number }
  /** Those of the paths that a person took out of the library. */
  leftOut(id: WatchedFolderId, paths: readonly string[]): ReadonlySet<string>
  /** They are no longer left out: these, or all. */
  bringBack(id: WatchedFolderId, paths: readonly string[] | 'all'): void
}
