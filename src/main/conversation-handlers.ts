import type { RequestChannel } from '../shared/channels.ts'
import { AppError } from '../shared/errors.ts'
import { exportFileName } from '../shared/export-file-name.ts'
import { exportEndings } from '../shared/export-format.ts'
import type { ConversationId } from '../shared/ids.ts'
import { clipboardHtml } from './export/clipboard-html.ts'
import type { HandlerParts, Handlers } from './handlers.ts'

type ConversationChannel = Extract<RequestChannel, `conversations:${string}`>

/** What the page asks about its conversations; every window hears of what changed. @throws AppError, which becomes the reply. */
export function createConversationHandlers(
  parts: Pick<
    HandlerParts,
    'conversations' | 'conversationExport' | 'conversationUpkeep' | 'desktop' | 'endConversation' | 'push' | 'signal'
  >,
): Handlers<ConversationChannel> {
  const { conversations, signal } = parts

  const tellChanged = (id: ConversationId): void => {
    const summary = conversations.summary(id)
    if (summary !== null) parts.push({ type: 'conversations', changed: [summary], removed: [] })
  }

  return {
    'conversations:list': (request) => {
      const { total, conversations: rows } = conversations.list(request)
      return { total, conversations: [...rows] }
    },
    'conversations:turns': ({ id, ...options }) => conversations.turns(id, options),
    'conversations:search': (request) => conversations.search(request, { signal }),
    'conversations:rename': ({ id, title }) => {
      conversations.rename(id, title)
      tellChanged(id)
      return {}
    },
    'conversations:delete': ({ id }) => {
      parts.endConversation(id)
      conversations.delete(id)
      parts.push({ type: 'conversations', changed: [], removed: [id] })
      return {}
    },
    'conversations:export': async ({ id, answerId, format, language }) => {
      const title = conversations.summary(id)?.title
      if (title === undefined) throw new AppError('not-found', 'This conversation no longer exists.')
      const path = await parts.desktop.chooseNewFile({ fileName: exportFileName(title, exportEndings[format]), format })
      if (path === null) return { isSaved: false }
      const { conversationExport } = parts
      await conversationExport.write(path, conversationExport.pieces({ id, answerId, format, language, signal }))
      return { isSaved: true }
    },
    'conversations:as-html': ({ markdown }) => ({ html: clipboardHtml(markdown) }),
    'conversations:restore': ({ id }) => {
      conversations.restore(id)
      tellChanged(id)
      return {}
    },
    'conversations:choose-answer': ({ answerId }) => conversations.chooseAnswer(answerId),
    'conversations:deleted': () => ({ conversations: [...conversations.deleted()] }),
    'conversations:delete-for-ever': ({ id }) => {
      conversations.deleteForEver(id)
      parts.conversationUpkeep.wake()
      return {}
    },
  }
}
