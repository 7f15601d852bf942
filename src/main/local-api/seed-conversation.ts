import { emptyCitationCheck } from '../../shared/citation-check.ts'
import type { ConversationId } from '../../shared/ids.ts'
import type { ConversationStore } from '../ports/conversation-store.ts'
import type { ChatTurn } from './chat-completions.ts'

/**
 * Writes what a client says was said before into a conversation that is not known yet, as turns without sources, so that its
 * next question is understood like any follow-up. A known conversation has its own memory and is left as it is.
 */
export function seedConversation(
  conversations: Pick<ConversationStore, 'summary' | 'beginTurn' | 'finishTurn'>,
  conversationId: ConversationId,
  turns: readonly ChatTurn[],
): void {
  if (turns.length === 0 || conversations.summary(conversationId) !== null) return
  for (const [index, { role, content }] of turns.entries()) {
    const reply = turns[index + 1]
    if (role !== 'user' || reply?.role !== 'assistant') continue
    const { answerId } = conversations.beginTurn({ conversationId, question: content })
    conversations.finishTurn(answerId, {
      answer: reply.content,
      condensedQuestion: null,
      translatedQuestion: null,
      reasoning: '',
      mode: 'generated',
      model: null,
      finishReason: 'stop',
      error: null,
      sources: [],
      check: emptyCitationCheck,
      usage: { promptTokens: null, answerTokens: null, stageMs: {}, leftOutPassageIds: [], context: null },
    })
  }
}
