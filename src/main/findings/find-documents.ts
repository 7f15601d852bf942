import { AppError, type SerializedAppError } from '../../shared/errors.ts'
import { readFindingsQuestion } from '../../shared/findings-question.ts'
import type { Finding, FindingsEvent, FindingsSummary, FindRequest } from '../../shared/findings.ts'
import type { Passage } from '../../shared/passage.ts'
import { type Requirement, requiredTerms } from '../../shared/required-terms.ts'
import type { CollectionStore, DocumentSet } from '../ports/collection-store.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import type { FindingsIndex, SearchedDocuments } from '../ports/findings-index.ts'
import { wholePassage } from '../evidence/whole-passage.ts'
import { type FoundDocument, FoundDocuments } from './found-documents.ts'
import { readFinding } from './read-finding.ts'

/** One bit each, see {@link FindingsIndex}. */
const mostRequirements = 30
/** Chunks looked at in one step of the search thread: other searches come in between. */
const chunksPerSlice = 8_192
/** Rows made in one go of the main thread. */
const rowsPerStep = 4
/** Passages looked at for similar documents, and rows they may become. */
const similarPassages = 100
const mostSimilar = 50

/** The nearest passages by meaning and words, best first; see answer/search-passages.ts. */
export type SimilarSearch = (
  query: string,
  options: {
    readonly limit: number
    readonly within: DocumentSet | null
    readonly signal: AbortSignal
    readonly onKeywordsOnly: (problem: SerializedAppError) => void
  },
) => Promise<readonly { readonly passage: Passage; readonly closeness: number; readonly similarity: number | null }[]>

/**
 * Every document of a scope that mentions all that a query names, without a model; then, marked as such, those that are similar. Rows
 * come in the order in which they are shown; the summary ends it. The next step is taken when the consumer asks for it.
 * @throws AppError `invalid-request` for a query that names nothing, a lone Chinese character or more than 30 words; `not-found` for what the
 * scope names. Abort rejects with the signal's reason, between two steps.
 */
export type FindDocuments = (
  request: FindRequest,
  options: { readonly signal: AbortSignal },
) => AsyncIterable<FindingsEvent>

