import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactElement, type RefObject, useCallback, useEffect, useMemo } from 'react'
import type { ConversationId } from '../../../shared/ids.ts'
import type { MarkedText } from '../../../shared/conversation-search.ts'
import { Button } from '../../components/button.tsx'
import { classNames } from '../../components/class-names.ts'
import { ErrorNote } from '../../components/error-note.tsx'
import { textLanguage } from '../../components/text-language.ts'
import { formatMoment } from '../../i18n/format.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { useConversations } from './conversation-store.ts'
import { MarkedWords } from './marked-words.tsx'
import { useConversationSearch } from './use-conversation-search.ts'
import { useLineFocus } from './use-line-focus.ts'

const hitsPerPage = 50

interface Hit {
  readonly key: string
  readonly conversationId: ConversationId
  readonly turnKey: number | undefined
  readonly title: MarkedText
  readonly at: number
  readonly part: 'question' | 'answer' | null
  readonly excerpt: MarkedText | null
}

/** What a search of the conversations found, the newest first; Enter opens one at its turn. */
export function SearchResults({
  query,
  containerRef,
}: {
  readonly query: string
  /** Holds the results; the search field moves the focus into it. */
  readonly containerRef: RefObject<HTMLDivElement | null>
}): ReactElement {
  const { t, language } = useTranslate()
  const { hits, searched, now, error, again, loadMore } = useConversationSearch(query, hitsPerPage)
  const open = useConversations((state) => state.open)
  const currentId = useConversations((state) => state.currentId)
  const soughtKey = useConversations((state) => state.byId.get(state.currentId)?.sought?.key)
  const found = useMemo<readonly Hit[]>(
    () => [
      ...(hits?.titles ?? []).map(({ conversation, title }) => ({
        key: conversation.id,
        conversationId: conversation.id,
        turnKey: undefined,
        title,
        at: conversation.updatedAt,
        part: null,
        excerpt: null,
      })),
      ...(hits?.turns ?? []).map(({ key, conversationId, title, askedAt, part, excerpt }) => ({
        key: `${key}`,
        conversationId,
        turnKey: key,
        title: { text: title, marks: [] },
        at: askedAt,
        part,
        excerpt,
      })),
    ],
    [hits],
  )
  const virtual = useVirtualizer({
    count: found.length,
    getScrollElement: () => containerRef.current,
    estimateSize: () => 92,
    getItemKey: (index) => found[index]?.key ?? index,
    overscan: 6,
  })
  const scrollTo = useCallback((index: number) => virtual.scrollToIndex(index), [virtual])
  const focus = useLineFocus(containerRef, { count: found.length, isLine: () => true, scrollTo })
  const items = virtual.getVirtualItems()
  const isNearEnd = hits !== null && (items.at(-1)?.index ?? 0) >= found.length - 15
  useEffect(() => {
    if (isNearEnd) void loadMore()
  }, [isNearEnd, found.length, loadMore])
  return (
    <>
      {error !== null && (
        <div className="px-3">
          <ErrorNote title={t('conversations.search-failed')} error={error}>
            <Button onClick={again}>{t('app.retry')}</Button>
          </ErrorNote>
        </div>
      )}
      {hits === null && error === null && <p className="late px-5 text-soft">{t('app.loading')}</p>}
      {hits !== null && found.length === 0 && (
        <p role="status" className="px-5 py-1 text-soft wrap-anywhere">
          {t('conversations.search-none', { query: searched })}
        </p>
      )}
      {hits?.isComplete === false && (
        <p className="px-5 py-1 text-[12px] text-soft">{t('conversations.search-incomplete')}</p>
      )}
      <div ref={containerRef} className="min-h-0 flex-1 overflow-y-auto pr-0.5 pb-3 pl-3 [scrollbar-gutter:stable]">
        <div
          role="list"
          aria-label={t('conversations.search-results')}
          className="relative"
          style={{ height: virtual.getTotalSize() }}
        >
          {items.map((item) => {
            const hit = found[item.index]
            if (hit === undefined) return null
            const isShown = hit.conversationId === currentId && hit.turnKey === soughtKey
            return (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                role="listitem"
                className="absolute top-0 left-0 w-full pb-0.5"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <button
                  type="button"
                  data-testid="conversation-hit"
                  data-line={item.index}
                  tabIndex={focus.active === item.index ? 0 : -1}
                  aria-current={isShown ? 'true' : undefined}
                  onFocus={() => focus.setActive(item.index)}
                  onKeyDown={focus.onKeyDown}
                  onClick={() => void open(hit.conversationId, hit.turnKey)}
                  className={classNames(
                    'block w-full rounded-md px-2.5 py-1.5 text-left focus-visible:-outline-offset-2',
                    isShown ? 'bg-wash' : 'hover:bg-hover',
                  )}
                >
                  <span className="flex items-baseline gap-2">
                    <span lang={textLanguage(hit.title.text)} className="min-w-0 flex-1 truncate leading-5">
                      <MarkedWords {...hit.title} />
                    </span>
                    <span className="tabular shrink-0 text-[12px] text-soft">
                      {formatMoment(hit.at, now, language)}
                    </span>
                  </span>
                  {hit.excerpt !== null && (
                    <span className="mt-0.5 line-clamp-3 text-[12.5px] leading-[18px] text-soft">
                      <span className="sr-only">{t(`conversations.in-${hit.part ?? 'question'}`)}: </span>
                      <MarkedWords {...hit.excerpt} />
                    </span>
                  )}
                </button>
              </div>
            )
          })}
        </div>
      </div>
    </>
  )
}
