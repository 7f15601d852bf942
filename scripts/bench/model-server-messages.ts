/** How the bench's model server answers a chat. Times in ms, `Date.now()`: they are compared between processes. */
export interface ServerScript {
  /** Silence before the first token. */
  readonly firstTokenDelayMs: number
  /** null: all but the first are sent when the clock says so; 0: none follows, the answer stays open. */
  readonly tokensPerSecond: number
  readonly tokenCount: number
  /** Another server on loopback that answers in its place; the times are taken on the way. */
  readonly relayTo: string | null
}

export type ToServer = { readonly type: 'script'; readonly script: ServerScript }

export type FromServer =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'script-set' }
  /** The whole request is there. `connectedAt`: its connection was accepted. */
  | { readonly type: 'chat'; readonly chat: number; readonly connectedAt: number; readonly body: string }
  | {
      readonly type: 'closed'
      readonly chat: number
      readonly at: number
      readonly isComplete: boolean
      readonly firstTokenAt: number | null
      readonly lastTokenAt: number | null
    }
