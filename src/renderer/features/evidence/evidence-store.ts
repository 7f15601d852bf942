import { create } from 'zustand'
import type { Box, TextSlice } from '../../../shared/anchor.ts'
import type { DocumentSummary } from '../../../shared/document.ts'
import type { SerializedAppError } from '../../../shared/errors.ts'
import type { DocumentId } from '../../../shared/ids.ts'
import type { IpcResponse } from '../../../shared/ipc.ts'
import type { Passage } from '../../../shared/passage.ts'
import type { Push } from '../../../shared/push.ts'
import { request } from '../../api.ts'
import { findCited, type SourceItem } from '../conversation/answer-sources.ts'
import { type EvidenceBody, evidenceBody } from './evidence-body.ts'

/** What the pane shows: one of an answer's sources, or a whole document. */
export type EvidenceSubject =
  | {
      readonly type: 'source'
      readonly turnKey: string
      readonly items: readonly SourceItem[]
      readonly index: number
      /** Of the source's claims, the one it was opened for; null: all. */
      readonly claim: number | null
    }
  | {
      readonly type: 'document'
      readonly documentId: DocumentId
      readonly name: string
      /** Opened at this place; null: at its beginning. */
      readonly passage: Passage | null
    }

/** The text behind the subject. `kept`: the document cannot be shown, the passage as the answer kept it is. */
export type EvidenceLoad =
  | { readonly state: 'loading' }
  | {
      readonly state: 'open'
      readonly document: DocumentSummary
      readonly parserVersion: number
      readonly sliceCount: number
      readonly slices: readonly TextSlice[]
      readonly body: EvidenceBody
      /** Where the passage stands on the pages; empty where there are none, or no passage. */
      readonly boxes: readonly Box[]
    }
  | { readonly state: 'kept'; readonly error: SerializedAppError }

interface EvidenceState {
  readonly subject: EvidenceSubject | null
  readonly load: EvidenceLoad
  /** How a PDF is shown: as its pages, or as the text that was read from them. Kept from document to document. */
  readonly view: 'pages' | 'text'
  setView(view: 'pages' | 'text'): void
  /** The answer that the keyboard's source numbers mean: the one whose source is open, else the newest. */
  readonly nearest: { readonly turnKey: string; readonly items: readonly SourceItem[] } | null
  setNearest(turnKey: string, items: readonly SourceItem[]): void
  /** Opens source `number` of that answer (before it has numbers, the passage at that place). @returns whether there is one. */
  openNumbered(number: number): boolean
  openSource(turnKey: string, items: readonly SourceItem[], index: number, claim?: number | null): Promise<void>
  openDocument(documentId: DocumentId, name: string): Promise<void>
  /** A place in a document that is no source of an answer. */
  openPassage(passage: Passage): Promise<void>
  /** To the next (1) or previous (-1) source of the same answer; at the ends nothing happens. */
  step(by: 1 | -1): Promise<void>
  /** The answer ended: its final sources take the place of the passages, the open one stays open. */
  adopt(turnKey: string, items: readonly SourceItem[]): void
  /** Loads more text before or after what is shown. */
  extend(direction: 'before' | 'after'): Promise<void>
  /** The library changed: a document that went shows what the answer kept of it, one that came in its place is compared. */
  receiveLibrary(change: Pick<Extract<Push, { type: 'library' }>, 'changed' | 'removed'>): void
  close(): void
}

type Reading = IpcResponse<'document:read'>

