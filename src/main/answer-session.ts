import {
  type AnswerEvent,
  creditWindowEvents,
  initialStreamState,
  advanceStream,
  streamReplySchema,
  type StreamEvent,
  type StreamState,
  toStreamEvents,
  type UnnumberedStreamEvent,
} from '../shared/answer-stream.ts'
import { isAbortError, serializeError } from '../shared/errors.ts'
import type { AskRequest } from '../shared/ipc.ts'
import type { AbortReason } from './answer/answers.ts'
import type { StreamAnswer } from './answer/stream-answer.ts'
import { createTokenJoiner } from './token-joiner.ts'
import type { Clock } from './ports/clock.ts'
import type { Log } from './ports/log.ts'

/** One end of a MessagePort, whoever made it. `onClose` fires once when the other end is gone. */
export interface AnswerPort {
  /** For the registry and its log, such as `window:3`. */
  readonly frontEnd: string
  post(event: StreamEvent): void
  onReply(listener: (reply: unknown) => void): void
  onClose(listener: () => void): void
  close(): void
}

/**
 * Serves one answer over one port, from the first event to the terminal one, then closes the port.
 *
 * Credit: at most {@link creditWindowEvents} events are unacknowledged; then nothing more is pulled from the pipeline, so
 * that the model's socket is not read either. The terminal events are sent whatever the credit. A reply that is not of
 * the contract, an `abort` and a closed port all end the answer; only an `abort` still gets its terminal event.
 */
export async function serveAnswer(
  port: AnswerPort,
  request: AskRequest,
  { streamAnswer, clock, log }: { readonly streamAnswer: StreamAnswer; readonly clock: Clock; readonly log: Log },
): Promise<void> {
  const controller = new AbortController()
  let state: StreamState = initialStreamState
  let acknowledged = 0
  let isOpen = true
  /** Whoever ended the answer (quit, sleep, the reader), nothing waits for credit any more. */
  let isEnding = false
  let resume: (() => void) | null = null
  const wake = (): void => {
    resume?.()
    resume = null
  }

  port.onClose(() => {
    isOpen = false
    controller.abort('client disconnected' satisfies AbortReason)
    wake()
  })
  port.onReply((reply) => {
    const parsed = streamReplySchema.safeParse(reply)
    if (!parsed.success) {
      log.warn(`answer port of ${port.frontEnd}: a reply outside the contract, the answer is stopped`)
      controller.abort()
    } else if (parsed.data.type === 'abort') {
      controller.abort('stopped by the reader' satisfies AbortReason)
    } else {
      acknowledged = Math.max(acknowledged, Math.min(parsed.data.sequence + 1, state.nextSequence))
    }
    wake()
  })

  const send = (event: UnnumberedStreamEvent): void => {
    if (!isOpen) return
    const numbered: StreamEvent = { ...event, sequence: state.nextSequence }
    state = advanceStream(state, numbered)
    port.post(numbered)
  }
  const hasCredit = (): boolean => state.nextSequence - acknowledged < creditWindowEvents
  const joiner = createTokenJoiner({ clock, send, hasCredit })

  const deliver = async (event: AnswerEvent): Promise<void> => {
    if (event.type === 'token' || event.type === 'reasoning') {
      joiner.push(event)
    } else {
      joiner.flush()
      for (const part of toStreamEvents(event)) send(part)
    }
    while (!hasCredit() && isOpen && !isEnding && !controller.signal.aborted) {
      await new Promise<void>((resolve) => {
        resume = resolve
      })
      joiner.flushIfDue()
    }
  }

  try {
    for await (const event of streamAnswer(request, {
      signal: controller.signal,
      frontEnd: port.frontEnd,
      onEnding() {
        isEnding = true
        wake()
      },
    }))
      await deliver(event)
  } catch (error) {
    joiner.flush()
    if (!isAbortError(error)) log.warn(`answer port of ${port.frontEnd}: refused`, error)
    if (state.phase !== 'ended') send({ type: 'error', error: serializeError(error) })
  } finally {
    joiner.close()
    port.close()
  }
}
