import { Search, SquarePen, Trash2, X } from 'lucide-react'
import { type ReactElement, useRef, useState } from 'react'
import { Button, IconButton } from '../../components/button.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { focusComposer } from '../../components/focus.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { useConversationList } from './conversation-list-store.ts'
import { ConversationList } from './conversation-list.tsx'
import { useConversations } from './conversation-store.ts'
import { DeletedConversations } from './deleted-conversations.tsx'
import { SearchResults } from './search-results.tsx'

/** The left pane's conversations: new, search, all of them, and those deleted lately. */
export function ConversationsTab(): ReactElement {
  const { t } = useTranslate()
  const { conversations, state, error, load } = useConversationList()
  const startNew = useConversations((conversation) => conversation.startNew)
  const [query, setQuery] = useState('')
  const [isTrashShown, setTrashShown] = useState(false)
  const resultsRef = useRef<HTMLDivElement | null>(null)
  const sought = query.trim()
  if (isTrashShown) return <DeletedConversations onClose={() => setTrashShown(false)} />
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="px-3.5 pt-3 pb-2">
        <div className="flex items-center gap-1">
          <Button
            data-pane-focus
            className="h-[34px] min-w-0 flex-1"
            onClick={() => {
              startNew()
              focusComposer()
            }}
          >
            <SquarePen size={14} aria-hidden />
            {t('conversations.new')}
          </Button>
          <IconButton
            label={t('conversations.trash')}
            data-testid="recently-deleted"
            onClick={() => setTrashShown(true)}
          >
            <Trash2 size={14} aria-hidden />
          </IconButton>
        </div>
        <div className="relative mt-2">
          <Search size={14} aria-hidden className="absolute top-2 left-2.5 text-soft" />
          <input
            type="text"
            role="searchbox"
            aria-label={t('conversations.search')}
            placeholder={t('conversations.search')}
            data-testid="conversation-search"
            value={query}
            maxLength={1000}
            spellCheck={false}
            onChange={(event) => setQuery(event.target.value)}
            onKeyDown={(event) => {
              if (event.nativeEvent.isComposing) return
              if (event.key === 'Escape' && query !== '') {
                event.stopPropagation()
                setQuery('')
              } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
                const first = resultsRef.current?.querySelector<HTMLElement>('[data-line][tabindex="0"]')
                if (first === null || first === undefined) return
                event.preventDefault()
                first.focus()
              }
            }}
            className="selectable h-8 w-full rounded-lg border border-line bg-raised pr-8 pl-8 text-[13px] outline-none placeholder:text-soft field"
          />
          {query !== '' && (
            <IconButton
              label={t('conversations.search-clear')}
              className="absolute top-0.5 right-0.5"
              onClick={() => setQuery('')}
            >
              <X size={13} aria-hidden />
            </IconButton>
          )}
        </div>
      </div>
      {sought !== '' ? (
        <SearchResults query={sought} containerRef={resultsRef} />
      ) : (
        <>
          {state === 'loading' && <p className="late px-5 text-soft">{t('app.loading')}</p>}
          {error !== null && (
            <div className="px-3">
              <ErrorNote title={t('conversations.load-failed')} error={error}>
                <Button onClick={() => void load()}>{t('app.retry')}</Button>
              </ErrorNote>
            </div>
          )}
          {state === 'ready' && conversations.length === 0 && (
            <p className="px-5 py-1 text-soft">{t('conversations.none')}</p>
          )}
          <div ref={resultsRef} className="flex min-h-0 flex-1 flex-col">
            <ConversationList />
          </div>
        </>
      )}
    </div>
  )
}