/** The evidence pane's own state. Answers that arrive after something else was opened are dropped. */
export const useEvidence = create<EvidenceState>()((set, get) => {
  const show = async (subject: EvidenceSubject): Promise<void> => {
    set({ subject, load: { state: 'loading' } })
    const passage = passageOf(subject)
    const documentId = subject.type === 'source' ? passage?.documentId : subject.documentId
    if (documentId === undefined) return
    const result = await request('document:read', {
      documentId,
      start: passage?.start ?? 0,
      end: passage?.end ?? 0,
      neighbours: passage === null ? 4 : 1,
    })
    const now = get().subject
    // `adopt` may have replaced the subject meanwhile; only another passage makes this answer stale.
    if (now === null || subjectKey(now) !== subjectKey(subject)) return
    if (!result.ok) return set({ load: { state: 'kept', error: result.error } })
    const boxes = hasPages(result.value.document) ? await boxesOf(subject) : []
    const later = get().subject
    if (later === null || subjectKey(later) !== subjectKey(subject)) return
    set({ load: { state: 'open', ...shownText(result.value), body: evidenceBody(passage, result.value), boxes } })
  }
  return {
    subject: null,
    load: { state: 'loading' },
    view: 'pages',
    setView: (view) => set({ view }),
    nearest: null,
    setNearest: (turnKey, items) => set({ nearest: { turnKey, items } }),
    openNumbered: (number) => {
      const { nearest } = get()
      if (nearest === null) return false
      const index = findCited(nearest.items, number) ?? number - 1
      if (nearest.items[index] === undefined) return false
      void show({ type: 'source', ...nearest, index, claim: null })
      return true
    },
    openSource: (turnKey, items, index, claim = null) => show({ type: 'source', turnKey, items, index, claim }),
    openDocument: (documentId, name) => show({ type: 'document', documentId, name, passage: null }),
    openPassage: (passage) =>
      show({ type: 'document', documentId: passage.documentId, name: passage.documentName, passage }),
    step: async (by) => {
      const { subject } = get()
      if (subject?.type !== 'source') return
      const index = subject.index + by
      if (index >= 0 && index < subject.items.length) await show({ ...subject, index, claim: null })
    },
    adopt: (turnKey, items) => {
      const { subject } = get()
      if (subject?.type !== 'source' || subject.turnKey !== turnKey || subject.items === items) return
      const openId = subject.items[subject.index]?.passage.id
      const index = items.findIndex(({ passage }) => passage.id === openId)
      if (index !== -1) set({ subject: { ...subject, items, index } })
    },
    extend: async (direction) => {
      const { load, subject } = get()
      if (load.state !== 'open' || subject === null) return
      const edge = direction === 'before' ? load.slices[0] : load.slices.at(-1)
      if (edge === undefined) return
      const result = await request('document:read', {
        documentId: load.document.id,
        start: edge.start,
        end: edge.start,
        neighbours: 3,
      })
      const now = get()
      if (
        !result.ok ||
        now.load.state !== 'open' ||
        now.subject === null ||
        subjectKey(now.subject) !== subjectKey(subject)
      )
        return
      const byOrdinal = new Map([...now.load.slices, ...result.value.slices].map((slice) => [slice.ordinal, slice]))
      set({
        load: { ...now.load, slices: [...byOrdinal.values()].toSorted((left, right) => left.ordinal - right.ordinal) },
      })
    },
    receiveLibrary: ({ changed, removed }) => {
      const { subject, load } = get()
      if (subject === null) return
      const passage = passageOf(subject)
      const documentId = subject.type === 'document' ? subject.documentId : passage?.documentId
      const isGone = documentId !== undefined && removed.includes(documentId)
      const isBack = changed.some(
        ({ id, paths, chunkCount }) =>
          chunkCount > 0 && (id === documentId || (passage !== null && paths.includes(passage.path))),
      )
      if (isGone || (isBack && load.state === 'kept')) void show(subject)
    },
    close: () => set({ subject: null }),
  }
})

/** Names what is shown, so that late answers and scrolling can tell one subject from the next. */
export function subjectKey(subject: EvidenceSubject): string {
  const passage = passageOf(subject)
  if (subject.type === 'document')
    return `document ${subject.documentId}${passage === null ? '' : ` ${passage.start} ${passage.end}`}`
  return `source ${passage?.id ?? ''} ${passage?.start ?? ''} ${passage?.end ?? ''} ${subject.claim ?? ''}`
}

/** What is marked; null: a whole document is shown. */
export function passageOf(subject: EvidenceSubject): Passage | null {
  return subject.type === 'document' ? subject.passage : (subject.items[subject.index]?.passage ?? null)
}

/** True for what is shown as its pages: a PDF, a picture. */
export function hasPages({ kind }: Pick<DocumentSummary, 'kind'>): boolean {
  return kind === 'pdf' || kind === 'image'
}

/** As the answer keeps them; before it is finished, as the records have them now. */
async function boxesOf(subject: EvidenceSubject): Promise<readonly Box[]> {
  const passage = passageOf(subject)
  if (passage === null) return []
  const kept = subject.type === 'source' ? subject.items[subject.index]?.boxes : undefined
  if (kept !== undefined) return kept
  const { documentId, start, end } = passage
  const result = await request('document:boxes', { documentId, start, end })
  // Without them the page is opened unmarked; the text view still marks.
  return result.ok ? result.value.boxes : []
}

function shownText({
  document,
  parserVersion,
  sliceCount,
  slices,
}: Reading): Pick<Reading, 'document' | 'parserVersion' | 'sliceCount' | 'slices'> {
  return { document, parserVersion, sliceCount, slices }
}
