import type { ReactElement } from 'react'
import type { Unread, UnreadDocument } from '../../../shared/findings.ts'
import { Modal } from '../../components/modal.tsx'
import { errorText } from '../../i18n/error-text.ts'
import { type Translate, useTranslate } from '../../i18n/translate.ts'

function why(t: Translate, { state, problem }: UnreadDocument): string {
  if (problem !== null) return errorText(t, problem)
  if (state === 'partly') return t('findings.why-partly')
  return state === 'needs-attention' ? t('findings.why-attention') : t('findings.why-waiting')
}

/** Every document that was not searched, or only in part, and why. */
export function UnreadDialog({
  unread,
  isOpen,
  onClose,
}: {
  readonly unread: Unread
  readonly isOpen: boolean
  readonly onClose: () => void
}): ReactElement {
  const { t } = useTranslate()
  const { documents, needsAttention, waiting, partly } = unread
  const others = needsAttention + waiting + partly - documents.length
  return (
    <Modal isOpen={isOpen} onClose={onClose} title={t('findings.unread-title')}>
      {/* It takes the focus: there is nothing else to do here than to read it. */}
      <ul
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a long list scrolls by the keyboard
        tabIndex={0}
        aria-label={t('findings.unread-title')}
        className="flex flex-col gap-2.5 rounded"
        data-testid="unread-documents"
      >
        {documents.map((document) => (
          <li key={document.documentId} className="min-w-0">
            <p className="file-name selectable font-semibold wrap-anywhere">{document.name}</p>
            <p className="text-[12.5px] leading-5 text-soft">{why(t, document)}</p>
          </li>
        ))}
      </ul>
      {others > 0 && <p className="mt-3 text-soft">{t('findings.unread-more', { count: others })}</p>}
    </Modal>
  )
}
