import { createContext } from 'react'
import type { SourceItem } from './answer-sources.ts'

/** What a citation inside an answer's text needs: the sources it may point at, which one is open, and how to open one. */
export interface AnswerContextValue {
  readonly items: readonly SourceItem[]
  readonly openIndex: number | null
  /** `claim`: of the source's claims, the one it is opened for; null: all. */
  readonly open: (index: number, claim: number | null) => void
}

/** Given by each turn to all that is drawn inside its answer. */
export const AnswerContext = createContext<AnswerContextValue>({ items: [], openIndex: null, open: () => undefined })
