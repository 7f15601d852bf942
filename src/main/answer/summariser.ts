import type { ConversationId } from '../../shared/ids.ts'
import type { ConversationStore } from '../ports/conversation-store.ts'
import type { Generator } from '../ports/generator.ts'
import type { Log } from '../ports/log.ts'
import type { TokenRatioStore } from '../ports/token-ratio-store.ts'
import { unknownModel } from './estimate-tokens.ts'
import { cleanSummary, summaryTask } from './summary-prompt.ts'

/** Who wrote the last answer: it is loaded, with this context, and another one would have to be. */
export interface SummarisingModel {
  readonly model: string
  readonly contextTokens: number
}

/**
 * Keeps notes on the older turns of conversations, by the local model, while nobody asks. It never costs an answer anything: a
 * question, `cancel` and quitting close the model's connection at once, and without notes older turns are only left out of
 * the prompt, which its answer says.
 */
export interface Summariser extends AsyncDisposable {
  /** An answer has ended: its conversation may have outgrown its share of the context. */
  answered(id: ConversationId, by: SummarisingModel): void
  /** While answers are being written nothing else asks the model. */
  setAnswering(isAnswering: boolean): void
  /** The conversation is gone: ends its notes at once. */
  forget(id: ConversationId): void
  /** Ends what runs, and forgets what waits. */
  cancel(): void
  /** True while the model is writing notes. */
  readonly isRunning: boolean
}

export function createSummariser(parts: {
  readonly generator: Generator
  readonly conversations: Pick<ConversationStore, 'remember' | 'saveSummary'>
  readonly tokenRatios: TokenRatioStore
  readonly log: Log
}): Summariser {
  const { generator, conversations, tokenRatios, log } = parts
  const waiting = new Map<ConversationId, SummarisingModel>()
  let running: { readonly id: ConversationId; readonly ending: AbortController; readonly ended: Promise<void> } | null =
    null
  let isAnswering = false
  let isClosed = false

  const write = async (
    id: ConversationId,
    { model, contextTokens }: SummarisingModel,
    signal: AbortSignal,
  ): Promise<void> => {
    const history = conversations.remember(id)
    const task = summaryTask(history, { contextTokens, ratios: tokenRatios.read(model) ?? unknownModel })
    if (task === null) return
    const { messages, maxAnswerTokens, until } = task
    log.info(`conversation ${id}: notes on older turns begin`)
    let text = ''
    for await (const event of generator.generate({ model, messages, contextTokens, maxAnswerTokens }, { signal })) {
      if (event.type === 'text') text += event.text
    }
    signal.throwIfAborted()
    const summary = cleanSummary(text)
    const isKept = summary !== null && conversations.saveSummary(id, { summary, until: until.answerId })
    log.info(`conversation ${id}: notes on older turns ${isKept ? 'kept' : 'of no use'}`)
  }

  const runNext = (): void => {
    const [next] = waiting
    if (running !== null || isAnswering || isClosed || next === undefined) return
    const [id, by] = next
    const ending = new AbortController()
    const run = async (): Promise<void> => {
      try {
        await write(id, by, ending.signal)
        waiting.delete(id)
      } catch (error) {
        if (ending.signal.aborted) return
        waiting.delete(id)
        log.warn(`conversation ${id}: no notes on older turns`, error)
      } finally {
        running = null
        runNext()
      }
    }
    // Not in the middle of whatever ended the answer.
    running = { id, ending, ended: Promise.resolve().then(run) }
  }

  const cancel = (): void => {
    waiting.clear()
    running?.ending.abort()
  }

  return {
    answered(id, by) {
      if (isClosed) return
      waiting.set(id, by)
      runNext()
    },
    setAnswering(next) {
      isAnswering = next
      // What was begun is begun again when the answer has ended: its conversation still waits.
      if (next) running?.ending.abort()
      else runNext()
    },
    forget(id) {
      waiting.delete(id)
      if (running?.id === id) running.ending.abort()
    },
    cancel,
    get isRunning() {
      return running !== null
    },
    async [Symbol.asyncDispose]() {
      isClosed = true
      cancel()
      await running?.ended
    },
  }
}
