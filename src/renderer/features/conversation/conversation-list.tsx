import { Ellipsis, Pencil, SquarePen, Trash2 } from 'lucide-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactElement, useEffect, useRef, useState } from 'react'
import type { ConversationSummary } from '../../../shared/conversation.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { classNames } from '../../components/class-names.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { focusComposer } from '../../components/focus.ts'
import { Menu, MenuItem } from '../../components/menu.tsx'
import { formatMoment } from '../../i18n/format.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { useConversationList } from './conversation-list-store.ts'
import { streamingTurn, useConversations } from './conversation-store.ts'
import { RenameDialog } from './rename-dialog.tsx'

interface RowProps {
  readonly conversation: ConversationSummary
  /** Milliseconds since 1970, for "today". */
  readonly now: number
  readonly onRename: () => void
  readonly onDelete: () => void
}

function ConversationRow({ conversation, now, onRename, onDelete }: RowProps): ReactElement {
  const { t, language } = useTranslate()
  const isCurrent = useConversations((state) => state.currentId === conversation.id)
  const isAnswering = useConversations((state) => streamingTurn(state.byId.get(conversation.id)) !== null)
  const open = useConversations((state) => state.open)
  return (
    <div
      data-testid="conversation-row"
      className={classNames('group/row relative rounded-md hover:bg-hover', isCurrent && 'bg-wash hover:bg-wash')}
    >
      <button
        type="button"
        aria-current={isCurrent ? 'true' : undefined}
        aria-keyshortcuts="Delete F2"
        onClick={() => void open(conversation.id)}
        onKeyDown={(event) => {
          if (event.key === 'Delete') onDelete()
          else if (event.key === 'F2') onRename()
        }}
        className="block w-full rounded-md px-2.5 py-1.5 text-left focus-visible:-outline-offset-2"
      >
        <span className="block truncate pr-6 leading-5">{conversation.title}</span>
        <span className="tabular block text-[12px] leading-4 text-soft">
          {isAnswering ? (
            <span className="text-accent">{t('conversations.answering')}</span>
          ) : (
            `${formatMoment(conversation.updatedAt, now, language)} · ${t('conversations.turns', { count: conversation.turnCount })}`
          )}
        </span>
      </button>
      <div className="absolute top-2 right-1 opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100 has-[[data-state=open]]:opacity-100">
        <Menu
          trigger={
            <IconButton label={t('conversations.row-menu', { title: conversation.title })}>
              <Ellipsis size={15} aria-hidden />
            </IconButton>
          }
        >
          <MenuItem icon={<Pencil size={14} />} onSelect={onRename}>
            {t('conversations.rename')}
          </MenuItem>
          <MenuItem icon={<Trash2 size={14} />} isDangerous onSelect={onDelete}>
            {t('conversations.delete')}
          </MenuItem>
        </Menu>
      </div>
    </div>
  )
}

/** All conversations, newest first. */
export function ConversationList(): ReactElement {
  const { t } = useTranslate()
  const { conversations, state, error, load, loadMore, rename, delete: deleteConversation } = useConversationList()
  const { startNew, forget } = useConversations()
  const [renaming, setRenaming] = useState<ConversationSummary | null>(null)
  const [leaving, setLeaving] = useState<ConversationSummary | null>(null)
  const [now] = useState(() => Date.now())
  const scrollRef = useRef<HTMLDivElement | null>(null)
  const virtual = useVirtualizer({
    count: conversations.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => 50,
    getItemKey: (index) => conversations[index]?.id ?? index,
    overscan: 10,
  })
  const items = virtual.getVirtualItems()
  const isNearEnd = (items.at(-1)?.index ?? 0) >= conversations.length - 20
  useEffect(() => {
    if (isNearEnd && state === 'ready') void loadMore()
  }, [isNearEnd, state, conversations.length, loadMore])
  const confirmDeletion = async ({ id }: ConversationSummary): Promise<void> => {
    if (await deleteConversation(id)) forget(id)
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="px-3.5 pt-3 pb-2">
        <Button
          data-pane-focus
          className="h-[34px] w-full"
          onClick={() => {
            startNew()
            focusComposer()
          }}
        >
          <SquarePen size={14} aria-hidden />
          {t('conversations.new')}
        </Button>
      </div>
      {state === 'loading' && <p className="late px-5 text-soft">{t('app.loading')}</p>}
      {error !== null && (
        <div className="px-3">
          <ErrorNote error={error} />
          <Button className="mt-2" onClick={() => void load()}>
            {t('app.retry')}
          </Button>
        </div>
      )}
      {state === 'ready' && conversations.length === 0 && (
        <p className="px-5 py-1 text-soft">{t('conversations.none')}</p>
      )}
      <div ref={scrollRef} className="min-h-0 flex-1 overflow-y-auto pr-0.5 pb-3 pl-3 [scrollbar-gutter:stable]">
        <div
          role="list"
          aria-label={t('tab.conversations')}
          className="relative"
          style={{ height: virtual.getTotalSize() }}
        >
          {items.map((item) => {
            const conversation = conversations[item.index]
            if (conversation === undefined) return null
            return (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                role="listitem"
                aria-setsize={conversations.length}
                aria-posinset={item.index + 1}
                className="absolute top-0 left-0 w-full pb-0.5"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <ConversationRow
                  conversation={conversation}
                  now={now}
                  onRename={() => setRenaming(conversation)}
                  onDelete={() => setLeaving(conversation)}
                />
              </div>
            )
          })}
        </div>
      </div>
      {renaming !== null && (
        <RenameDialog
          title={renaming.title}
          onClose={() => setRenaming(null)}
          onSave={(title) => void rename(renaming.id, title)}
        />
      )}
      <ConfirmDialog
        isOpen={leaving !== null}
        title={t('conversations.delete-title', { title: leaving?.title ?? '' })}
        detail={t('conversations.delete-detail')}
        confirm={t('conversations.delete-confirm')}
        onConfirm={() => leaving !== null && void confirmDeletion(leaving)}
        onClose={() => setLeaving(null)}
      />
    </div>
  )
}
