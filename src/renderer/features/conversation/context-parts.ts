import type { ContextUsage, Usage } from '../../../shared/conversation.ts'
import type { Passage } from '../../../shared/passage.ts'
import type { TurnView } from './turn-window.ts'

/** What a part of the context is; `free` is neither used nor reserved. */
export const contextPartNames = ['instructions', 'history', 'passages', 'question', 'reserve', 'free'] as const
export type ContextPartName = (typeof contextPartNames)[number]

/** Tokens, and the share 0..1 of the whole context. */
export interface ContextPart {
  readonly name: ContextPartName
  readonly tokens: number
  readonly share: number
}

/** The parts of a prompt in the order it is read, then what was kept free. They add up to the whole. */
export function contextParts(context: ContextUsage): readonly ContextPart[] {
  const { limitTokens, estimatedPromptTokens, reserveTokens } = context
  const tokens: Record<ContextPartName, number> = {
    instructions: context.instructionTokens,
    history: context.historyTokens,
    passages: context.passageTokens,
    question: context.questionTokens,
    reserve: reserveTokens,
    free: Math.max(0, limitTokens - estimatedPromptTokens - reserveTokens),
  }
  return contextPartNames.map((name) => ({ name, tokens: tokens[name], share: tokens[name] / limitTokens }))
}

/** How full the prompt made the context, 0..1: by the server's count, else by the estimate. */
export function promptShare(context: ContextUsage, promptTokens: number | null): number {
  return Math.min(1, (promptTokens ?? context.estimatedPromptTokens) / context.limitTokens)
}

/** `cut`: the prompt filled the context, so the server may have dropped its beginning. `low`: it was longer than estimated. */
export type ContextTrouble = 'cut' | 'low'

/** What the server's count says against the plan; null when it held, or when nothing was counted. */
export function contextTrouble({
  context,
  promptTokens,
}: Pick<Usage, 'context' | 'promptTokens'>): ContextTrouble | null {
  if (context === null || promptTokens === null) return null
  if (promptTokens >= context.limitTokens) return 'cut'
  return promptTokens > context.estimatedPromptTokens ? 'low' : null
}

/** The last answer that a model wrote, for the meter at the composer; null before the first one. */
export function lastUsage(
  turns: readonly TurnView[],
): { readonly usage: Usage; readonly passages: readonly Passage[] } | null {
  const answer = turns.findLast((turn) => turn.answer.usage?.context != null)?.answer
  return answer?.usage == null ? null : { usage: answer.usage, passages: answer.sources ?? answer.passages }
}
