import type { ModelServerStatus } from '../../shared/model-server.ts'

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

export interface GenerateRequest {
  readonly model: string
  readonly messages: readonly ChatMessage[]
  /** Always sent to the server: its own default is small and truncates silently. */
  readonly contextTokens: number
  readonly maxAnswerTokens?: number
  /** 0: the likeliest words, equal for equal prompts. Absent: the server's default. */
  readonly temperature?: number
  /** A thinking model answers at once, where its server can ask that of it. */
  readonly withoutReasoning?: boolean
}

export type GeneratorEvent =
  /** The server accepted the request: prompt reading begins, the model is loaded. */
  | { readonly type: 'accepted' }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  | {
      readonly type: 'end'
      readonly finishReason: 'stop' | 'length'
      readonly promptTokens: number | null
      readonly answerTokens: number | null
    }

export interface Generator {
  /**
   * Streams one completion; `end` is last. Nothing is pulled from the socket while the consumer does not ask.
   * Abort, `return()` of the iterator and every failure close the upstream connection at once.
   * @throws AppError `ollama-unreachable` `ollama-model-missing` `model-not-local` `model-out-of-memory` `context-overflow`
   * `generation-failed` `generation-stalled`; on abort, the signal's reason.
   */
  generate(
    request: GenerateRequest,
    /** `client`: whose turn it is where several wait. */
    options: { readonly signal: AbortSignal; readonly client?: string },
  ): AsyncIterable<GeneratorEvent>
}

export interface ModelServer extends Generator {
  /**
   * Asks the server what it has; never throws for a server in trouble, `problem` says it. `chosenModel` as given, or the first.
   * `isDetailed`: also what each single model can do, where that takes a question a model; the answers are kept.
   */
  status(options: {
    readonly chosenModel: string | null
    readonly isDetailed?: boolean
    readonly signal: AbortSignal
  }): Promise<ModelServerStatus>
}

/** What one line of a download says: all bytes of all parts known so far, in bytes. */
export interface PullProgress {
  readonly phase: 'starting' | 'downloading' | 'verifying'
  readonly receivedBytes: number
  readonly totalBytes: number | null
}

/** What a model server does besides answering. */
export interface ModelCare {
  /**
   * Loads a model before it is needed, with the context it will be asked with (another one would load it again). Resolves when
   * it is loaded, or at once where the server cannot do that. Abort closes the connection at once: the server gives up loading.
   * @throws what `generate` throws
   */
  warmUp(
    request: { readonly model: string; readonly contextTokens: number },
    options: { readonly signal: AbortSignal },
  ): Promise<void>
  /**
   * Has the server download a model; ends when it is there. Abort closes the connection at once, what was received stays with the
   * server for the next time.
   * @throws AppError at once: `invalid-request` (no name of a model), `model-not-local` (a cloud name); while it is read:
   * `invalid-request` (a server that downloads nothing), `model-not-local`, `model-download-failed`, `ollama-unreachable`; on abort, the signal's reason
   */
  pull(name: string, options: { readonly signal: AbortSignal }): AsyncIterable<PullProgress>
}
