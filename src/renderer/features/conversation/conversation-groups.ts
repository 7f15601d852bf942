import type { ConversationSummary } from '../../../shared/conversation.ts'

export type DateGroup = 'today' | 'yesterday' | 'week' | 'earlier'

/** One line of the list: a heading, or a conversation with its place among all. */
export type ListLine =
  | { readonly type: 'heading'; readonly group: DateGroup }
  | { readonly type: 'conversation'; readonly conversation: ConversationSummary; readonly position: number }

/**
 * The conversations, newest first, under headings by calendar days of this computer. `now` and their times are milliseconds
 * since 1970; a time in the future (the clock was set back) counts as today.
 */
export function groupByDate(conversations: readonly ConversationSummary[], now: number): readonly ListLine[] {
  const lines: ListLine[] = []
  let current: DateGroup | null = null
  for (const [position, conversation] of conversations.entries()) {
    const group = dateGroup(conversation.updatedAt, now)
    if (group !== current) lines.push({ type: 'heading', group })
    current = group
    lines.push({ type: 'conversation', conversation, position })
  }
  return lines
}

function dateGroup(at: number, now: number): DateGroup {
  const today = new Date(now)
  // By the calendar: a day may have 23 or 25 hours.
  const dayStart = (daysAgo: number): number =>
    new Date(today.getFullYear(), today.getMonth(), today.getDate() - daysAgo).getTime()
  if (at >= dayStart(0)) return 'today'
  if (at >= dayStart(1)) return 'yesterday'
  return at >= dayStart(7) ? 'week' : 'earlier'
}
