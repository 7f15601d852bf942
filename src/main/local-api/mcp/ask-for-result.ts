import type { AnswerEvent, AnswerResult } from '../../../shared/answer-stream.ts'
import { deserializeError } from '../../../shared/errors.ts'
import { stopped } from '../begun-answer.ts'

/** Follows an answer to its end. `tell` hears each stage and each piece of text. @throws AppError when it failed or was stopped. */
export async function askForResult(
  events: AsyncIterable<AnswerEvent>,
  tell: (message: string) => Promise<void>,
): Promise<AnswerResult> {
  let result: AnswerResult | null = null
  for await (const event of events) {
    switch (event.type) {
      case 'status':
        await tell(event.stage)
        break
      case 'token':
        await tell(event.text)
        break
      case 'passages':
      case 'reasoning':
        break
      case 'stop':
        result = event.result
        break
      case 'failure':
        throw deserializeError(event.error)
    }
  }
  if (result === null || result.finishReason === 'aborted') throw stopped()
  return result
}
