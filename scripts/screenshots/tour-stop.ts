import type { Stage } from './stage.ts'

interface Place {
  readonly language: 'en' | 'zh'
  /** A folder for files, removed afterwards. */
  readonly scratch: string
}

/** One stop of the tour; the next begins where it ends. */
export type TourStop = (stage: Stage, place: Place) => Promise<void>
