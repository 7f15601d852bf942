import { type ExportedTurn, type ExportLanguage, escapeMarkdown, turnMarkdown } from '../shared/answer-markdown.ts'
import type { Turn } from '../shared/conversation.ts'
import type { ConversationId, MessageId } from '../shared/ids.ts'
import type { ConversationStore } from './interfaces.ts'
import { writeExport } from './write-export.ts'

/** Read and written at once: a few milliseconds of main. */
const turnsPerSlice = 10

/** What is exported; with an answer's id that answer alone. Abort ends the reading between two slices. */
export interface ExportWish {
  readonly id: ConversationId
  readonly answerId: MessageId | null
  readonly signal: AbortSignal
}

/** A conversation for keeping outside. @throws AppError `not-found`; the signal's reason. */
export interface ConversationExport {
  /** Oldest first, read slice by slice with the event loop free in between. */
  turns(wish: ExportWish): AsyncIterable<Turn>
  /** Piece by piece: the title, then each question with its answer and references. */
  markdown(wish: ExportWish & { readonly language: ExportLanguage }): AsyncIterable<string>
  /** See write-export.ts. */
  write(path: string, pieces: AsyncIterable<string>): Promise<void>
}

export function createConversationExport(
  conversations: Pick<ConversationStore, 'summary' | 'turns'>,
): ConversationExport {
  async function* turns({ id, answerId, signal }: ExportWish): AsyncGenerator<Turn> {
    if (answerId !== null) {
      yield* conversations.turns(id, { at: { answer: answerId }, limit: 1 }).turns
      return
    }
    let after = 0
    for (;;) {
      signal.throwIfAborted()
      const page = conversations.turns(id, { at: { after }, limit: turnsPerSlice })
      yield* page.turns
      const last = page.turns.at(-1)
      if (last === undefined || !page.hasNewer) return
      after = last.key
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return {
    turns,
    async *markdown({ language, ...wish }) {
      const title = conversations.summary(wish.id)?.title ?? ''
      yield `# ${escapeMarkdown(title.replace(/\s+/gu, ' ').trim())}\n`
      for await (const turn of turns(wish)) yield `\n${turnMarkdown(toExported(turn), language)}`
    },
    write: writeExport,
  }
}

function toExported(turn: Turn): ExportedTurn {
  return { ...turn, ending: endingOf(turn) }
}

function endingOf({ finishReason }: Turn): ExportedTurn['ending'] {
  switch (finishReason) {
    case null:
      return 'answering'
    case 'stop':
      return 'complete'
    case 'aborted':
      return 'stopped'
    case 'error':
      return 'failed'
    case 'length':
      return 'length'
  }
}
