import type { AppStatus } from '../../shared/ipc.ts'
import type { Answers } from '../answer/answers.ts'
import type { ModelWatch } from '../answer/model-watch.ts'
import type { PassageSearch } from '../answer/search-passages.ts'
import type { StreamAnswer } from '../answer/stream-answer.ts'
import type { Importer } from '../ingest/importer.ts'
import type { Clock, DocumentStore, Log } from '../interfaces.ts'

/** What every door opens on: the same pipeline, registry and library as the window. */
export interface LocalService {
  readonly streamAnswer: StreamAnswer
  readonly search: PassageSearch
  readonly documents: DocumentStore
  readonly importer: Importer
  readonly models: ModelWatch
  readonly answers: Answers
  readonly status: () => AppStatus | Promise<AppStatus>
  readonly clock: Clock
  readonly log: Log
}
