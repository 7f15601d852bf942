import type { DocumentNotice } from '../../../shared/document.ts'
import type { TextSlice } from '../../../shared/anchor.ts'
import type { DocumentId } from '../../../shared/ids.ts'
import type { Chunk, CutState } from '../../ports/chunks.ts'
import type { EmbedderId } from '../../ports/embedding.ts'
import { type ChunkSettings, defaultChunkSettings } from './chunk-settings.ts'
import { completeChunk } from './complete-chunk.ts'
import { embeddingText, headingPrefix } from './embedding-text.ts'
import { openHeading, type OpenHeading } from './heading-path.ts'
import { leafSegments, type Segment } from './leaf-segments.ts'
import { type OpenChunk, totalTokens } from './open-chunk.ts'
import { routeEmbedder } from './route-embedder.ts'
import {
  countLetters,
  lettersUnknownToBge,
  lettersUnknownToMiniLm,
  profileScripts,
  weighLetters,
} from './script-profile.ts'
import { splitToFit, trimmed } from './split-to-fit.ts'

/** Tokens of a text by the embedder's own tokenizer, special tokens left out. */
export type TokenCounter = (text: string, embedder: EmbedderId) => number

export const initialCutState: CutState = { headings: [], nextOrdinal: 0, embedder: null, letters: 0, unknownLetters: 0 }

export interface CutOptions {
  readonly documentId: DocumentId
  readonly countTokens: TokenCounter
  readonly settings?: ChunkSettings
}

/** [CLS] and [SEP]. */
const specialTokens = 2
/** From this weight of letters on, a block decides for itself which embedder it goes to. */
const decidingWeight = 40
/** A repeated table header may take this share of a chunk. */
const tableHeaderShare = 0.25
/** From this share of letters in scripts the embedders do not know, the document is said to be found by keywords only. */
const keywordsOnlyShare = 0.3

/**
 * Cuts one slice into chunks; slices come in order, `state` goes from one to the next. No chunk crosses a slice.
 *
 * A heading opens a chunk and belongs to it; blocks are packed up to the target; a block that does not fit is cut at
 * sentences, then lines, clauses, words, characters. A chunk has one embedder: where the language changes from block to
 * block, a new chunk begins. Every letter and digit of the slice is in exactly one chunk; what holds neither is left out.
 * Pure; time and memory grow linearly with the slice.
 */
