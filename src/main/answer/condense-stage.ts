import type { StageDetail } from '../../shared/answer-stream.ts'
import { AppError } from '../../shared/errors.ts'
import type { RememberedTurn } from '../ports/conversation-store.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import type { SettingsStore } from '../ports/settings-store.ts'
import { chooseModel } from './choose-model.ts'
import type { Condenser, Rewrite, RewritingModel } from './condenser.ts'
import type { AnswerDraft, AnswerStage } from './draft.ts'
import type { ModelWatch } from './model-watch.ts'
import { editedQueries, searchQueries } from './search-queries.ts'
import { detectTransformation } from './transformation.ts'
import { translationTarget } from './translation-target.ts'

/**
 * Finds out what to search for. A follow-up is rewritten to stand alone, a question in another language than the library is
 * translated, and a request that only changes the previous answer takes over its sources. A model in trouble costs nothing
 * but the rewrite: the reader's own words are always searched.
 *
 * @throws AppError `model-needed` for a change of the previous answer without a model
 */
export function createCondenseStage(parts: {
  readonly condenser: Condenser
  readonly models: ModelWatch
  readonly documents: Pick<DocumentStore, 'chunksByLanguage'>
  readonly settings: SettingsStore
  /** Searches what is known before a model has spoken: it may take a minute to load, and there is something to read meanwhile. */
  readonly retrieve: AnswerStage
}): AnswerStage {
  const { condenser, models, documents, settings, retrieve } = parts

  const modelFor = async (draft: AnswerDraft, signal: AbortSignal): Promise<RewritingModel | null> => {
    if (draft.request.mode === 'quotes') return null
    const chosen = chooseModel(await models.current({ signal }), {
      model: draft.request.model,
      settings: settings.get(),
    })
    return 'reason' in chosen ? null : chosen
  }

  return {
    name: 'condense',
    async *run(draft, { signal, frontEnd }) {
      const { question, condensedQuestion: edited } = draft.request
      const previous = draft.history.turns.at(-1)
      const transformation = previous !== undefined && previous.answer !== '' ? detectTransformation(question) : null
      if (previous !== undefined && transformation !== null && edited === null) {
        yield { type: 'status', stage: 'condense', detail: { transformation: transformation.kind } }
        if ((await modelFor(draft, signal)) === null) throw modelNeeded()
        draft.transformed = { transformation, answer: previous.answer, sources: previous.sources }
        return
      }

      const subject = edited === null ? lastSubject(draft.history.turns) : null
      const target = translationTarget(edited ?? question, documents.chunksByLanguage())
      if (edited !== null) {
        draft.condensedQuestion = edited
        draft.queries = editedQueries(edited, null)
      }
      if (subject === null && target === null) {
        if (edited !== null) yield { type: 'status', stage: 'condense', detail: { condensedQuestion: edited } }
        return
      }

      const model = await modelFor(draft, signal)
      if (model !== null) {
        if (edited === null) draft.queries = queriesOf(draft, subject)
        yield* retrieve.run(draft, { signal, frontEnd })
        // A request for all of a document: no other words would find more.
        if (draft.search !== null && draft.search.overview !== null) return
        yield { type: 'status', stage: 'condense', detail: {} }
      }
      if (subject !== null && model !== null) {
        const rewrite = await condenser.condense(
          {
            question,
            summary: draft.history.summary,
            history: draft.history.turns,
            prompt: settings.get().condensePrompt,
          },
          model,
          { signal },
        )
        draft.condensedQuestion = textOf(rewrite)
      }
      if (target !== null && model !== null) {
        draft.translatedQuestion = textOf(
          await condenser.translate(draft.condensedQuestion ?? question, target, model, { signal }),
        )
      }
      draft.queries = edited === null ? queriesOf(draft, subject) : editedQueries(edited, draft.translatedQuestion)
      const detail: StageDetail = {
        ...(draft.condensedQuestion === null ? {} : { condensedQuestion: draft.condensedQuestion }),
        ...(draft.translatedQuestion === null ? {} : { translatedQuestion: draft.translatedQuestion }),
        ...(draft.condensedQuestion !== null || subject === null ? {} : { previousQuestion: subject }),
        ...(target === null || draft.translatedQuestion !== null ? {} : { missingTranslation: target }),
      }
      yield { type: 'status', stage: 'condense', detail }
    },
  }
}

function queriesOf(draft: AnswerDraft, previousQuestion: string | null): AnswerDraft['queries'] {
  const { request, condensedQuestion, translatedQuestion } = draft
  return searchQueries({ question: request.question, previousQuestion, condensedQuestion, translatedQuestion })
}

/** What the conversation was about last: requests like "shorter" have no subject of their own. */
function lastSubject(turns: readonly RememberedTurn[]): string | null {
  const turn = turns.findLast(({ question }) => detectTransformation(question) === null)
  return turn === undefined ? null : (turn.condensedQuestion ?? turn.question)
}

function textOf(rewrite: Rewrite): string | null {
  return 'text' in rewrite ? rewrite.text : null
}

function modelNeeded(): AppError {
  return new AppError(
    'model-needed',
    'Only a model can rewrite the previous answer, and none is at hand. Start Ollama or choose a model, then ask again.',
    { retryable: true },
  )
}
