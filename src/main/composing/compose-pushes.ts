import { serializeError } from '../../shared/errors.ts'
import { pushCollections } from '../collection-pushes.ts'
import { pushImportProgress } from '../import-pushes.ts'
import { pushLibraryChanges } from '../library-pushes.ts'
import type { watchConnections } from '../network-proof.ts'
import type { ImportParts } from './compose-import.ts'
import type { ModelParts } from './compose-models.ts'
import type { SearchParts } from './compose-search.ts'
import type { Foundation } from './foundation.ts'

/** What changes is told to every front end. */
export function composePushes(
  foundation: Foundation & { readonly connections: ReturnType<typeof watchConnections> },
  { importer, reindexer, watchedFolders }: ImportParts,
  { models, downloads, stoppedWork }: ModelParts,
  { selfTest }: SearchParts,
): void {
  const { options, storage, clock, push, reconciled, connections, stack } = foundation
  const { desktop } = options
  const { documents, collections } = storage
  importer.onProblem((problem) => push({ type: 'import', problem: problem === null ? null : serializeError(problem) }))
  stack.defer(pushLibraryChanges({ documents, clock, push }))
  stack.defer(pushCollections({ documents, collections, clock, push }))
  stack.defer(watchedFolders.onChange((folders) => push({ type: 'watched-folders', folders })))
  stack.defer(pushImportProgress({ importer, clock, push }))
  stack.defer(selfTest.onChange(() => push({ type: 'self-test', status: selfTest.status() })))
  if (options.isResident) {
    // After another embedder, chunker or version, as soon as what is found is what will be found.
    importer.onProgress(() => selfTest.wake())
    stack.defer(reindexer.onChange(() => selfTest.wake()))
    void reconciled.then(
      () => selfTest.wake(),
      // The importer says what is wrong with the stores.
      () => undefined,
    )
  }
  stack.defer(models.onChange((status) => push({ type: 'models', status })))
  stack.defer(downloads.onChange((pull) => push({ type: 'model-pull', pull })))
  stack.defer(stoppedWork.onChange((work) => push({ type: 'model-work', work })))
  stack.defer(
    connections.onChange(() =>
      push({
        type: 'network',
        connectionsOutside: connections.outside(),
        connectionsBlocked: desktop.connectionsBlocked(),
      }),
    ),
  )
}
