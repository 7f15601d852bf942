import { defaultCondensePrompt, fillCondensePrompt } from '../../shared/condense-prompt.ts'
import type { Clock } from '../ports/clock.ts'
import type { Generator } from '../ports/generator.ts'
import type { Log } from '../ports/log.ts'
import { cleanRewrite, type CleanedRewrite, type RewriteFault } from './clean-rewrite.ts'
import { questionLanguage } from './question-language.ts'

/** A question that was asked before, and what was answered ('' for one that failed). */
export interface PastTurn {
  readonly question: string
  readonly answer: string
}

/** The model that rewrites: the one that will answer, in the same context, so that the server need not load it twice. */
export interface RewritingModel {
  readonly model: string
  /** Tokens. */
  readonly contextTokens: number
  /** Loading takes its own time, which does not count as slowness. */
  readonly isLoaded: boolean
}

/** The rewritten question, or why there is none; `failed`: the model server refused or broke off. */
export type Rewrite =
  | { readonly text: string }
  | { readonly fault: RewriteFault | 'too-slow' | 'failed' | 'question-too-long' }

/**
 * Rewrites questions by a model, and drops what is no use. It never throws for a model in trouble: the turn goes on with the
 * reader's own words. Abort closes the model's connection and rejects with the signal's reason.
 */
export interface Condenser {
  /** A follow-up as a question that stands alone. `history` oldest first; `prompt` null: the built-in one. */
  condense(
    asked: {
      readonly question: string
      readonly summary: string | null
      readonly history: readonly PastTurn[]
      readonly prompt: string | null
    },
    model: RewritingModel,
    options: { readonly signal: AbortSignal },
  ): Promise<Rewrite>
  /** A question in the language of the documents it is about. */
  translate(
    question: string,
    into: TranslationLanguage,
    model: RewritingModel,
    options: { readonly signal: AbortSignal },
  ): Promise<Rewrite>
}

/** What questions are translated into: the two languages that the embedders on board know. */
export type TranslationLanguage = 'en' | 'zh'

/** Turns that the rewriting model is shown, and characters of each question and answer. */
const turnsShown = 3
const questionCharacters = 400
const answerCharacters = 300
const summaryCharacters = 800
/** A longer question says itself what it is about; rewriting it would take long and gain nothing. */
const longestQuestion = 1000

const maxAnswerTokens = 120
/** Characters after which a model is rambling, whatever it says. */
const longestOutput = 4000
/** Longest wait for the first word of a loaded model, and then for the rest. */
const wordsTimeoutMs = 20_000
/** Longest wait for a model that must be loaded first. */
const loadTimeoutMs = 180_000

const languageNames: Record<TranslationLanguage, string> = { en: 'English', zh: 'Simplified Chinese' }

export function createCondenser(parts: {
  readonly generator: Generator
  readonly clock: Clock
  readonly log: Log
}): Condenser {
  const { generator, clock, log } = parts

  /** The model's whole text, or null when it took too long, or went on for too long. */
  const ask = async (
    content: string,
    { model, contextTokens, isLoaded }: RewritingModel,
    signal: AbortSignal,
  ): Promise<{ readonly text: string } | { readonly fault: 'too-slow' | 'rambling' | 'failed' }> => {
    const limit = new AbortController()
    const tooSlow = (): void => limit.abort()
    let cancelTimer = clock.after(isLoaded ? wordsTimeoutMs : loadTimeoutMs, tooSlow)
    const restartTimer = (): void => {
      cancelTimer()
      cancelTimer = clock.after(wordsTimeoutMs, tooSlow)
    }
    let text = ''
    try {
      for await (const event of generator.generate(
        {
          model,
          messages: [{ role: 'user', content }],
          contextTokens,
          maxAnswerTokens,
          temperature: 0,
          withoutReasoning: true,
        },
        { signal: AbortSignal.any([signal, limit.signal]) },
      )) {
        if (event.type === 'accepted') restartTimer()
        if (event.type !== 'text') continue
        if (text === '') restartTimer()
        text += event.text
        if (text.length > longestOutput) return { fault: 'rambling' }
      }
      return { text }
    } catch (error) {
      signal.throwIfAborted()
      if (limit.signal.aborted) return { fault: 'too-slow' }
      log.warn('a question could not be rewritten', error)
      return { fault: 'failed' }
    } finally {
      cancelTimer()
    }
  }

  return {
    async condense({ question, summary, history, prompt }, model, { signal }) {
      signal.throwIfAborted()
      if (question.length > longestQuestion) return { fault: 'question-too-long' }
      const shown = history.slice(-turnsShown)
      const known = [...(summary === null ? [] : [summary]), ...shown.flatMap((turn) => [turn.question, turn.answer])]
      const content = fillCondensePrompt(prompt ?? defaultCondensePrompt, {
        history: historyText(summary, shown),
        question: oneLine(question),
      })
      const written = await ask(content, model, signal)
      if ('fault' in written) return written
      return cleanRewrite(written.text, {
        question,
        language: questionLanguage(question) ?? questionLanguage(shown.at(-1)?.question ?? ''),
        known,
        earlierQuestions: shown.map((turn) => turn.question),
      })
    },
    async translate(question, into, model, { signal }) {
      signal.throwIfAborted()
      if (question.length > longestQuestion) return { fault: 'question-too-long' }
      const written = await ask(translationPrompt(oneLine(question), into), model, signal)
      if ('fault' in written) return written
      return cleanTranslation(written.text, question, into)
    },
  }
}

function cleanTranslation(text: string, question: string, into: TranslationLanguage): CleanedRewrite {
  return cleanRewrite(text, {
    question,
    language: into === 'zh' ? 'zh' : 'latin',
    known: null,
    earlierQuestions: [],
  })
}

function translationPrompt(question: string, into: TranslationLanguage): string {
  return `Translate a question, so that documents in ${languageNames[into]} can be searched for it. Use the words that such documents use.
Keep names, numbers and codes. Write only the translation, on one line. Do not answer the question.

Question: ${question}
${languageNames[into]}:`
}

function historyText(summary: string | null, turns: readonly PastTurn[]): string {
  return [
    ...(summary === null ? [] : [`Earlier: ${shortened(summary, summaryCharacters)}`]),
    ...turns.flatMap(({ question, answer }) => [
      `Question: ${shortened(question, questionCharacters)}`,
      ...(answer.trim() === '' ? [] : [`Answer: ${shortened(withoutMarks(answer), answerCharacters)}`]),
    ]),
  ].join('\n')
}

/** Citation marks and the borders of quotations say nothing about what was asked. */
function withoutMarks(answer: string): string {
  return answer.replaceAll(/\[\d{1,3}\]/g, '').replaceAll(/^>\s?/gm, '')
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, ' ').trim()
}

function shortened(text: string, length: number): string {
  const line = oneLine(text)
  return line.length <= length ? line : `${line.slice(0, length).trimEnd()} …`
}
