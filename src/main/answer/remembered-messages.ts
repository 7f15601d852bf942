import type { RememberedConversation, RememberedTurn } from '../ports/conversation-store.ts'
import type { ChatMessage } from '../ports/generator.ts'
import { borderedNotes, borderedQuotations, plainText } from './bordered-text.ts'

/** A past turn as the prompt holds it. */
export interface TurnMessages {
  readonly turn: RememberedTurn
  readonly tokens: number
  readonly messages: readonly [ChatMessage, ChatMessage]
}

export interface ChosenHistory {
  /** Null: there is none, or it does not fit. */
  readonly notes: { readonly text: string; readonly tokens: number } | null
  /** Oldest first. */
  readonly turns: readonly TurnMessages[]
  readonly tokens: number
}

type CountTokens = (text: string) => number

/** What the template costs around a message. */
export const messageTokens = 8

/** Turns in which something was answered, as messages. Marks are gone: their numbers meant passages of that time. */
export function toTurnMessages(turns: readonly RememberedTurn[], count: CountTokens): readonly TurnMessages[] {
  return turns
    .filter(({ answer }) => answer.trim() !== '')
    .map((turn) => {
      const answer = turn.answer.replaceAll(/[ \u2060]*\[\d{1,3}\]/g, '').trim()
      const messages = [
        { role: 'user', content: `Question: ${plainText(turn.question)}` },
        { role: 'assistant', content: turn.mode === 'quotes' ? borderedQuotations(answer) : plainText(answer) },
      ] as const
      const tokens = messages.reduce((sum, { content }) => sum + count(content) + messageTokens, 0)
      return { turn, tokens, messages }
    })
}

/**
 * Where the turns begin that are kept in their own words. When they outgrow `shareTokens`, the oldest go, until half of it is
 * free: the beginning of the prompt then stays the same for several turns, and the server need not read it again.
 */
export function keptFrom(tokens: readonly number[], shareTokens: number): number {
  let first = 0
  let sum = 0
  tokens.forEach((turnTokens, index) => {
    sum += turnTokens
    if (sum <= shareTokens) return
    while (first <= index && sum > shareTokens / 2) {
      sum -= tokens[first] ?? 0
      first += 1
    }
  })
  return first
}

/** Summary and recent turns within `shareTokens`. */
export function chooseHistory(
  history: RememberedConversation,
  { shareTokens, count }: { readonly shareTokens: number; readonly count: CountTokens },
): ChosenHistory {
  const text = history.summary === null ? null : borderedNotes(history.summary)
  const noteTokens = text === null ? 0 : count(text) + 2
  const notes = text === null || noteTokens > shareTokens / 2 ? null : { text, tokens: noteTokens }
  const turns = toTurnMessages(history.turns, count)
  const left = shareTokens - (notes?.tokens ?? 0)
  const kept = turns.slice(
    keptFrom(
      turns.map(({ tokens }) => tokens),
      left,
    ),
  )
  return { notes, turns: kept, tokens: sumOf(kept) + (notes?.tokens ?? 0) }
}

/** Without its oldest turn; without its notes when no turn is left. */
export function withoutOldest(history: ChosenHistory): ChosenHistory {
  if (history.turns.length === 0) return { notes: null, turns: [], tokens: 0 }
  const turns = history.turns.slice(1)
  return { notes: history.notes, turns, tokens: sumOf(turns) + (history.notes?.tokens ?? 0) }
}

const sumOf = (turns: readonly TurnMessages[]): number => turns.reduce((sum, { tokens }) => sum + tokens, 0)
