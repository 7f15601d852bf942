import type { ReactElement, ReactNode } from 'react'
import type { Box } from '../../../../shared/anchor.ts'
import type { DocumentId } from '../../../../shared/ids.ts'
import { useTranslate } from '../../../i18n/translate.ts'
import { useUnlock } from '../../library/unlock-store.ts'
import { MissingOriginalText } from '../original-notice.tsx'
import { PdfPages } from './pdf-pages.tsx'
import { usePdf } from './use-pdf.ts'

/**
 * A PDF as its real pages, the passage marked by the boxes recorded when it was read. Where the file is not the one that was
 * read any more, `children` draws the stored text in its place, with a word on why.
 */
export function PdfView({
  documentId,
  name,
  boxes,
  strongBoxes,
  subject,
  page,
  children,
}: {
  readonly documentId: DocumentId
  readonly name: string
  readonly boxes: readonly Box[]
  /** The sentences that carry the claim, within the passage. */
  readonly strongBoxes: readonly Box[]
  readonly subject: string
  readonly page: number | null
  readonly children: (notice: ReactNode) => ReactElement
}): ReactElement {
  const { t } = useTranslate()
  const isUnlocked = useUnlock((state) => state.opened.has(documentId))
  const askForPassword = useUnlock((state) => state.ask)
  const opened = usePdf(documentId, isUnlocked)
  if (opened.state === 'unavailable') {
    if (opened.reason === 'failed') return children(t('pdf.failed'))
    if (opened.reason !== 'encrypted')
      return children(<MissingOriginalText documentId={documentId} state={opened.reason} />)
    return children(
      <>
        {t('pdf.locked')}{' '}
        <button
          type="button"
          onClick={() => askForPassword({ id: documentId, name })}
          className="font-semibold underline underline-offset-2"
        >
          {t('library.unlock')}
        </button>
      </>,
    )
  }
  if (opened.state === 'loading') {
    return (
      <div className="min-h-0 flex-1 px-5 py-4" aria-busy="true" aria-label={t('app.loading')} role="img">
        <div className="late aspect-[1/1.414] w-full bg-page" />
      </div>
    )
  }
  return (
    <PdfPages
      key={documentId}
      documentId={documentId}
      pdf={opened.pdf}
      firstPage={opened.firstPage}
      name={name}
      boxes={boxes}
      strongBoxes={strongBoxes}
      subject={subject}
      page={page}
    />
  )
}
