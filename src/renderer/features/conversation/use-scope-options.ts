import { useEffect, useState } from 'react'
import type { NamedScope } from '../../../shared/collection.ts'
import { request } from '../../api.ts'
import { useCollections } from '../library/collections-store.ts'
import { partKey, partsOf, type ScopePart } from './scope-parts.ts'

const mostCollections = 8
const mostDocuments = 8
/** Typing pauses this long before documents are asked for. */
const delayMs = 100

/** What an `@` can choose: collections, then documents, whose names hold what was typed, without those chosen already. */
export function useScopeOptions(query: string | null, scope: NamedScope | null): readonly ScopePart[] {
  const collections = useCollections((state) => state.list)
  const [documents, setDocuments] = useState<NamedScope['documents']>([])
  useEffect(() => {
    if (query === null) return
    let isCurrent = true
    const ask = async (): Promise<void> => {
      const result = await request('library:list', { offset: 0, limit: mostDocuments, filter: query.trim() })
      if (!isCurrent) return
      // Without them there are still the collections; the list itself says what is wrong.
      setDocuments(
        result.ok
          ? result.value.documents
              .filter(({ state }) => state === 'searchable' || state === 'ready')
              .map(({ id, name }) => ({ id, name }))
          : [],
      )
    }
    const timer = setTimeout(() => void ask(), delayMs)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [query])
  if (query === null) return []
  const wanted = query.trim().normalize('NFKC').toLowerCase()
  const holds = ({ name }: { readonly name: string }): boolean => name.normalize('NFKC').toLowerCase().includes(wanted)
  const chosen = new Set(partsOf(scope).map(partKey))
  const options: readonly ScopePart[] = [
    ...collections
      .filter(holds)
      .slice(0, mostCollections)
      .map(({ id, name }) => ({ type: 'collection' as const, part: { id, name } })),
    ...documents.filter(holds).map((part) => ({ type: 'document' as const, part })),
  ]
  return options.filter((option) => !chosen.has(partKey(option)))
}
