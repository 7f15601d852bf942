import { ArrowLeft, RotateCcw, Trash2 } from 'lucide-react'
import { type ReactElement, useCallback, useEffect, useState } from 'react'
import type { DeletedConversation } from '../../../shared/conversation.ts'
import type { SerializedAppError } from '../../../shared/errors.ts'
import type { ConversationId } from '../../../shared/ids.ts'
import { request } from '../../api.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { showFailure } from '../../components/notices.ts'
import { textLanguage } from '../../components/text-language.ts'
import { formatMoment } from '../../i18n/format.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { useConversationList } from './conversation-list-store.ts'

/** What was deleted in the last 30 days: bring it back, or delete it for ever. */
export function DeletedConversations({ onClose }: { readonly onClose: () => void }): ReactElement {
  const { t, language } = useTranslate()
  const [deleted, setDeleted] = useState<readonly DeletedConversation[] | null>(null)
  const [error, setError] = useState<SerializedAppError | null>(null)
  const [leaving, setLeaving] = useState<DeletedConversation | 'all' | null>(null)
  const restore = useConversationList((state) => state.restore)
  // Deleting and bringing back, here or in another window, changes the list of those that are there.
  const conversations = useConversationList((state) => state.conversations)
  const [now, setNow] = useState(0)
  const load = useCallback(async () => {
    const result = await request('conversations:deleted', {})
    setError(result.ok ? null : result.error)
    setNow(Date.now())
    if (result.ok) setDeleted(result.value.conversations)
  }, [])
  useEffect(() => {
    const timer = setTimeout(() => void load())
    return () => clearTimeout(timer)
  }, [load, conversations])
  const deleteForEver = async (id: ConversationId | null): Promise<void> => {
    const result = await request('conversations:delete-for-ever', { id })
    if (!result.ok) showFailure(result.error)
    await load()
  }
  const count = deleted?.length ?? 0
  return (
    <section aria-label={t('conversations.trash')} className="flex min-h-0 flex-1 flex-col pt-3">
      <header className="flex items-center gap-1.5 px-3">
        <IconButton label={t('conversations.trash-back')} onClick={onClose} data-pane-focus>
          <ArrowLeft size={15} aria-hidden />
        </IconButton>
        <h2 className="flex-1 text-[14px] font-semibold">{t('conversations.trash')}</h2>
      </header>
      <p className="px-5 pt-1 pb-2 text-[12.5px] text-soft">
        {count === 0 && deleted !== null ? t('conversations.trash-none') : t('conversations.trash-detail')}
      </p>
      {error !== null && (
        <div className="px-3">
          <ErrorNote error={error}>
            <Button onClick={() => void load()}>{t('app.retry')}</Button>
          </ErrorNote>
        </div>
      )}
      <ul className="min-h-0 flex-1 overflow-y-auto px-3">
        {deleted?.map((conversation) => (
          <li
            key={conversation.id}
            data-testid="deleted-conversation"
            className="flex items-center gap-0.5 rounded-md py-1.5 pr-1 pl-2.5 hover:bg-hover"
          >
            <span className="min-w-0 flex-1">
              <span lang={textLanguage(conversation.title)} className="block truncate leading-5">
                {conversation.title}
              </span>
              <span className="tabular block truncate text-[12px] leading-4 text-soft">
                {t('conversations.trash-when', { when: formatMoment(conversation.deletedAt, now, language) })}
              </span>
            </span>
            <IconButton
              label={t('conversations.restore-one', { title: conversation.title })}
              onClick={() => void restore(conversation.id)}
            >
              <RotateCcw size={14} aria-hidden />
            </IconButton>
            <IconButton
              label={t('conversations.for-ever-one', { title: conversation.title })}
              onClick={() => setLeaving(conversation)}
            >
              <Trash2 size={14} aria-hidden />
            </IconButton>
          </li>
        ))}
      </ul>
      {count > 0 && (
        <div className="p-3.5 pt-2">
          <Button look="danger" className="w-full" onClick={() => setLeaving('all')}>
            {t('conversations.empty-trash')}
          </Button>
        </div>
      )}
      <ConfirmDialog
        isOpen={leaving !== null}
        title={
          leaving === 'all' || leaving === null
            ? t('conversations.empty-trash-title', { count })
            : t('conversations.for-ever-title', { title: leaving.title })
        }
        detail={t(leaving === 'all' ? 'conversations.empty-trash-detail' : 'conversations.for-ever-detail')}
        confirm={t('conversations.for-ever')}
        onConfirm={() => void deleteForEver(leaving === 'all' || leaving === null ? null : leaving.id)}
        onClose={() => setLeaving(null)}
      />
    </section>
  )
}
