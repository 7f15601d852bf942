import type { Result } from '../../../shared/errors.ts'
import type { CollectionId } from '../../../shared/ids.ts'
import { showFailure, showNotice } from '../../components/notices.ts'
import type { Translate } from '../../i18n/translate.ts'
import { useLibrary } from './library-store.ts'

/** Says what became of files that were dropped or chosen. `queued` 0 after a cancelled dialog stays silent. */
function report(t: Translate, result: Result<{ queued: number }>, isSilentWhenNone: boolean): void {
  if (!result.ok) showFailure(result.error)
  else if (result.value.queued > 0) showNotice(t('library.queued', { count: result.value.queued }))
  else if (!isSilentWhenNone) showNotice(t('library.queued-none'))
}

/** Adds dropped files and folders, also to a collection. */
export async function addDropped(
  t: Translate,
  files: readonly File[],
  collectionId: CollectionId | null,
): Promise<void> {
  if (files.length === 0) return
  const result = await useLibrary.getState().addFiles(files, collectionId)
  // What the library knows already joins the collection all the same.
  report(t, result, collectionId !== null)
}

/** Opens the system's dialog for files or a folder and adds what is chosen, also to the collection that is listed. */
export async function chooseAndAdd(t: Translate, what: 'files' | 'folder'): Promise<void> {
  const { choose, rows } = useLibrary.getState()
  report(t, await choose(what, rows.collectionId), true)
}

/** Adds the sample documents. */
export async function addSamples(t: Translate): Promise<void> {
  report(t, await useLibrary.getState().addSamples(), true)
}
