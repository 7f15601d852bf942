import type { ConversationHits, TurnHit } from '../../shared/conversation-search.ts'
import { type ConversationId, messageIdSchema } from '../../shared/ids.ts'
import { type TypedWord, typedWords } from '../../shared/keyword-terms.ts'
import { selectSummary, type SummaryRow, toSummary } from './conversation-list.ts'
import type { Database } from './database.ts'
import { markAll, markExcerpt } from './mark-words.ts'
import { quietMarkdown } from './quiet-markdown.ts'
import { typedExpression } from './match-expression.ts'

export interface ConversationQuery {
  readonly query: string
  /** Only turns before this one: the next page. */
  readonly beforeKey: number | null
  readonly limit: number
}

const mostTitles = 20

interface HitRow {
  readonly key: number
  readonly conversation_id: ConversationId
  readonly title: string
  readonly answer_id: string
  readonly question: string
  readonly answer: string
  readonly asked_at: number
}

/**
 * Turns that hold every word typed (words by their beginnings, unspaced runs anywhere), newest first, and titles that do.
 * Deleted conversations and turns that were asked again are not found. Runs in the search thread.
 */
export function searchConversations(
  database: Database,
  { query, beforeKey, limit }: ConversationQuery,
): ConversationHits {
  const words = typedWords(query)
  const expression = typedExpression(words)
  const isComplete = database.get('SELECT 1 FROM turn_word_backlog') === undefined
  if (expression === null) return { titles: [], turns: [], nextKey: null, isComplete }
  return database.transaction('conversation search', () => {
    // The index comes first and gives its rows newest first: the search ends with the page, however much matches.
    const rows = database.all<HitRow>(
      `SELECT t.key, t.conversation_id, c.title, t.answer_id, t.question, t.answer, t.asked_at
       FROM turn_word CROSS JOIN turn t ON t.key = turn_word.rowid CROSS JOIN conversation c ON c.id = t.conversation_id
       WHERE turn_word MATCH ? AND turn_word.rowid < ? AND t.replaced_by IS NULL AND c.deleted_at IS NULL
       ORDER BY turn_word.rowid DESC LIMIT ?`,
      [expression, beforeKey ?? Number.MAX_SAFE_INTEGER, limit],
    )
    return {
      titles: beforeKey === null ? searchTitles(database, words) : [],
      turns: rows.map((row) => toHit(row, words)),
      nextKey: rows.length < limit ? null : (rows.at(-1)?.key ?? null),
      isComplete,
    }
  })
}

/** Only titles that a person gave; every other one is a question and found as such. */
function searchTitles(database: Database, words: readonly TypedWord[]): ConversationHits['titles'] {
  const titles: ConversationHits['titles'] = []
  const renamed = `${selectSummary} WHERE deleted_at IS NULL AND is_renamed = 1 ORDER BY updated_at DESC, id`
  for (const row of database.each<SummaryRow>(renamed)) {
    const title = markAll(row.title, words)
    if (title !== null) titles.push({ conversation: toSummary(row), title })
    if (titles.length === mostTitles) break
  }
  return titles
}

function toHit(row: HitRow, words: readonly TypedWord[]): TurnHit {
  const question = markExcerpt(row.question, words)
  const answer = question.found === words.length ? null : markExcerpt(quietMarkdown(row.answer), words)
  const isAnswer = answer !== null && answer.found > question.found
  return {
    conversationId: row.conversation_id,
    title: row.title,
    answerId: messageIdSchema.parse(row.answer_id),
    key: row.key,
    askedAt: row.asked_at,
    part: isAnswer ? 'answer' : 'question',
    excerpt: isAnswer ? answer.excerpt : question.excerpt,
  }
}
