/** How the bench's model server answers a chat. Times in ms, `Date.now()`: they are compared between processes. */
export interface ServerScript {
  /** Not a byte before the first token, headers neither: so Ollama loads a model and reads a prompt. */
  readonly firstTokenDelayMs: number
  /** All but the first are sent when the clock says so; 0: none follows, the answer stays open. */
  readonly tokensPerSecond: number
  readonly tokenCount: number
  /** `sent` is told when so many tokens are out; null: never. */
  readonly tellAfterTokens: number | null
  /** Another server on loopback that answers in its place; the times are taken on the way. */
  readonly relayTo: string | null
}

export type ToServer = { readonly type: 'script'; readonly script: ServerScript }

export type FromServer =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'script-set' }
  /** The whole request is there. `connectedAt`: its connection was accepted. A `pull` stays open and tells some progress. */
  | {
      readonly type: 'opened'
      readonly what: 'chat' | 'pull'
      readonly number: number
      readonly connectedAt: number
      readonly body: string
    }
  | { readonly type: 'sent'; readonly number: number }
  | {
      readonly type: 'closed'
      readonly number: number
      readonly at: number
      readonly isComplete: boolean
      readonly firstTokenAt: number | null
      readonly lastTokenAt: number | null
    }
