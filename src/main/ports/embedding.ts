import type { EmbedderProposal, EmbedderRecord, FolderChoices } from '../../shared/embedder.ts'

/**
 * What a chunk is filed under, by its language: the embedder on board for it. Which embedder makes the vectors of a file is
 * another matter (see EmbedderStore): a person can put one of their own in its place.
 */
export type EmbedderId = 'all-MiniLM-L6-v2' | 'bge-small-zh-v1.5'

export interface Embedder {
  /**
   * One L2-normalised vector a text, in order, by the embedder whose vectors answer for `embedder` at the moment of the call.
   * `interactive` goes before anything in the background. `purpose`: some embedders want another prefix before a question;
   * a passage by default.
   * @throws AppError `embedding-model-missing` `embedding-failed` `embedder-away` `worker-crashed` (with {@link WorkerCrash} as its
   * details). Abort drops what is queued.
   */
  embed(
    texts: readonly string[],
    options: {
      readonly embedder: EmbedderId
      readonly priority: 'interactive' | 'background'
      readonly purpose?: 'question' | 'passage'
      readonly signal: AbortSignal
    },
  ): Promise<readonly Float32Array[]>
  /** Processes that embed documents when all are running; questions may have another one. */
  readonly processCount: number
  /** While true, background work runs in one process at the weakest priority, so that import never slows an answer. */
  yieldToAnswers(isAnswering: boolean): void
}

/** Vectors by one embedder, whichever it is and whoever runs it; its prefixes are put before the texts. */
export interface VectorMaker {
  /** One L2-normalised vector a text, in order. @throws as {@link Embedder.embed} */
  (
    record: EmbedderRecord,
    texts: readonly string[],
    options: {
      readonly purpose: 'question' | 'passage'
      readonly priority: 'interactive' | 'background'
      readonly signal: AbortSignal
    },
  ): Promise<readonly Float32Array[]>
}

/** Embedders from folders: looked at, copied into the data folder, tried. */
export interface EmbedderFolders {
  /** What its configuration says. Nothing is copied. @throws AppError `embedder-refused` */
  propose(path: string): Promise<EmbedderProposal>
  /**
   * Copies and tries it. Abort, and every failure, leaves nothing behind.
   * @throws AppError `embedder-refused` `storage-full`; on abort its reason
   */
  install(path: string, choices: FolderChoices, options: { readonly signal: AbortSignal }): Promise<EmbedderRecord>
  remove(id: string): Promise<void>
  /** What a crash left of adding or removing goes. */
  keepOnly(ids: ReadonlySet<string>): Promise<void>
}
