import { useCallback, useEffect, useRef, useState } from 'react'
import type { TextSlice } from '../../../../shared/anchor.ts'
import type { SerializedAppError } from '../../../../shared/errors.ts'
import type { DocumentId } from '../../../../shared/ids.ts'
import { request } from '../../../api.ts'
import { sliceOf } from './leaf-parts.ts'

interface Wanted {
  readonly start: number
  readonly end: number
}

/** Held at most, about two million units; those farthest from what is wanted go first. */
const mostSlices = 64

/**
 * The slices of one document that were read so far. `want`: leaves that are to be drawn; what is missing is read, one request at a
 * time, the newest wish first.
 */
export function useSlices(
  documentId: DocumentId,
  given: readonly TextSlice[],
): {
  readonly slices: readonly TextSlice[]
  readonly want: (leaves: readonly Wanted[]) => void
  readonly error: SerializedAppError | null
} {
  const [slices, setSlices] = useState(given)
  const [error, setError] = useState<SerializedAppError | null>(null)
  const held = useRef(given)
  const wanted = useRef<readonly Wanted[]>([])
  const isReading = useRef(false)
  const isGone = useRef(false)
  useEffect(() => {
    isGone.current = false
    return () => {
      isGone.current = true
    }
  }, [])
  const hold = useCallback((fresh: readonly TextSlice[]) => {
    held.current = withSlices(held.current, fresh, wanted.current)
    setSlices(held.current)
  }, [])
  // Another source of the same document brings the slices around its passage.
  useEffect(() => hold(given), [given, hold])
  const read = useCallback(async () => {
    if (isReading.current) return
    isReading.current = true
    for (;;) {
      const missing = wanted.current.filter((leaf) => sliceOf(held.current, leaf) === undefined)
      const [first] = missing
      const last = missing.at(-1)
      if (first === undefined || last === undefined) break
      const result = await request('document:read', { documentId, start: first.start, end: last.end, neighbours: 1 })
      if (isGone.current) break
      if (!result.ok) {
        setError(result.error)
        break
      }
      hold(result.value.slices)
      // A leaf that no slice holds would be asked for again and again.
      if (result.value.slices.every((slice) => slice.start > first.start || slice.end < first.end)) break
    }
    isReading.current = false
  }, [documentId, hold])
  const want = useCallback(
    (leaves: readonly Wanted[]) => {
      wanted.current = leaves
      void read()
    },
    [read],
  )
  return { slices, want, error }
}

/** Each slice once, in order, not too many. */
function withSlices(
  held: readonly TextSlice[],
  fresh: readonly TextSlice[],
  wanted: readonly Wanted[],
): readonly TextSlice[] {
  const byOrdinal = new Map([...held, ...fresh].map((slice) => [slice.ordinal, slice]))
  const middle = wanted[Math.floor(wanted.length / 2)]?.start ?? fresh[0]?.start ?? 0
  return [...byOrdinal.values()]
    .toSorted((one, other) => Math.abs(one.start - middle) - Math.abs(other.start - middle))
    .slice(0, Math.max(mostSlices, fresh.length))
    .toSorted((one, other) => one.ordinal - other.ordinal)
}
