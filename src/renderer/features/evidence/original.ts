import { useEffect, useState } from 'react'
import type { DocumentId } from '../../../shared/ids.ts'
import type { OriginalState } from '../../../shared/original-state.ts'
import { request } from '../../api.ts'

/** What became of the file behind a document. Rejects only where main itself fails. */
export async function askForOriginal(documentId: DocumentId): Promise<OriginalState> {
  const result = await request('document:original', { documentId })
  if (!result.ok) throw new Error(result.error.message)
  return result.value.state
}

/** Counts how often the reader came back to the window while `isWaiting`: what was missing may be there again. */
export function useReturns(isWaiting: boolean): number {
  const [returns, setReturns] = useState(0)
  useEffect(() => {
    if (!isWaiting) return undefined
    const count = (): void => setReturns((before) => before + 1)
    window.addEventListener('focus', count)
    return () => window.removeEventListener('focus', count)
  }, [isWaiting])
  return returns
}

/** The state of a document's file, asked anew when the reader comes back to the window; null until it is known, and for null. */
export function useOriginal(documentId: DocumentId | null): OriginalState | null {
  const [known, setKnown] = useState<{ readonly documentId: DocumentId; readonly state: OriginalState } | null>(null)
  const returns = useReturns(documentId !== null)
  useEffect(() => {
    if (documentId === null) return undefined
    let isGone = false
    askForOriginal(documentId)
      .then((state) => {
        if (!isGone) setKnown({ documentId, state })
      })
      .catch((error: unknown) => console.error(error))
    return () => {
      isGone = true
    }
  }, [documentId, returns])
  return known?.documentId === documentId ? known.state : null
}
