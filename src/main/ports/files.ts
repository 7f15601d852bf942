import type { WatchedFolderId } from '../../shared/watched-folder.ts'

export interface FileFacts {
  readonly path: string
  readonly sizeBytes: number
  readonly modifiedAt: number
}

/** A file as a walk of a watched folder finds it. */
export interface FoundFile extends FileFacts {
  /** Of the file in its file system: stays when it is renamed. */
  readonly fileNumber: number
}

/** A file as the library knows it. */
export interface KnownFile extends FileFacts {
  readonly fileNumber: number | null
  /** Which watched folder brought it; null: added by hand. */
  readonly folderId: WatchedFolderId | null
}

export interface QueuedFile extends FileFacts {
  readonly locationKey: number
}
