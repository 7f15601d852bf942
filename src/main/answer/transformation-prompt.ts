import { assertNever } from '../../shared/assert-never.ts'
import { AppError } from '../../shared/errors.ts'
import type { Source } from '../../shared/passage.ts'
import type { TokenRatios } from '../ports/token-ratio-store.ts'
import { borderedPassage } from './bordered-text.ts'
import { estimateTokens } from './estimate-tokens.ts'
import { answerInstructions, type BuiltPrompt, frameTokens, instructionTokens, reserveFor } from './prompt.ts'
import { messageTokens } from './remembered-messages.ts'
import type { Transformation } from './transformation.ts'

/** What an answer in another form is made from. */
export interface TransformedAnswer {
  readonly transformation: Transformation
  /** The previous answer, with its citation marks. */
  readonly answer: string
  /** Its sources, by number: they stay what the marks point at. */
  readonly sources: readonly Source[]
}

/**
 * The previous answer, the passages it cites and what to do with it. Passages that do not fit are left out, uncited ones
 * first: the answer itself is what is rewritten.
 * @throws AppError `context-overflow` when the answer alone does not fit
 */
export function buildTransformationPrompt(
  { transformation, answer, sources }: TransformedAnswer,
  { contextTokens, ratios }: { readonly contextTokens: number; readonly ratios: TokenRatios },
): Omit<BuiltPrompt, 'given'> {
  const count = (text: string): number => estimateTokens(text, ratios)
  const request = `Answer given before:\n${answer.trim()}\n\n${taskOf(transformation, answer)}`
  const instructions = instructionTokens(ratios)
  const questionTokens = count(request) + messageTokens + frameTokens
  const reserve = reserveFor(contextTokens)
  const room = contextTokens - reserve - instructions - questionTokens
  if (room <= 0) {
    throw new AppError(
      'context-overflow',
      'The previous answer is too long for the context of the model. Allow more context in Settings.',
      { details: { contextTokens } },
    )
  }
  const given: Source[] = []
  const leftOut: Source[] = []
  let passageTokens = 0
  for (const source of sources.toSorted((a, b) => Number(b.isCited) - Number(a.isCited) || a.number - b.number)) {
    const tokens = count(borderedPassage(source, source.number)) + 2
    if (leftOut.length > 0 || passageTokens + tokens > room) leftOut.push(source)
    else {
      given.push(source)
      passageTokens += tokens
    }
  }
  const passages = given.map((source) => borderedPassage(source, source.number)).join('\n')
  return {
    messages: [
      { role: 'system', content: answerInstructions },
      { role: 'user', content: `<passages>\n${passages}\n</passages>\n\n${request}` },
    ],
    leftOut,
    context: {
      limitTokens: contextTokens,
      instructionTokens: instructions,
      historyTokens: 0,
      passageTokens,
      questionTokens,
      reserveTokens: reserve,
      estimatedPromptTokens: instructions + passageTokens + questionTokens,
      summarisedTurns: 0,
      droppedTurns: 0,
    },
  }
}

function taskOf(transformation: Transformation, answer: string): string {
  const isChinese = /\p{Script=Han}/u.test(answer)
  const language =
    transformation.kind === 'translate'
      ? (transformation.language ?? (isChinese ? 'English' : 'Simplified Chinese'))
      : null
  return [
    `Task: ${instructionOf(transformation.kind, language)}`,
    'Keep the passage numbers in square brackets behind the statements they belong to. Add nothing that is not in it.',
    language === null
      ? `Write in ${isChinese ? 'Chinese' : 'the language of the answer given before'}, and only the new answer.`
      : `Write in ${language}, and only the new answer.`,
  ].join('\n')
}

function instructionOf(kind: Transformation['kind'], language: string | null): string {
  switch (kind) {
    case 'shorter':
      return 'Write the answer given before again, much shorter. Keep what matters most.'
    case 'simpler':
      return 'Write the answer given before again in simple, everyday words.'
    case 'table':
      return 'Write the answer given before as a Markdown table with a header row.'
    case 'list':
      return 'Write the answer given before as a short list of points, one statement each.'
    case 'translate':
      return `Translate the answer given before into ${language ?? 'English'}. Keep its form.`
    default:
      return assertNever(kind)
  }
}
