import type { LibraryTotals } from './ipc.ts'
import type { Collection } from './collection.ts'
import type { DocumentSummary } from './document.ts'
import type { ConversationSummary } from './conversation.ts'
import type { DocumentId, ConversationId } from './ids.ts'
import type { EmbeddersStatus } from './embedder.ts'
import type { SerializedAppError } from './errors.ts'
import type { ImportProgress } from './import-progress.ts'
import type { LocalApiStatus } from './local-api.ts'
import type { ModelPull, ModelServerStatus, ModelWork } from './model-server.ts'
import type { SelfTestStatus } from './self-test.ts'
import type { Settings } from './settings.ts'
import type { WatchedFolder } from './watched-folder.ts'

/** What main tells every window without being asked; coalesced to at most a few a second. */
export type Push =
  | {
      readonly type: 'library'
      /** New and changed rows; a `file-N` row whose bytes turned out to be known appears in `removed`. */
      readonly changed: readonly DocumentSummary[]
      readonly removed: readonly DocumentId[]
      /** More changed than is told: ask for what is shown. */
      readonly isTooMuch: boolean
      readonly totals: LibraryTotals
    }
  | {
      readonly type: 'conversations'
      readonly changed: readonly ConversationSummary[]
      readonly removed: readonly ConversationId[]
    }
  /** All of them, whenever one of them changed or counts otherwise. */
  | { readonly type: 'collections'; readonly collections: readonly Collection[] }
  | { readonly type: 'import'; readonly problem: SerializedAppError | null }
  | { readonly type: 'watched-folders'; readonly folders: readonly WatchedFolder[] }
  | { readonly type: 'import-progress'; readonly progress: ImportProgress }
  | { readonly type: 'models'; readonly status: ModelServerStatus }
  | { readonly type: 'model-pull'; readonly pull: ModelPull | null }
  | { readonly type: 'model-work'; readonly work: ModelWork | null }
  | { readonly type: 'settings'; readonly settings: Settings }
  | { readonly type: 'local-api'; readonly status: LocalApiStatus }
  | { readonly type: 'embedders'; readonly status: EmbeddersStatus }
  | { readonly type: 'self-test'; readonly status: SelfTestStatus }
  | { readonly type: 'network'; readonly connectionsOutside: number; readonly connectionsBlocked: number }
