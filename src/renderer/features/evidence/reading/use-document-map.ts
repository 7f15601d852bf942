import { useEffect, useState } from 'react'
import type { DocumentMap } from '../../../../shared/document-map.ts'
import type { SerializedAppError } from '../../../../shared/errors.ts'
import { request } from '../../../api.ts'
import type { EvidenceLoad } from '../evidence-store.ts'

export type MapState =
  | { readonly state: 'loading' }
  | { readonly state: 'open'; readonly map: DocumentMap }
  | { readonly state: 'failed'; readonly error: SerializedAppError }

/** The map that was used last: the next source is mostly one of the same document. */
let latest: { readonly key: string; readonly map: DocumentMap } | null = null

/** What is known of a whole document, asked for once while it is open. */
export function useDocumentMap({
  document: { id },
  parserVersion,
  sliceCount,
}: Pick<Extract<EvidenceLoad, { state: 'open' }>, 'document' | 'parserVersion' | 'sliceCount'>): MapState {
  // The same text, exactly.
  const key = `${id} ${parserVersion} ${sliceCount}`
  const [found, setFound] = useState<{ readonly key: string; readonly state: MapState } | null>(null)
  useEffect(() => {
    if (latest?.key === key) return undefined
    let isGone = false
    void request('document:map', { documentId: id }).then((result) => {
      if (isGone) return
      if (result.ok) latest = { key, map: result.value }
      setFound({
        key,
        state: result.ok ? { state: 'open', map: result.value } : { state: 'failed', error: result.error },
      })
    })
    return () => {
      isGone = true
    }
  }, [id, key])
  if (latest?.key === key) return { state: 'open', map: latest.map }
  return found?.key === key ? found.state : { state: 'loading' }
}
