import type { AnswerDelta } from '../../shared/answer-stream.ts'
import { AppError, isAbortError } from '../../shared/errors.ts'
import { type Passage, passageSchema } from '../../shared/passage.ts'
import { wholePassage } from '../evidence/whole-passage.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import type { Generator } from '../ports/generator.ts'
import type { Log } from '../ports/log.ts'
import type { SettingsStore } from '../ports/settings-store.ts'
import type { OpenEvidence } from './answer-evidence.ts'
import { chooseModel } from './choose-model.ts'
import { createCitationMarks } from './citation-marks.ts'
import type { AnswerStage } from './draft.ts'
import type { ModelWatch } from './model-watch.ts'
import { questionLanguage } from './question-language.ts'
import { endingLine, failedLine, headOf, summaryMessages } from './summary-of-row.ts'

/** A summary is a sentence or two; a model that thinks needs room for that. Tokens. */
const mostRowTokens = 1_024
/** So many rows in a row that fail: the server is in trouble, not the rows. */
const mostFailures = 3

/**
 * Summarises chosen rows of a table of findings, one after the other: each by a request of its own, cited by the passage that it was
 * made from, so that a row which fails loses no other. Ends with how many of them were read, also after Stop. Does nothing for a question.
 * @throws AppError `model-needed` without a model, `not-found` when no row is in the library any more, and what the model's server
 * throws when the first row, or three in a row, fail
 */
export function createSummariseStage(parts: {
  readonly documents: Pick<DocumentStore, 'chunksById'>
  readonly generator: Generator
  readonly models: ModelWatch
  readonly settings: SettingsStore
  readonly openEvidence: OpenEvidence
  readonly log: Log
}): AnswerStage {
  const { documents, generator, models, settings, openEvidence, log } = parts

  async function* writeRow(
    passage: Passage,
    request: { readonly question: string; readonly model: string; readonly contextTokens: number },
    options: { readonly signal: AbortSignal; readonly frontEnd: string },
  ): AsyncIterable<AnswerDelta> {
    // Numbers of the model's own name no passage here, and go.
    const marks = createCitationMarks([])
    const { model, contextTokens, question } = request
    const messages = summaryMessages(question, passage)
    const events = generator.generate(
      { model, messages, contextTokens, maxAnswerTokens: Math.min(mostRowTokens, Math.floor(contextTokens / 4)) },
      { signal: options.signal, client: options.frontEnd },
    )
    let hasText = false
    const oneLine = function* (text: string): Iterable<AnswerDelta> {
      // A row is one line of a list.
      const line = text.replaceAll(/\s+/g, ' ')
      const shown = hasText ? line : line.trimStart()
      if (shown === '') return
      hasText = true
      yield { type: 'token', text: shown }
    }
    for await (const event of events) {
      if (event.type === 'text') yield* oneLine(marks.push(event.text).text)
      else if (event.type === 'reasoning') yield { type: 'reasoning', text: event.text }
    }
    yield* oneLine(marks.flush().text)
    if (!hasText)
      throw new AppError(
        'generation-failed',
        'The model wrote nothing about this document. Try again, or another model.',
        {
          retryable: true,
        },
      )
  }

  return {
    name: 'generate',
    async *run(draft, { signal, frontEnd }) {
      const { summarise, question, model: asked } = draft.request
      if (summarise === null) return
      const passages = documents.chunksById(summarise).map((chunk, index) => wholePassage(chunk, index + 1))
      if (passages.length === 0)
        throw new AppError('not-found', 'None of these documents is in the library any more. Look for them again.')
      draft.passages = passages
      yield { type: 'passages', passages: passages.map((passage) => passageSchema.parse(passage)) }
      const chosen = chooseModel(await models.current({ signal }), { model: asked, settings: settings.get() })
      if ('reason' in chosen)
        throw new AppError('model-needed', 'A summary takes a model. Start Ollama, then ask again.', {
          cause: chosen.reason,
        })
      const { model, contextTokens } = chosen
      draft.model = model
      draft.mode = 'generated'
      draft.evidence = openEvidence(passages, { signal })
      yield { type: 'status', stage: 'generate', detail: { model, mode: 'generated' } }

      const language = questionLanguage(question) === 'zh' ? 'zh' : 'en'
      const marks = createCitationMarks(passages.map(({ id }) => id))
      let read = 0
      let failures = 0
      for (const passage of passages) {
        if (signal.aborted) break
        yield { type: 'token', text: headOf(passage, language) }
        try {
          yield* writeRow(passage, { question, model, contextTokens }, { signal, frontEnd })
        } catch (error) {
          if (signal.aborted || isAbortError(error)) {
            yield {
              type: 'token',
              text: `\n\n${endingLine({ read, of: summarise.length, isStopped: true }, language)}`,
            }
            throw error
          }
          failures += 1
          log.warn(`summary: a row failed, ${error instanceof AppError ? error.code : 'unknown'}`, error)
          if (read === 0 || failures >= mostFailures) {
            yield {
              type: 'token',
              text: `\n\n${endingLine({ read, of: summarise.length, isStopped: false }, language)}`,
            }
            throw error
          }
          yield { type: 'token', text: `${failedLine(language)}\n` }
          continue
        }
        failures = 0
        read += 1
        const mark = marks.cite(passage.id)
        draft.citedPassageIds = [...marks.cited]
        yield { type: 'token', text: ` ${mark.text}\n`, citations: [...mark.citations] }
      }
      draft.ownWordsFrom = draft.answer.length
      yield {
        type: 'token',
        text: `\n${endingLine({ read, of: summarise.length, isStopped: signal.aborted }, language)}`,
      }
      signal.throwIfAborted()
    },
  }
}

/** A stage of questions has nothing to do for a summary of rows. */
export function forQuestions(stage: AnswerStage): AnswerStage {
  return {
    name: stage.name,
    async *run(draft, options) {
      if (draft.request.summarise === null) yield* stage.run(draft, options)
    },
  }
}
