import type { AnswerEvent } from '../../shared/answer-stream.ts'
import { AppError } from '../../shared/errors.ts'

/** An answer whose first event is there; for one reader after the other. Disposed, nobody reads on: it is then over. */
export interface BegunAnswer extends AsyncDisposable {
  next(): Promise<IteratorResult<AnswerEvent>>
}

/** Asks for the first event, so that a refusal still has a status of its own. @throws what the service throws before it. */
export async function beginAnswer(events: AsyncIterable<AnswerEvent>): Promise<BegunAnswer> {
  const iterator = events[Symbol.asyncIterator]()
  let first: IteratorResult<AnswerEvent> | null = await iterator.next()
  return {
    next: () => {
      const next = first === null ? iterator.next() : Promise.resolve(first)
      first = null
      return next
    },
    [Symbol.asyncDispose]: async () => void (await iterator.return?.()),
  }
}

/** What is still to come; leaving the loop does not end the answer. */
export function untilClosed({ next }: BegunAnswer): AsyncIterable<AnswerEvent> {
  return { [Symbol.asyncIterator]: () => ({ next }) }
}

/** For who waits for an answer that was ended here. */
export function stopped(): AppError {
  return new AppError('generation-stopped', 'The answer was stopped in Carrel. Ask again.', { retryable: true })
}
