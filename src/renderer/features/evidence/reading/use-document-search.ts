import { useCallback, useEffect, useRef, useState } from 'react'
import type { DocumentId } from '../../../../shared/ids.ts'
import type { IpcResponse } from '../../../../shared/ipc.ts'
import { request } from '../../../api.ts'
import type { TextRange } from '../mark-range.ts'
import type { DocumentSearch } from '../search-field.tsx'

type Found = IpcResponse<'document:find'> & { readonly query: string }

const nothing: Found = { query: '', matches: [], isCut: false }

export interface ReadingSearch extends DocumentSearch {
  readonly matches: readonly TextRange[]
}

/** Finds words in a document's whole text, which main holds; one search at a time, of what is written last. */
export function useDocumentSearch(documentId: DocumentId, goTo: (offset: number) => void): ReadingSearch {
  const [query, setQuery] = useState('')
  const [found, setFound] = useState<Found>(nothing)
  const [current, setCurrent] = useState(0)
  const wanted = useRef('')
  const isSearching = useRef(false)
  const search = useCallback(async () => {
    if (isSearching.current) return
    isSearching.current = true
    for (let asked: string | null = null; asked !== wanted.current;) {
      asked = wanted.current
      const result = asked.trim() === '' ? null : await request('document:find', { documentId, query: asked })
      if (asked !== wanted.current) continue
      // A document that is gone has no matches; that it is gone is said elsewhere.
      const answer = result?.ok === true ? result.value : nothing
      setFound({ ...answer, query: asked })
      setCurrent(answer.matches.length > 0 ? 1 : 0)
      const [first] = answer.matches
      if (first !== undefined) goTo(first.start)
    }
    isSearching.current = false
  }, [documentId, goTo])
  const change = useCallback(
    (next: string) => {
      setQuery(next)
      wanted.current = next
      void search()
    },
    [search],
  )
  // What is drawn belongs to this document; the search ends with it.
  useEffect(
    () => () => {
      wanted.current = ''
    },
    [],
  )
  const { matches } = found
  const step = useCallback(
    (by: 1 | -1) => {
      if (matches.length === 0) return
      const next = ((current - 1 + by + matches.length) % matches.length) + 1
      setCurrent(next)
      const match = matches[next - 1]
      if (match !== undefined) goTo(match.start)
    },
    [matches, current, goTo],
  )
  return {
    query,
    setQuery: change,
    matches,
    matchCount: matches.length,
    isCut: found.isCut,
    currentMatch: current,
    isReading: query.trim() !== '' && found.query !== query,
    step,
  }
}
