import type { DocumentId } from '../../../shared/ids.ts'
import { request } from '../../api.ts'
import { showFailure, showNotice } from '../../components/notices.ts'
import type { Translate } from '../../i18n/translate.ts'

/** Pauses all of import, or lets it go on; it is remembered. */
export async function setImportPaused(isPaused: boolean): Promise<void> {
  const result = await request('library:pause', { isPaused })
  if (!result.ok) showFailure(result.error)
}

/** Stops reading or embedding one document. */
export async function stopImporting(documentId: DocumentId): Promise<void> {
  const result = await request('library:stop', { documentIds: [documentId] })
  if (!result.ok) showFailure(result.error)
}

/** Takes up again whatever failed for a reason that may have passed, and says how much that is. */
export async function retryFailed(t: Translate): Promise<void> {
  const result = await request('library:retry-failed', {})
  if (!result.ok) showFailure(result.error)
  else if (result.value.retried === 0) showNotice(t('import.retried-none'))
  else showNotice(t('import.retried', { count: result.value.retried }))
}
