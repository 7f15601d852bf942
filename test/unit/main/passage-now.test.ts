import { describe, expect, it } from 'vitest'
import { readPassageNow, type KeptPassage } from '../../../src/main/passage-now.ts'
import type { TextSlice } from '../../../src/shared/anchor.ts'
import type { DocumentSummary } from '../../../src/shared/document.ts'
import type { DocumentId } from '../../../src/shared/ids.ts'
import { fakeSummary } from '../../support/fake-library.ts'

const { signal } = new AbortController()
const old = fakeSummary(1, { name: 'lease.md' })
const now = fakeSummary(2, { name: 'lease.md', paths: old.paths })
const clause = 'The tenant may end the lease with six months of written notice to the landlord.'
const filler = 'Rent is due on the first of each month. Repairs of the roof are paid by the landlord alone. '

function slicesOf(texts: readonly string[], hasPages = false): readonly TextSlice[] {
  let at = 0
  return texts.map((text, ordinal) => {
    const start = at
    at += text.length
    const page = hasPages ? { number: ordinal + 1, width: 1, height: 1 } : null
    return { ordinal, start, end: at, text, page, blocks: [], runs: [] }
  })
}

/** As storage reads: the slices that touch a range, behind the end the last one. */
function libraryOf(document: DocumentSummary | null, slices: readonly TextSlice[]) {
  return {
    summaries: (ids: readonly DocumentId[]) => (document !== null && ids.includes(document.id) ? [document] : []),
    resolve: (path: string) => (document !== null && document.paths.includes(path) ? [document.id] : []),
    readSlices: (_id: DocumentId, { start, end }: { start: number; end: number }) => {
      const touched = slices.filter((slice) => slice.start < Math.max(end, start + 1) && slice.end > start)
      return { slices: touched.length > 0 ? touched : slices.slice(-1), sliceCount: slices.length, parserVersion: 1 }
    },
  }
}

const kept: KeptPassage = { documentId: old.id, path: old.paths[0] ?? '', start: 200, text: clause }

describe('what stands where a kept passage stood', () => {
  it('nothing, when neither the document nor another from its place is in the library', async () => {
    expect(await readPassageNow(kept, libraryOf(null, []), { signal })).toEqual({
      document: null,
      isSameFile: false,
      standing: null,
    })
  })

  it('the passage word by word, also across slices, nearest to where it stood', async () => {
    const whole = clause + filler.repeat(4) + clause + filler
    const slices = slicesOf([whole.slice(0, 420), whole.slice(420, 460), whole.slice(460)], true)
    const found = await readPassageNow({ ...kept, start: 430 }, libraryOf(now, slices), { signal })
    const start = whole.lastIndexOf(clause)
    expect(found).toMatchObject({ document: { id: now.id }, isSameFile: false })
    expect(found.standing).toMatchObject({ start, text: clause, isExact: true })
    expect(found.standing?.pages[0]?.start).toBe(start)
  })

  it('what has taken its place, with some text around and its page', async () => {
    const changed = clause.replace('six', 'nine').replace('landlord', 'owner of the house')
    const slices = slicesOf([filler.repeat(5), filler + changed + filler, filler.repeat(3)], true)
    const { standing } = await readPassageNow(kept, libraryOf(now, slices), { signal })
    expect(standing?.isExact).toBe(false)
    expect(standing?.text).toContain(changed.slice(0, -1))
    expect(standing?.pages.map(({ number }) => number)).toContain(2)
    const whole = slices.map(({ text }) => text).join('')
    expect(whole.slice(standing?.start, (standing?.start ?? 0) + (standing?.text.length ?? 0))).toBe(standing?.text)
  })

  it('nothing where the document speaks of other things', async () => {
    const found = await readPassageNow(kept, libraryOf(now, slicesOf(['Boil the potatoes slowly.'])), { signal })
    expect(found).toMatchObject({ document: { id: now.id }, standing: null })
    expect((await readPassageNow(kept, libraryOf(now, []), { signal })).standing).toBeNull()
  })

  it('the same bytes, read differently', async () => {
    const found = await readPassageNow(kept, libraryOf(old, slicesOf([filler + clause])), { signal })
    expect(found).toMatchObject({ isSameFile: true, standing: { isExact: true } })
  })

  it('abort ends the reading', async () => {
    const reason = new Error('quit')
    const slices = slicesOf([filler, clause])
    await expect(readPassageNow(kept, libraryOf(now, slices), { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    )
  })
})
