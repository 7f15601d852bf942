import { useCallback, useEffect, useState } from 'react'
import type { ConversationHits } from '../../../shared/conversation-search.ts'
import type { SerializedAppError } from '../../../shared/errors.ts'
import { request } from '../../api.ts'
import { showFailure } from '../../components/notices.ts'
import { useConversationList } from './conversation-list-store.ts'

/** Typing pauses this long before main is asked. */
const findDelayMs = 80

interface ConversationSearch {
  /** Of the last search that ended, while the next one runs too; null before the first. */
  readonly hits: ConversationHits | null
  /** What `hits` belongs to. */
  readonly searched: string
  /** When it ended, for "today". Milliseconds since 1970. */
  readonly now: number
  readonly error: SerializedAppError | null
  readonly again: () => void
  /** The next page of turns, if there is one. */
  readonly loadMore: () => Promise<void>
}

const nothing = { hits: null, searched: '', now: 0, error: null }

/** Searches while `query` is typed, and again when a conversation changed. An empty query searches nothing. */
export function useConversationSearch(query: string, limit: number): ConversationSearch {
  const [found, setFound] = useState<Pick<ConversationSearch, 'hits' | 'searched' | 'now' | 'error'>>(nothing)
  const [attempt, setAttempt] = useState(0)
  const conversations = useConversationList((state) => state.conversations)
  useEffect(() => {
    if (query === '') return
    let isCurrent = true
    const find = async (): Promise<void> => {
      const result = await request('conversations:search', { query, beforeKey: null, limit })
      if (!isCurrent) return
      const now = Date.now()
      setFound(
        result.ok
          ? { hits: result.value, searched: query, now, error: null }
          : { hits: null, searched: query, now, error: result.error },
      )
    }
    const timer = setTimeout(() => void find(), findDelayMs)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [query, limit, attempt, conversations])

  const { hits, searched } = found
  const loadMore = useCallback(async () => {
    if (hits?.nextKey == null) return
    const result = await request('conversations:search', { query: searched, beforeKey: hits.nextKey, limit })
    if (!result.ok) return showFailure(result.error)
    const { turns, nextKey, isComplete } = result.value
    setFound((now) =>
      now.hits === hits ? { ...now, hits: { ...hits, turns: [...hits.turns, ...turns], nextKey, isComplete } } : now,
    )
  }, [hits, searched, limit])
  const again = useCallback(() => setAttempt((count) => count + 1), [])
  return { ...(query === '' ? nothing : found), again, loadMore }
}
