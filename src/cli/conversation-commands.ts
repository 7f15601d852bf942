import { access } from 'node:fs/promises'
import type { Carrel } from '../main/compose.ts'
import type { ConversationSummary } from '../shared/conversation.ts'
import { AppError } from '../shared/errors.ts'
import { exportFormatOf } from '../shared/export-format.ts'
import { type CommandOptions, type ExitCode, exitCodes } from './command-options.ts'

const listPage = 500
const hitsPerPage = 100
const idPrefix = /^[0-9a-f-]{8,}$/i

/** One line (or JSON line) a conversation, newest first. */
export async function listConversations(carrel: Carrel, { output, isJson, signal }: CommandOptions): Promise<ExitCode> {
  for await (const conversation of allConversations(carrel, signal)) {
    if (isJson) await output.json(conversation)
    else {
      const { id, title, updatedAt, turnCount, state } = conversation
      await output.line(`${id}  ${moment(updatedAt)}  ${String(turnCount).padStart(4)}  ${state.padEnd(9)}  ${title}`)
    }
  }
  return exitCodes.done
}

/** What was said, newest first: every word by its beginning. */
export async function searchConversations(
  carrel: Carrel,
  { query, limit }: { readonly query: string; readonly limit: number },
  { output, isJson, signal }: CommandOptions,
): Promise<ExitCode> {
  await carrel.conversationUpkeep.finish({ signal })
  let left = limit
  let beforeKey: number | null = null
  let isFirst = true
  do {
    const { titles, turns, nextKey } = await carrel.conversations.search(
      { query, beforeKey, limit: Math.min(left, hitsPerPage) },
      { signal },
    )
    for (const { conversation } of titles) {
      if (isJson) await output.json({ type: 'title', ...conversation })
      else await output.line(`${conversation.id}  ${moment(conversation.updatedAt)}  ${conversation.title}`)
    }
    for (const turn of turns) {
      if (isJson) await output.json({ type: 'turn', ...turn })
      else {
        await output.line(`${turn.conversationId}  ${moment(turn.askedAt)}  ${turn.title}`)
        await output.line(`   ${turn.part}: ${turn.excerpt.text}`)
      }
    }
    if (isFirst && titles.length + turns.length === 0 && !isJson) await output.line('Nothing found.')
    isFirst = false
    left -= turns.length
    beforeKey = nextKey
  } while (beforeKey !== null && left > 0)
  return exitCodes.done
}

/** With references, by the file's ending Markdown, HTML or Word, or JSON lines of turns; to standard output or a new file. */
export async function exportConversation(
  carrel: Carrel,
  { id, file }: { readonly id: string; readonly file: string | null },
  { output, isJson, signal }: CommandOptions,
): Promise<ExitCode> {
  const conversation = await findConversation(carrel, id, signal)
  const { conversationExport } = carrel
  const { language } = await carrel.handlers['settings:get']({})
  const whole = { id: conversation.id, answerId: null, signal }
  const told = { ...whole, language: language === 'zh-CN' ? 'zh-CN' : 'en' } as const
  if (file === null) {
    const pieces = isJson ? jsonLines(conversationExport.turns(whole)) : conversationExport.markdown(told)
    for await (const piece of pieces) await output.write(piece)
    return exitCodes.done
  }
  if (await isThere(file))
    throw new AppError('invalid-request', `There is a file already: ${file}. Move it, or give another name.`)
  await conversationExport.write(
    file,
    isJson
      ? jsonLines(conversationExport.turns(whole))
      : conversationExport.pieces({ ...told, format: exportFormatOf(file) }),
  )
  output.remark(`Written to ${file}`)
  return exitCodes.done
}

async function* allConversations(carrel: Carrel, signal: AbortSignal): AsyncGenerator<ConversationSummary> {
  for (let offset = 0; ; offset += listPage) {
    signal.throwIfAborted()
    const { conversations, total } = carrel.conversations.list({ offset, limit: listPage })
    yield* conversations
    if (offset + listPage >= total) return
  }
}

/** By its id, or the first 8 or more characters of one. */
async function findConversation(carrel: Carrel, id: string, signal: AbortSignal): Promise<ConversationSummary> {
  const found: ConversationSummary[] = []
  if (idPrefix.test(id))
    for await (const conversation of allConversations(carrel, signal))
      if (conversation.id.startsWith(id.toLowerCase())) found.push(conversation)
  const [first, ...more] = found
  if (first === undefined) throw new AppError('not-found', `There is no conversation ${id}. See carrel conversations.`)
  if (more.length > 0)
    throw new AppError('invalid-request', `${found.length} conversations begin with ${id}. Give more of the id.`)
  return first
}

async function* jsonLines(turns: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const turn of turns) yield `${JSON.stringify(turn)}\n`
}

function moment(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ')
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
