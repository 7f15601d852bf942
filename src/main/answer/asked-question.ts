import type { AnswerDraft } from './draft.ts'

/**
 * The question as the model is given it. What the reader wrote into the chip replaces their words; what a model made of them
 * only stands beside them, since it may be wrong.
 */
export function askedQuestion({ request, condensedQuestion }: AnswerDraft): string {
  if (request.condensedQuestion !== null) return request.condensedQuestion
  if (condensedQuestion === null) return request.question
  return /\p{Script=Han}/u.test(request.question)
    ? `${request.question}\n（即：${condensedQuestion}）`
    : `${request.question}\n(That is: ${condensedQuestion})`
}
