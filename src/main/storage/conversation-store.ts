import { AppError } from '../../shared/errors.ts'
import { messageIdSchema } from '../../shared/ids.ts'
import type { Clock } from '../ports/clock.ts'
import type { ConversationStore } from '../ports/conversation-store.ts'
import { createConversationList } from './conversation-list.ts'
import { expireDeleted, purgeDeleted } from './conversation-purge.ts'
import { titleOf } from './conversation-title.ts'
import type { Database } from './database.ts'
import { chooseAnswer, keyOfLastTurn, putInPlace } from './replaced-turns.ts'
import type { SearchThread } from './search-thread.ts'
import { createTurnPages } from './turn-pages.ts'
import {
  readLastScope,
  rememberConversation,
  rememberOneTurn,
  saveProgress,
  saveSummary,
  writeSources,
} from './turn-records.ts'
import { indexBacklog, writeTurnWords } from './turn-words.ts'

/** Conversations with their frozen evidence. */
export function createConversationStore(
  database: Database,
  options: { readonly clock: Clock; readonly thread: SearchThread },
): ConversationStore {
  const { clock, thread } = options
  return {
    beginTurn: ({ conversationId, question, scope = null, replaces = null }) =>
      database.transaction('begin turn', () => {
        const replaced = replaces === null ? null : keyOfLastTurn(database, conversationId, replaces)
        const questionId = messageIdSchema.parse(crypto.randomUUID())
        const answerId = messageIdSchema.parse(crypto.randomUUID())
        const now = clock.now()
        // A program that keeps its ids would otherwise go on where nobody can see it.
        const isDeleted = 'SELECT 1 FROM conversation WHERE id = ? AND deleted_at IS NOT NULL'
        if (database.get(isDeleted, [conversationId]) !== undefined)
          throw new AppError('not-found', 'This conversation was deleted. Start a new one, or bring it back first.')
        database.run(
          `INSERT INTO conversation (id, title, created_at, updated_at, turn_count) VALUES (@id, @title, @now, @now, 1)
           ON CONFLICT (id) DO UPDATE SET updated_at = @now, turn_count = turn_count + @added`,
          { id: conversationId, title: titleOf(question), now, added: replaced === null ? 1 : 0 },
        )
        database.run(
          `INSERT INTO turn (conversation_id, question_id, answer_id, question, scope, asked_at, replaced_by)
           VALUES (?, ?, ?, ?, ?, ?, ?)`,
          [
            conversationId,
            questionId,
            answerId,
            question,
            scope === null ? null : JSON.stringify(scope),
            now,
            replaced,
          ],
        )
        return { questionId, answerId }
      }),

    finishTurn: (answerId, finished) =>
      database.transaction('finish turn', () => {
        const turn = database.get<{
          key: number
          conversation_id: string
          question: string
          replaced_by: number | null
        }>('SELECT key, conversation_id, question, replaced_by FROM turn WHERE answer_id = ?', [answerId])
        // Its conversation was deleted for ever while the answer was being written, which also stopped it.
        if (turn === undefined) return
        database.run(
          `UPDATE turn SET condensed_question = @condensedQuestion, translated_question = @translatedQuestion,
             answer = @answer, reasoning = @reasoning, mode = @mode, model = @model, finish_reason = @finishReason,
             error = @error, usage = @usage, citation_check = @check WHERE key = @key`,
          {
            key: turn.key,
            condensedQuestion: finished.condensedQuestion,
            translatedQuestion: finished.translatedQuestion,
            answer: finished.answer,
            reasoning: finished.reasoning,
            mode: finished.mode,
            model: finished.model,
            finishReason: finished.finishReason,
            error: finished.error === null ? null : JSON.stringify(finished.error),
            usage: JSON.stringify(finished.usage),
            check: JSON.stringify(finished.check),
          },
        )
        writeSources(database, turn.key, finished.sources)
        if (turn.replaced_by !== null && finished.answer !== '') putInPlace(database, turn.key, turn.replaced_by)
        writeTurnWords(database, turn.key, { question: turn.question, answer: finished.answer })
        database.run('UPDATE conversation SET updated_at = ? WHERE id = ?', [clock.now(), turn.conversation_id])
      }),

    chooseAnswer: (answerId) => chooseAnswer(database, answerId),

    lastScope: (id) => readLastScope(database, id),
    remember: (id) => rememberConversation(database, id),
    rememberTurn: (answerId) => rememberOneTurn(database, answerId),
    saveProgress: (answerId, progress) =>
      database.transaction('save progress', () => saveProgress(database, answerId, progress)),
    saveSummary: (id, { summary: text, until }) => saveSummary(database, id, text, until),

    recover: () =>
      database.transaction('recover turns', () => {
        const turns = database.all<{ key: number; question: string; answer: string }>(
          'SELECT key, question, answer FROM turn WHERE finish_reason IS NULL',
        )
        for (const turn of turns) {
          database.run("UPDATE turn SET finish_reason = 'aborted' WHERE key = ?", [turn.key])
          writeTurnWords(database, turn.key, turn)
        }
        return turns.length
      }),

    ...createConversationList(database, { clock }),
    ...createTurnPages(database),
    expireDeleted: (before) => expireDeleted(database, before),
    tidy: () => purgeDeleted(database) || indexBacklog(database),
    search: (query, { signal }) => thread.ask({ kind: 'search-conversations', query }, { signal }),
  }
}
