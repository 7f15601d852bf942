import { randomUUID } from 'node:crypto'
import type { Carrel } from '../main/compose.ts'
import { isEverything } from '../shared/collection.ts'
import { type AnswerResult, type StageDetail, toStreamEvents } from '../shared/answer-stream.ts'
import { type ConversationId, conversationIdSchema } from '../shared/ids.ts'
import { askRequestSchema } from '../shared/ipc.ts'
import { claimRemark, uncitedRemarks } from '../shared/claim-remarks.ts'
import { versionRemarks } from '../shared/version-remarks.ts'
import type { AnswerBasis } from '../shared/search-trace.ts'
import { AppError } from '../shared/errors.ts'
import { type CommandOptions, type ExitCode, exitCodes } from './command-options.ts'
import { readScope } from './scope.ts'
import type { TypedScope } from './scope-arguments.ts'

/** Streams an answer to the terminal: the text as it comes, then its sources. With `--json`, the events of the answer stream, as they cross a port. */
export async function askQuestion(
  carrel: Carrel,
  {
    question,
    model,
    isQuotes,
    scope,
    basis,
    conversationId,
  }: {
    readonly question: string
    readonly model: string | null
    readonly isQuotes: boolean
    readonly scope: TypedScope
    readonly basis: AnswerBasis
    readonly conversationId: ConversationId | null
  },
  { output, isJson, signal }: CommandOptions,
): Promise<ExitCode> {
  const request = askRequestSchema.safeParse({
    conversationId: conversationId ?? conversationIdSchema.parse(randomUUID()),
    question,
    mode: isQuotes ? 'quotes' : 'auto',
    model,
    scope: isEverything(scope) ? null : await readScope(carrel, scope),
    basis,
  })
  if (!request.success)
    throw new AppError('invalid-request', 'The question is empty or over 20,000 characters. Ask it in fewer words.', {
      cause: request.error,
    })
  let exitCode: ExitCode = exitCodes.failed
  let sequence = 0
  for await (const event of carrel.streamAnswer(request.data, { signal, frontEnd: 'command line' })) {
    if (event.type === 'failure') output.remark(event.error.message)
    if (event.type === 'stop' && event.result.finishReason !== 'aborted') exitCode = exitCodes.done
    if (isJson) {
      for (const part of toStreamEvents(event)) await output.json({ ...part, sequence: sequence++ })
      continue
    }
    switch (event.type) {
      case 'status':
        remarkSearch(event.detail, output)
        if (event.detail.reason !== undefined) output.remark(`Quotations only: ${event.detail.reason.message}`)
        else if (event.detail.model !== undefined && event.stage === 'load')
          output.remark(`Asking ${event.detail.model} …`)
        break
      case 'passages':
        output.remark(`${event.passages.length} passages found`)
        break
      case 'token':
        await output.write(asPlainText(event.text))
        break
      case 'reasoning':
        break
      case 'stop':
        await output.line(event.result.finishReason === 'aborted' ? '\n(stopped)' : '')
        remarkBasis(event.result, output)
        await printSources(event.result, output)
        break
      case 'failure':
        await output.line('')
        await printSources(event.result, output)
        break
    }
  }
  return exitCode
}

/** The chip, in the terminal: what else is searched, and what may be missed. */
function remarkSearch(detail: StageDetail, output: CommandOptions['output']): void {
  const { condensedQuestion, translatedQuestion, previousQuestion, missingTranslation, transformation } = detail
  if (detail.keywordsOnly !== undefined) output.remark(`Searched by keywords only. ${detail.keywordsOnly.message}`)
  if (condensedQuestion !== undefined) output.remark(`Searched also for: ${condensedQuestion}`)
  if (translatedQuestion !== undefined) output.remark(`Searched also in translation: ${translatedQuestion}`)
  if (previousQuestion !== undefined) output.remark(`Searched also with the question before: ${previousQuestion}`)
  if (transformation !== undefined) output.remark('The previous answer in another form; nothing is searched.')
  if (missingTranslation !== undefined) output.remark(missedSentences[missingTranslation])
}

const missedSentences = {
  en: 'Part of the library is in English, and no model translated the question: passages there may be missed.',
  zh: 'Part of the library is in Chinese, and no model translated the question: passages there may be missed.',
}

/** Quotations escape what Markdown would read as markup; a terminal shows the words themselves. */
function asPlainText(markdown: string): string {
  return markdown.replaceAll(/\\([\\`*_<~|[\]!&#>+-])/g, '$1').replaceAll('\u2060', '')
}

/** What the answer rests on, where that is not simply the documents. */
function remarkBasis({ mode, usage: { search } }: AnswerResult, output: CommandOptions['output']): void {
  if (search === undefined) return
  if (search.missingPhrases.length > 0) output.remark(missingPhrasesSentence(search.missingPhrases))
  if (search.overview !== null && search.overview.read < search.overview.of)
    output.remark(`From ${search.overview.read} of ${search.overview.of} passages, spread over the whole.`)
  if (search.isClose) return
  if (mode === 'refused') output.remark('Ask again with --anyway to be answered from the nearest passages.')
  else if (search.basis === 'general')
    output.remark('From general knowledge: nothing in the documents was close enough.')
  else output.remark('Answered although nothing was close enough.')
}

/** Words in quotation marks must be in a passage; where they are in none, that is said. */
export function missingPhrasesSentence(phrases: readonly string[]): string {
  return `No passage holds, word for word: ${phrases.map((phrase) => `"${phrase}"`).join(', ')}. These come nearest without it.`
}

async function printSources(
  { mode, sources, answer, check }: AnswerResult,
  output: CommandOptions['output'],
): Promise<void> {
  const isRefused = mode === 'refused'
  if (sources.length > 0) await output.line(isRefused ? '\nNearest passages' : '\nSources')
  for (const source of sources) {
    const place = [
      source.documentName,
      ...(source.page === null ? [] : [`page ${source.page}`]),
      ...(source.headingPath.length === 0 ? [] : [source.headingPath.join(' > ')]),
    ]
    await output.line(`[${source.number}] ${place.join(', ')}${source.isCited || isRefused ? '' : ' (also read)'}`)
    await output.line(`    ${source.text.replaceAll(/\s+/g, ' ').slice(0, 200)}`)
    for (const remark of versionRemarks(source.versions)) await output.line(`    ${remark}`)
    for (const remark of source.claims.flatMap((claim) => claimRemark(answer, claim)))
      await output.line(`    ! ${remark}`)
  }
  for (const remark of uncitedRemarks(answer, check)) await output.line(`! ${remark}`)
}
