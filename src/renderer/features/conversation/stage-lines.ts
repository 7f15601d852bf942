import { assertNever } from '../../../shared/assert-never.ts'
import type { Translate } from '../../i18n/translate.ts'
import type { AnswerView, StageView } from './answer-view.ts'
import { writingRate } from './writing-rate.ts'

/** One entry of the line above the composer. */
export interface StageLine {
  readonly stage: StageView['stage']
  readonly text: string
  readonly isDone: boolean
  /** It runs, and nothing shows yet but the time: a model is loaded, a prompt is read. */
  readonly isWaiting: boolean
}

/** The stages of a streaming answer in words: those done with their numbers, the last one running. */
export function stageLines(t: Translate, view: AnswerView): readonly StageLine[] {
  return view.stages.map((stage, index) => {
    const isDone = index < view.stages.length - 1
    const isWaiting = !isDone && (stage.stage === 'load' || (stage.stage === 'generate' && view.firstTextAt === null))
    return {
      stage: stage.stage,
      isDone,
      isWaiting,
      text: isDone ? doneText(t, stage, view) : runningText(t, stage, view),
    }
  })
}

function doneText(t: Translate, { stage, detail }: StageView, view: AnswerView): string {
  switch (stage) {
    case 'condense':
      return t('stage.condense.done')
    case 'retrieve': {
      const searched =
        detail.documentCount === undefined
          ? t('stage.retrieve.done')
          : t('stage.retrieve.done-counted', { count: detail.documentCount })
      const found = t('stage.passages', { count: view.passages.length })
      return `${searched}${joiner(searched)}${found}`
    }
    case 'load':
      return t('stage.load.done')
    case 'generate':
      return t('stage.generate.done')
    case 'check':
      return t('stage.check.done')
    default:
      return assertNever(stage)
  }
}

function runningText(t: Translate, { stage, detail }: StageView, view: AnswerView): string {
  switch (stage) {
    case 'condense':
      return t('stage.condense')
    case 'retrieve':
      return detail.documentCount === undefined
        ? t('stage.retrieve')
        : t('stage.retrieve.counted', { count: detail.documentCount })
    case 'load': {
      const model = detail.model ?? view.model
      return model === null ? t('stage.load') : t('stage.load.named', { model })
    }
    case 'generate': {
      if (view.mode === 'refused') return t('stage.generate.refused')
      if (view.mode === 'quotes') return t('stage.generate.quotes')
      if (view.firstTextAt === null) return t('stage.generate.reading')
      const rate = writingRate(view.reasoning + view.text, view.firstTextAt, view.lastTextAt)
      return rate === null ? t('stage.generate') : t('stage.generate.rate', { rate })
    }
    case 'check':
      return t('stage.check')
    default:
      return assertNever(stage)
  }
}

/** Chinese joins with its own comma. */
const joiner = (text: string): string => (/\p{Script=Han}/u.test(text) ? '，' : ', ')