export function createFindDocuments(parts: {
  readonly findingsIndex: FindingsIndex
  readonly documents: Pick<DocumentStore, 'chunksByKey' | 'searchableDocumentCount'>
  readonly collections: Pick<CollectionStore, 'describe'>
  readonly search: SimilarSearch
  /** From which closeness on a passage of these documents is similar; null: of all. */
  readonly closeEnough: (within: DocumentSet | null) => number
}): FindDocuments {
  const { findingsIndex, documents, collections, search, closeEnough } = parts

  /** Marked as read in the meantime, so that a failure of it waits until it is asked for. */
  const lookForSimilar = (
    subject: string,
    within: DocumentSet | null,
    signal: AbortSignal,
  ): { readonly passages: ReturnType<SimilarSearch>; problem: SerializedAppError | null } => {
    const similar = {
      problem: null as SerializedAppError | null,
      passages: search(subject.replaceAll(/["“”„«»「」『』＂]/g, ' '), {
        limit: similarPassages,
        within,
        signal,
        onKeywordsOnly: (problem) => {
          similar.problem = problem
        },
      }),
    }
    similar.passages.catch(() => undefined)
    return similar
  }

  async function* rowsOf(
    found: readonly FoundDocument[],
    requirements: readonly Requirement[],
    signal: AbortSignal,
  ): AsyncIterable<readonly Finding[]> {
    for (let start = 0; start < found.length; start += rowsPerStep) {
      const step = found.slice(start, start + rowsPerStep)
      const chunks = new Map(
        documents.chunksByKey(step.map(({ chunkKey }) => chunkKey)).map((chunk) => [chunk.chunkKey, chunk]),
      )
      yield step.flatMap(({ chunkKey, passageCount }, index) => {
        const chunk = chunks.get(chunkKey)
        // Removed since it was found.
        if (chunk === undefined) return []
        const match = passageCount > 0 ? ('words' as const) : ('apart' as const)
        return [readFinding(wholePassage(chunk, start + index + 1), { match, passageCount, requirements })]
      })
      await nextTurn()
      signal.throwIfAborted()
    }
  }

  return async function* findDocuments({ query, scope: asked }, { signal }) {
    signal.throwIfAborted()
    const question = readFindingsQuestion(query)
    const { subject, requirements } = readSubject(query, question?.subject ?? null)
    const scope = collections.describe(asked)
    yield { type: 'progress', share: 0 }
    const searched = await findingsIndex.searched(scope, { signal })
    const within =
      scope === null ? null : { keys: searched.keys, libraryDocuments: documents.searchableDocumentCount() }
    const similar = searched.keys.length === 0 ? null : lookForSimilar(subject, within, signal)

    const matches = new FoundDocuments(requirements.length)
    const { firstChunk, lastChunk } = searched
    for (let first = firstChunk; first <= lastChunk; first += chunksPerSlice) {
      const last = Math.min(lastChunk, first + chunksPerSlice - 1)
      matches.add(await findingsIndex.matches({ requirements, firstChunk: first, lastChunk: last }, { signal }))
      yield { type: 'progress', share: (last - firstChunk + 1) / (lastChunk - firstChunk + 1) }
    }
    const counts = { words: 0, apart: 0, similar: 0, passages: 0 }
    const counted = (rows: readonly Finding[]): FindingsEvent => {
      for (const { match, passageCount } of rows) {
        counts[match] += 1
        counts.passages += passageCount
      }
      return { type: 'rows', rows }
    }
    const shown = new Set<string>()
    for await (const rows of rowsOf(matches.within(searched.keys), requirements, signal)) {
      for (const { passage } of rows) shown.add(passage.documentId)
      yield counted(rows)
    }
    const near = (await similar?.passages) ?? []
    const threshold = closeEnough(within)
    const rows: Finding[] = []
    for (const { passage, closeness, similarity } of near) {
      if (rows.length === mostSimilar) break
      if (similarity === null || closeness < threshold || shown.has(passage.documentId)) continue
      shown.add(passage.documentId)
      rows.push(readFinding(passage, { match: 'similar', passageCount: 0, requirements }))
    }
    yield counted(rows)
    yield {
      type: 'end',
      summary: {
        subject,
        isCount: question?.isCount ?? false,
        ...counts,
        ...(await coverage(searched, scope, signal)),
        keywordsOnly: similar?.problem ?? null,
      },
    }
  }

  /** As it is now: what was removed meanwhile is not counted, what came meanwhile was not searched. */
  async function coverage(
    searched: SearchedDocuments,
    scope: Parameters<FindingsIndex['searched']>[0],
    signal: AbortSignal,
  ): Promise<Pick<FindingsSummary, 'documents' | 'searched' | 'unread'>> {
    const now = await findingsIndex.searched(scope, { signal })
    const unread = await findingsIndex.unread(scope, { signal })
    const before = new Set(searched.keys)
    const still = now.keys.reduce((count, key) => count + (before.has(key) ? 1 : 0), 0)
    const waiting = unread.waiting + now.keys.length - still
    return { documents: still + waiting + unread.needsAttention, searched: still, unread: { ...unread, waiting } }
  }
}

/** @throws AppError `invalid-request` */
function readSubject(
  query: string,
  subject: string | null,
): { readonly subject: string; readonly requirements: readonly Requirement[] } {
  const bySubject = requiredTerms(subject ?? query)
  // "Which documents mention the who?": better all of it than nothing.
  const isEmpty = bySubject.requirements.length + bySubject.loneCharacters.length === 0
  const { requirements, loneCharacters } = isEmpty ? requiredTerms(query) : bySubject
  const [lone] = loneCharacters
  if (lone !== undefined)
    throw new AppError(
      'invalid-request',
      `“${lone}” alone stands in too many words to be looked for. Write a word of two characters or more.`,
      { details: { reason: 'find-lone-character', character: lone } },
    )
  if (requirements.length === 0)
    throw new AppError(
      'invalid-request',
      'There is no word in it to look for. Write what the documents should mention.',
      {
        details: { reason: 'find-nothing' },
      },
    )
  if (requirements.length > mostRequirements)
    throw new AppError(
      'invalid-request',
      'Documents that hold every one of so many words are hardly what you want. Write up to 30 words, or put a sentence in quotation marks.',
      { details: { reason: 'find-too-long' } },
    )
  return { subject: isEmpty ? query : (subject ?? query), requirements }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
