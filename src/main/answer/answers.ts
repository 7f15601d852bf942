import { randomUUID } from 'node:crypto'
import { AppError } from '../../shared/errors.ts'
import type { ConversationId } from '../../shared/ids.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'

/** Why an answer was ended before its time; the word appears in the log. */
export type AbortReason =
  | 'stopped by the reader'
  | 'client disconnected'
  | 'window closed'
  | 'page reloaded'
  | 'page crashed'
  | 'computer sleeps'
  | 'conversation deleted'
  | 'quitting'

export interface ActiveAnswer extends Disposable {
  readonly id: string
  readonly frontEnd: string
  readonly conversationId: ConversationId
  readonly startedAt: number
  /** Reaches condensing, search, workers and the generator. */
  readonly signal: AbortSignal
  abort(reason: AbortReason): void
}

/**
 * The registry of active answers, the one owner of their AbortControllers. Three log lines a life: open with the active
 * count, client disconnected (when one vanished), closed with the remaining count, each with the id.
 */
export interface Answers {
  /**
   * @throws AppError `busy` when the conversation already has an active answer, or Carrel is quitting.
   * `signal` is the front end's own; when it aborts, its client has gone, or its reader said stop (the reason tells).
   */
  open(options: {
    readonly frontEnd: string
    readonly conversationId: ConversationId
    readonly signal: AbortSignal
  }): ActiveAnswer
  readonly count: number
  /** Oldest first. */
  list(): readonly Pick<ActiveAnswer, 'id' | 'frontEnd' | 'conversationId' | 'startedAt'>[]
  abortFrontEnd(frontEnd: string, reason: AbortReason): void
  abortConversation(conversationId: ConversationId, reason: AbortReason): void
  abortAll(reason: AbortReason): void
  /** Aborts all, refuses new ones, and resolves when the last has closed. */
  close(): Promise<void>
  /** Called with the active count whenever it changes. @returns what ends that */
  onCount(listener: (count: number) => void): () => void
}

export function createAnswers({ clock, log }: { readonly clock: Clock; readonly log: Log }): Answers {
  const active = new Map<string, ActiveAnswer>()
  const listeners = new Set<(count: number) => void>()
  const whenEmpty: (() => void)[] = []
  let isClosing = false

  const changed = (): void => {
    for (const listener of listeners) listener(active.size)
    if (active.size === 0) for (const resolve of whenEmpty.splice(0)) resolve()
  }

  const abortWhere = (matches: (answer: ActiveAnswer) => boolean, reason: AbortReason): void => {
    for (const answer of active.values()) if (matches(answer)) answer.abort(reason)
  }

  return {
    open({ frontEnd, conversationId, signal }) {
      if (isClosing) throw new AppError('busy', 'Carrel is closing. Start it again to ask.')
      for (const answer of active.values()) {
        if (answer.conversationId === conversationId) {
          throw new AppError(
            'busy',
            'This conversation is still being answered. Wait for it to end, or stop it first.',
            {
              retryable: true,
            },
          )
        }
      }
      const id = randomUUID()
      const controller = new AbortController()
      const abort = (reason: AbortReason): void => {
        if (controller.signal.aborted || !active.has(id)) return
        log.info(`answer ${id}: ${reason === 'client disconnected' ? reason : `ended early, ${reason}`}`)
        controller.abort()
      }
      const onClientGone = (): void =>
        abort(signal.reason === 'stopped by the reader' ? signal.reason : 'client disconnected')
      const answer: ActiveAnswer = {
        id,
        frontEnd,
        conversationId,
        startedAt: clock.now(),
        signal: controller.signal,
        abort,
        [Symbol.dispose]() {
          signal.removeEventListener('abort', onClientGone)
          if (!active.delete(id)) return
          log.info(`answer ${id}: closed, ${active.size} active`)
          changed()
        },
      }
      active.set(id, answer)
      log.info(`answer ${id}: opened by ${frontEnd}, ${active.size} active`)
      changed()
      if (signal.aborted) onClientGone()
      else signal.addEventListener('abort', onClientGone, { once: true })
      return answer
    },
    get count() {
      return active.size
    },
    list: () =>
      [...active.values()].map(({ id, frontEnd, conversationId, startedAt }) => ({
        id,
        frontEnd,
        conversationId,
        startedAt,
      })),
    abortFrontEnd: (frontEnd, reason) => abortWhere((answer) => answer.frontEnd === frontEnd, reason),
    abortConversation: (conversationId, reason) =>
      abortWhere((answer) => answer.conversationId === conversationId, reason),
    abortAll: (reason) => abortWhere(() => true, reason),
    async close() {
      isClosing = true
      if (active.size === 0) return
      const empty = new Promise<void>((resolve) => whenEmpty.push(resolve))
      abortWhere(() => true, 'quitting')
      await empty
    },
    onCount(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
