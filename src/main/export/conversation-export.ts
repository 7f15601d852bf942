import { type ExportedTurn, type ExportLanguage, escapeMarkdown, turnMarkdown } from '../../shared/answer-markdown.ts'
import type { Turn } from '../../shared/conversation.ts'
import type { ExportFormat } from '../../shared/export-format.ts'
import type { ConversationId, MessageId } from '../../shared/ids.ts'
import type { ConversationStore } from '../ports/conversation-store.ts'
import { htmlBeginning, htmlEnd, htmlOfMarkdown } from './html-page.ts'
import { wordDocument } from './word-document.ts'
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
  /** The same in any format. */
  pieces(
    wish: ExportWish & { readonly language: ExportLanguage; readonly format: ExportFormat },
  ): AsyncIterable<string | Uint8Array>
  /** See write-export.ts. */
  write(path: string, pieces: AsyncIterable<string | Uint8Array>): Promise<void>
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
  const titleOf = (id: ConversationId): string => (conversations.summary(id)?.title ?? '').replace(/\s+/gu, ' ').trim()
  async function* turnsAsMarkdown(wish: ExportWish, language: ExportLanguage): AsyncGenerator<string> {
    for await (const turn of turns(wish)) yield turnMarkdown(toExported(turn), language)
  }
  async function* markdown({
    language,
    ...wish
  }: ExportWish & { readonly language: ExportLanguage }): AsyncGenerator<string> {
    yield `# ${escapeMarkdown(titleOf(wish.id))}\n`
    for await (const turn of turnsAsMarkdown(wish, language)) yield `\n${turn}`
  }
  async function* html({
    language,
    ...wish
  }: ExportWish & { readonly language: ExportLanguage }): AsyncGenerator<string> {
    yield htmlBeginning(titleOf(wish.id), language)
    for await (const turn of turnsAsMarkdown(wish, language)) yield htmlOfMarkdown(turn)
    yield htmlEnd
  }
  return {
    turns,
    markdown,
    pieces({ format, ...wish }) {
      switch (format) {
        case 'markdown':
          return markdown(wish)
        case 'html':
          return html(wish)
        case 'docx':
          return wordDocument(titleOf(wish.id), turnsAsMarkdown(wish, wish.language), wish.language)
      }
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