export function cutChunks(
  slice: TextSlice,
  state: CutState,
  options: CutOptions,
): { readonly chunks: readonly Chunk[]; readonly state: CutState } {
  const settings = options.settings ?? defaultChunkSettings
  const { countTokens } = options
  const chunks: Chunk[] = []
  let { headings, nextOrdinal, embedder: lastEmbedder, letters, unknownLetters } = state
  let open: OpenChunk | null = null
  const textOf = (start: number, end: number): string => slice.text.slice(start - slice.start, end - slice.start)

  // Most blocks stand under the same headings as the one before: their prefix is counted once.
  let known: {
    path: readonly OpenHeading[]
    isBelow: boolean
    embedder: EmbedderId
    prefix: string
    prefixTokens: number
  } | null = null
  const prefixAt = (
    start: number,
    embedder: EmbedderId,
  ): { readonly prefix: string; readonly prefixTokens: number } => {
    const isBelow = start > (headings.at(-1)?.start ?? -1)
    if (known?.path === headings && known.isBelow === isBelow && known.embedder === embedder) return known
    const prefix = headingPrefix(headings, start, (text) => countTokens(text, embedder) <= settings.maxPrefixTokens)
    known = {
      path: headings,
      isBelow,
      embedder,
      prefix,
      prefixTokens: prefix === '' ? 0 : countTokens(prefix, embedder),
    }
    return known
  }

  const begin = (start: number, embedder: EmbedderId, wantedHeader: string): OpenChunk => {
    const { prefix, prefixTokens } = prefixAt(start, embedder)
    const headerTokens = wantedHeader === '' ? 0 : countTokens(wantedHeader, embedder)
    const tableHeader = headerTokens <= settings.maxTokens * tableHeaderShare ? wantedHeader : ''
    const overheadTokens = specialTokens + prefixTokens + (tableHeader === '' ? 0 : headerTokens)
    return {
      start,
      end: start,
      path: headings,
      prefix,
      tableHeader,
      overheadTokens,
      textTokens: 0,
      embedder,
      isDecided: false,
      holdsOnlyHeadings: false,
      isInexact: false,
    }
  }

  const close = (): void => {
    if (open === null) return
    const { start, end, path, prefix, tableHeader, embedder, isInexact } = open
    const text = textOf(start, end)
    const total = totalTokens(open)
    open = null
    if (!/[\p{L}\p{N}]/u.test(text)) return
    const given = embeddingText({ prefix, tableHeader, text })
    const profile = profileScripts(text)
    letters += countLetters(profile)
    unknownLetters += embedder === 'bge-small-zh-v1.5' ? lettersUnknownToBge(profile) : lettersUnknownToMiniLm(profile)
    const draft = {
      ordinal: nextOrdinal,
      start,
      end,
      page: slice.page?.number ?? null,
      headingPath: path.map((heading) => heading.text),
      text,
      embeddingText: given,
      embedder,
      tokenCount: isInexact ? countTokens(given, embedder) + specialTokens : total,
      profile,
    }
    chunks.push(completeChunk(draft, options.documentId))
    nextOrdinal += 1
  }

  /** Appends a piece, in a new chunk where it does not fit. A block's first piece joins only up to the target. */
  const append = (
    piece: { readonly start: number; readonly end: number; readonly tokens: number; readonly isInexact: boolean },
    embedder: EmbedderId,
    segment: Segment,
    isFirst: boolean,
  ): OpenChunk => {
    if (open !== null) {
      const limit =
        isFirst && !open.holdsOnlyHeadings && open.textTokens >= settings.minTokens
          ? settings.targetTokens
          : settings.maxTokens
      if (totalTokens(open) + piece.tokens > limit || piece.end - open.start > settings.maxUnits) close()
    }
    open ??= begin(piece.start, embedder, segment.tableHeader)
    open.end = piece.end
    open.textTokens += piece.tokens
    open.isInexact ||= piece.isInexact
    open.holdsOnlyHeadings = false
    return open
  }

  for (const segment of leafSegments(slice)) {
    const { start, end } = trimmed(slice.text, segment.start - slice.start, segment.end - slice.start)
    const range = { start: start + slice.start, end: end + slice.start }
    const text = slice.text.slice(start, end)
    const profile = profileScripts(text)
    const isDeciding = weighLetters(profile) >= decidingWeight
    const isHeading = segment.kind === 'heading'
    if (isHeading) {
      const current: OpenChunk | null = open
      if (current !== null && !current.holdsOnlyHeadings) close()
      headings = openHeading(headings, { level: segment.level, start: range.start, text })
    }

    const before: OpenChunk | null = open
    const embedder: EmbedderId = isDeciding
      ? routeEmbedder(profile)
      : (before?.embedder ?? lastEmbedder ?? routeEmbedder(profile))
    if (isDeciding) lastEmbedder = embedder
    if (before !== null && before.embedder !== embedder) {
      const other = recounted(before, embedder, countTokens, textOf(before.start, before.end))
      if ((before.isDecided && !before.holdsOnlyHeadings) || totalTokens(other) > settings.maxTokens) close()
      else open = other
    }

    const current: OpenChunk | null = open
    const fresh = begin(range.start, embedder, segment.tableHeader)
    const freshTokens = settings.maxTokens - fresh.overheadTokens
    const leftTokens = current === null ? freshTokens : settings.maxTokens - totalTokens(current)
    const mustJoin = current !== null && (current.holdsOnlyHeadings || current.textTokens < settings.minTokens)
    const tokens = range.end - range.start > settings.maxUnits ? Infinity : countTokens(text, embedder)
    const isWhole = tokens <= (mustJoin ? Math.min(leftTokens, freshTokens) : freshTokens)
    const pieces = isWhole
      ? [{ start: 0, end: text.length, tokens, isInexact: false }]
      : splitToFit(text, {
          maxTokens: freshTokens,
          maxUnits: settings.maxUnits,
          countTokens: (part) => countTokens(part, embedder),
          byLines: segment.kind === 'code' || segment.kind === 'table-row',
        })
    const joinsHeadings = current?.holdsOnlyHeadings ?? true
    pieces.forEach((piece, index) => {
      const place = { ...piece, start: range.start + piece.start, end: range.start + piece.end }
      const chunk = append(place, embedder, segment, index === 0)
      if (isHeading) {
        chunk.path = headings
        chunk.holdsOnlyHeadings = joinsHeadings || index > 0
      }
      chunk.isDecided ||= isDeciding
    })
  }
  close()
  return { chunks, state: { headings, nextOrdinal, embedder: lastEmbedder, letters, unknownLetters } }
}

/** A chunk of few letters, or of headings, takes over the embedder of the block that follows. */
function recounted(chunk: OpenChunk, embedder: EmbedderId, countTokens: TokenCounter, text: string): OpenChunk {
  const overhead = [chunk.prefix, chunk.tableHeader]
    .filter((part) => part !== '')
    .map((part) => countTokens(part, embedder))
  return {
    ...chunk,
    embedder,
    textTokens: countTokens(text, embedder),
    overheadTokens: overhead.reduce((sum, tokens) => sum + tokens, specialTokens),
  }
}

/** The notice for a document that the embedders understand too little of, or null. */
export function keywordsOnlyNotice(state: CutState): DocumentNotice | null {
  const share = state.letters === 0 ? 0 : state.unknownLetters / state.letters
  return share < keywordsOnlyShare ? null : { code: 'keywords-only', values: { percent: Math.round(share * 100) } }
}
