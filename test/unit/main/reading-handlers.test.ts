import { describe, expect, it } from 'vitest'
import { isDocumentToOpen } from '../../../src/main/documents-to-open.ts'
import { createReadingHandlers } from '../../../src/main/reading-handlers.ts'
import { buildSlices, type RawBlock } from '../../../src/main/ingest/parse/slice-builder.ts'
import type { DocumentStore } from '../../../src/main/ports/document-store.ts'
import type { TextSlice } from '../../../src/shared/anchor.ts'
import { fakeSummary } from '../../support/fake-library.ts'

const summary = fakeSummary(0, { name: 'Tides.txt', kind: 'text', paths: ['/library/Tides.txt'] })

function handlersFor(blocks: readonly RawBlock[], over: { readonly signal?: AbortSignal } = {}) {
  const slices: readonly TextSlice[] = [...buildSlices(blocks)]
  let reads = 0
  const documents: Pick<DocumentStore, 'summaries' | 'readSlices'> = {
    summaries: (ids) => (ids.includes(summary.id) ? [summary] : []),
    readSlices: (_id, { start, end }) => {
      reads += 1
      const touched = slices.filter((slice) => slice.start < Math.max(end, start + 1) && slice.end > start)
      return { slices: touched, sliceCount: slices.length, parserVersion: 2 }
    },
  }
  const handlers = createReadingHandlers({
    documents: documents as DocumentStore,
    signal: over.signal ?? new AbortController().signal,
  })
  return { handlers, slices, readCount: () => reads }
}

const paragraphs = (count: number): readonly RawBlock[] =>
  Array.from({ length: count }, (_unused, index) => ({
    kind: 'paragraph',
    level: 0,
    text: `Tide ${index}. ${'The water rises and falls again. '.repeat(20)}`,
  }))

describe('a document in the evidence pane', () => {
  it('is mapped in slices, between which main does other things', async () => {
    const { handlers, slices, readCount } = handlersFor(paragraphs(2_000))
    let turns = 0
    const timer = setInterval(() => (turns += 1), 0)
    const map = await handlers['document:map']({ documentId: summary.id })
    clearInterval(timer)
    expect(map.leaves.at(-1)?.end).toBe(slices.at(-1)?.end)
    expect(readCount()).toBeGreaterThan(10)
    expect(turns).toBeGreaterThan(0)
  })

  it('is searched as a whole, whatever case and accents', async () => {
    const { handlers, slices } = handlersFor([...paragraphs(500), { kind: 'heading', level: 1, text: 'Ébb and flow' }])
    const { matches, isCut } = await handlers['document:find']({ documentId: summary.id, query: 'ebb AND' })
    const text = slices.map((slice) => slice.text).join('')
    expect(matches.map(({ start, end }) => text.slice(start, end))).toEqual(['Ébb and'])
    expect(isCut).toBe(false)
    const many = await handlers['document:find']({ documentId: summary.id, query: 'the water' })
    expect(many.matches).toHaveLength(2_000)
    expect(many.isCut).toBe(true)
  })

  it('that was removed is not there, and the end of Carrel ends the reading', async () => {
    const ending = new AbortController()
    const { handlers } = handlersFor(paragraphs(2_000), { signal: ending.signal })
    const reading = handlers['document:map']({ documentId: summary.id })
    ending.abort(new Error('quit'))
    await expect(reading).rejects.toThrow('quit')
    const other = fakeSummary(1, { name: 'Gone.txt' })
    await expect(handlers['document:map']({ documentId: other.id })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('is handed to its own application only where opening cannot run it', () => {
    for (const path of ['a.PDF', 'a.b.docx', '/x/y.md']) expect(isDocumentToOpen(path), path).toBe(true)
    for (const path of ['a.bat', 'a.js', 'a.py', 'a.desktop', 'a.docx.exe', 'Makefile', '/x.md/run', 'a.svg'])
      expect(isDocumentToOpen(path), path).toBe(false)
  })
})
