import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactElement, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { ConversationSummary } from '../../../shared/conversation.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { groupByDate } from './conversation-groups.ts'
import { useConversationList } from './conversation-list-store.ts'
import { ConversationRow } from './conversation-row.tsx'
import { RenameDialog } from './rename-dialog.tsx'
import { useLineFocus } from './use-line-focus.ts'

const rowHeight = 50
const headingHeight = 34
/** Rows before the end of what is loaded at which more is asked for. */
const rowsAhead = 30

/** All conversations by date, newest first; drawn where they are seen, loaded page by page. */
export function ConversationList(): ReactElement {
  const { t } = useTranslate()
  const { conversations, state, total, loadMore, rename, delete: deleteConversation } = useConversationList()
  const [renaming, setRenaming] = useState<ConversationSummary | null>(null)
  const scrollRef = useRef<HTMLDivElement | null>(null)
  // "Today" is looked up whenever something changed, which an evening's work does.
  const { lines, now } = useMemo(() => {
    const at = Date.now()
    return { lines: groupByDate(conversations, at), now: at }
  }, [conversations])
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: (index) => (lines[index]?.type === 'heading' ? headingHeight : rowHeight),
    getItemKey: (index) => {
      const line = lines[index]
      if (line === undefined) return index
      return line.type === 'heading' ? line.group : line.conversation.id
    },
    overscan: 10,
  })
  const scrollTo = useCallback((index: number) => virtual.scrollToIndex(index), [virtual])
  const focus = useLineFocus(scrollRef, {
    count: lines.length,
    isLine: (index) => lines[index]?.type === 'conversation',
    scrollTo,
  })
  const items = virtual.getVirtualItems()
  const isNearEnd = (items.at(-1)?.index ?? 0) >= lines.length - rowsAhead
  useEffect(() => {
    if (isNearEnd && state === 'ready') void loadMore()
  }, [isNearEnd, state, conversations.length, loadMore])

  const deleteAndGoOn = async (conversation: ConversationSummary, line: number): Promise<void> => {
    await deleteConversation(conversation)
    focus.focusLine(line)
  }
  return (
    <>
      <div
        ref={scrollRef}
        data-testid="conversation-list"
        className="min-h-0 flex-1 overflow-y-auto pr-0.5 pb-3 pl-3 [scrollbar-gutter:stable]"
      >
        <div
          role="list"
          aria-label={t('tab.conversations')}
          className="relative"
          style={{ height: virtual.getTotalSize() }}
        >
          {items.map((item) => {
            const line = lines[item.index]
            if (line === undefined) return null
            const isHeading = line.type === 'heading'
            return (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                role={isHeading ? 'presentation' : 'listitem'}
                aria-setsize={isHeading ? undefined : total}
                aria-posinset={isHeading ? undefined : line.position + 1}
                className="absolute top-0 left-0 w-full pb-0.5"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {isHeading ? (
                  <p
                    data-testid="conversation-group"
                    className="px-2 pt-3 pb-1 text-[11.5px] font-semibold tracking-wide text-soft"
                  >
                    {t(`conversations.${line.group}`)}
                  </p>
                ) : (
                  <ConversationRow
                    conversation={line.conversation}
                    line={item.index}
                    isActive={focus.active === item.index}
                    now={now}
                    onFocus={() => focus.setActive(item.index)}
                    onKeyDown={focus.onKeyDown}
                    onRename={() => setRenaming(line.conversation)}
                    onDelete={() => void deleteAndGoOn(line.conversation, item.index)}
                  />
                )}
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
    </>
  )
}
