import { CircleAlert, Ellipsis, Pencil, Square, Trash2 } from 'lucide-react'
import type { KeyboardEvent, ReactElement } from 'react'
import type { ConversationSummary } from '../../../shared/conversation.ts'
import { IconButton } from '../../components/button.tsx'
import { classNames } from '../../components/class-names.ts'
import { Menu, MenuItem } from '../../components/menu.tsx'
import { textLanguage } from '../../components/text-language.ts'
import { formatMoment } from '../../i18n/format.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { useConversations } from './conversation-store.ts'
import { SaveAsItems } from './save-as-items.tsx'
import { streamingTurn } from './turn-window.ts'

interface RowProps {
  readonly conversation: ConversationSummary
  /** Its line in the list, for the arrow keys. */
  readonly line: number
  /** Tab reaches it. */
  readonly isActive: boolean
  /** Milliseconds since 1970, for "today". */
  readonly now: number
  readonly onFocus: () => void
  /** The keys that move within the list. */
  readonly onKeyDown: (event: KeyboardEvent) => void
  readonly onRename: () => void
  readonly onDelete: () => void
}

/** How the last answer stands, in a word, where it is not simply there. */
function StateWord({ conversation }: { readonly conversation: ConversationSummary }): ReactElement | null {
  const { t } = useTranslate()
  const isStreaming = useConversations((state) => streamingTurn(state.byId.get(conversation.id)) !== null)
  if (isStreaming || conversation.state === 'answering')
    return (
      <span className="inline-flex items-center gap-1.5 text-accent">
        <span aria-hidden className="answering-mark" />
        {t('conversations.answering')}
      </span>
    )
  if (conversation.state === 'stopped')
    return (
      <span className="inline-flex items-center gap-1 text-warning">
        <Square size={8} fill="currentColor" aria-hidden />
        {t('conversations.stopped')}
      </span>
    )
  if (conversation.state === 'failed')
    return (
      <span className="inline-flex items-center gap-1 text-error">
        <CircleAlert size={11} aria-hidden />
        {t('conversations.failed')}
      </span>
    )
  return null
}

/** One conversation: Enter opens it, F2 renames it, Delete deletes it. */
export function ConversationRow(props: RowProps): ReactElement {
  const { conversation, line, isActive, now, onFocus, onKeyDown, onRename, onDelete } = props
  const { t, language } = useTranslate()
  const isCurrent = useConversations((state) => state.currentId === conversation.id)
  const open = useConversations((state) => state.open)
  return (
    <div
      data-testid="conversation-row"
      className={classNames('group/row relative rounded-md hover:bg-hover', isCurrent && 'bg-wash hover:bg-wash')}
    >
      <button
        type="button"
        data-line={line}
        tabIndex={isActive ? 0 : -1}
        aria-current={isCurrent ? 'true' : undefined}
        aria-keyshortcuts="Delete F2"
        onFocus={onFocus}
        onClick={() => void open(conversation.id)}
        onKeyDown={(event) => {
          if (event.key === 'Delete') onDelete()
          else if (event.key === 'F2') onRename()
          else onKeyDown(event)
        }}
        className="block w-full rounded-md px-2.5 py-1.5 text-left focus-visible:-outline-offset-2"
      >
        <span lang={textLanguage(conversation.title)} className="block truncate pr-6 leading-5">
          {conversation.title}
        </span>
        <span className="tabular flex items-center gap-1.5 text-[12px] leading-4 text-soft">
          <span className="truncate">
            {formatMoment(conversation.updatedAt, now, language)} ·{' '}
            {t('conversations.turns', { count: conversation.turnCount })}
          </span>
          <StateWord conversation={conversation} />
        </span>
      </button>
      <div className="absolute top-2 right-1 opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100 has-[[data-state=open]]:opacity-100">
        <Menu
          trigger={
            <IconButton tabIndex={isActive ? 0 : -1} label={t('conversations.row-menu', { title: conversation.title })}>
              <Ellipsis size={15} aria-hidden />
            </IconButton>
          }
        >
          <MenuItem icon={<Pencil size={14} />} onSelect={onRename}>
            {t('conversations.rename')}
          </MenuItem>
          <SaveAsItems id={conversation.id} answerId={null} />
          <MenuItem icon={<Trash2 size={14} />} isDangerous onSelect={onDelete}>
            {t('conversations.delete')}
          </MenuItem>
        </Menu>
      </div>
    </div>
  )
}
