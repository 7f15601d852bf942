import type { ReactElement } from 'react'
import type { DocumentId } from '../../../shared/ids.ts'
import type { MissingOriginal } from '../../../shared/original-state.ts'
import { request } from '../../api.ts'
import { showFailure } from '../../components/notices.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { EvidenceNotice } from './evidence-notice.tsx'
import { useOriginal } from './original.ts'

/** Why the file behind a document cannot be shown, and what can be done about it. */
export function MissingOriginalText({
  documentId,
  state,
}: {
  readonly documentId: DocumentId
  readonly state: MissingOriginal
}): ReactElement {
  const { t } = useTranslate()
  const readAgain = async (): Promise<void> => {
    const result = await request('document:read-again', { documentId })
    if (!result.ok) showFailure(result.error)
  }
  return (
    <span data-testid="original-state" data-state={state}>
      {t(`original.${state}`)}
      {state === 'replaced' && (
        <>
          {' '}
          <button type="button" className="font-semibold underline underline-offset-2" onClick={() => void readAgain()}>
            {t('original.read-again')}
          </button>
        </>
      )}
    </span>
  )
}

/** Above the stored text of a document whose file is not what was read any more; nothing while it is. */
export function OriginalNotice({ documentId }: { readonly documentId: DocumentId }): ReactElement | null {
  const state = useOriginal(documentId)
  if (state === null || state === 'there') return null
  return (
    <div className="px-5 pt-3 [&>p]:mb-0">
      <EvidenceNotice>
        <MissingOriginalText documentId={documentId} state={state} />
      </EvidenceNotice>
    </div>
  )
}
