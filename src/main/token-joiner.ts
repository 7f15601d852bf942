import type { AnswerEvent, UnnumberedStreamEvent } from '../shared/answer-stream.ts'
import type { Clock } from './ports/clock.ts'

type TextEvent = Extract<AnswerEvent, { type: 'token' | 'reasoning' }>

const flushMs = 16
const flushUnits = 2048

/**
 * Joins small pieces of text on their way to the page: the first goes out at once, later ones every 16 ms or 2 KiB, so
 * that 300 tokens a second cost the page 60 events. Only pieces of one kind are joined; order never changes.
 */
export interface TokenJoiner {
  push(event: TextEvent): void
  /** Sends what waits, whatever the credit: before anything that follows the text. */
  flush(): void
  /** Sends what waited for credit. */
  flushIfDue(): void
  close(): void
}

export function createTokenJoiner(options: {
  readonly clock: Clock
  readonly send: (event: UnnumberedStreamEvent) => void
  readonly hasCredit: () => boolean
}): TokenJoiner {
  const { clock, send, hasCredit } = options
  let waiting: TextEvent | null = null
  let isFirst = true
  let isDue = false
  let cancelTimer: (() => void) | null = null

  const flush = (): void => {
    cancelTimer?.()
    cancelTimer = null
    isDue = false
    if (waiting === null) return
    const event = waiting
    waiting = null
    send(event)
  }
  const flushIfCredit = (): void => {
    if (hasCredit()) flush()
    else isDue = true
  }

  return {
    push(event) {
      if (waiting !== null && !isSameKind(waiting, event)) flush()
      waiting = waiting === null ? event : joined(waiting, event)
      if (isFirst || waiting.text.length >= flushUnits) {
        isFirst = false
        flushIfCredit()
      }
      if (waiting !== null && cancelTimer === null) {
        cancelTimer = clock.after(flushMs, () => {
          cancelTimer = null
          flushIfCredit()
        })
      }
    },
    flush,
    flushIfDue() {
      if (isDue) flushIfCredit()
    },
    close() {
      cancelTimer?.()
      cancelTimer = null
    },
  }
}

function isSameKind(a: TextEvent, b: TextEvent): boolean {
  if (a.type === 'token' && b.type === 'token') return a.addedBy === b.addedBy
  return a.type === b.type
}

function joined(a: TextEvent, b: TextEvent): TextEvent {
  const text = a.text + b.text
  if (a.type === 'reasoning' || b.type === 'reasoning') return { type: 'reasoning', text }
  const citations = [...(a.citations ?? []), ...(b.citations ?? [])]
  return {
    type: 'token',
    text,
    ...(a.addedBy === undefined ? {} : { addedBy: a.addedBy }),
    ...(citations.length === 0 ? {} : { citations }),
  }
}
