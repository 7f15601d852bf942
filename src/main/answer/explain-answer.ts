import { AppError } from '../../shared/errors.ts'
import type { Turn } from '../../shared/conversation.ts'
import type { ExplainRequest, PassageExplanation } from '../../shared/passage-explanation.ts'
import type { Source } from '../../shared/passage.ts'
import type { CollectionStore, DocumentSet } from '../ports/collection-store.ts'
import type { ConversationStore } from '../ports/conversation-store.ts'
import type { DocumentStore, StoredChunk } from '../ports/document-store.ts'
import { type ExplainPassage, fateOrder, lookedAt } from './explain-passage.ts'
import { locateText } from './locate-text.ts'
import { searchQueries } from './search-queries.ts'

export interface ExplainAnswer {
  /**
   * Why an answer did not find a place in a document: by what was recorded when it was asked and, where the place is not in that, by
   * searching again for the same. Abort rejects with the signal's reason.
   * @throws AppError `not-found` (the conversation, or a collection it was asked of)
   */
  (request: ExplainRequest, options: { readonly signal: AbortSignal }): Promise<PassageExplanation>
}

/** Chunks of a selected place that are looked at: nobody selects more to ask about. */
const mostChunks = 24
/** A chunk that the place only touches is not what was meant. UTF-16 units. */
const leastOverlap = 20

export function createExplainAnswer(parts: {
  readonly explain: ExplainPassage
  readonly documents: Pick<DocumentStore, 'summaries' | 'readSlices' | 'chunksInRange'>
  readonly conversations: Pick<ConversationStore, 'turns'>
  readonly collections: Pick<CollectionStore, 'resolve'>
  readonly considered: () => number
}): ExplainAnswer {
  const { explain, documents, conversations, collections } = parts

  const readTurn = ({ conversationId, answerId }: ExplainRequest): Turn => {
    const [turn] = conversations.turns(conversationId, { at: { answer: answerId }, limit: 1 }).turns
    if (turn === undefined)
      throw new AppError(
        'not-found',
        'This answer is no longer in its conversation. Ask again, then look at the new one.',
      )
    return turn
  }

  const chunksOf = async (
    { documentId, place }: ExplainRequest,
    signal: AbortSignal,
  ): Promise<readonly StoredChunk[]> => {
    const range = 'text' in place ? await locateText(documents, documentId, place, { signal }) : place
    if (range === null) return []
    const chunks = documents.chunksInRange(documentId, range, mostChunks)
    const meant = chunks.filter(
      ({ start, end }) =>
        Math.min(end, range.end) - Math.max(start, range.start) >= Math.min(leastOverlap, range.end - range.start),
    )
    return meant.length === 0 ? chunks : meant
  }

  /** Null: nothing can be searched in the scope any more. */
  const resolveScope = async (turn: Turn, signal: AbortSignal): Promise<DocumentSet | 'everything' | null> => {
    try {
      return (await collections.resolve(turn.scope, { signal })) ?? 'everything'
    } catch (error) {
      if (error instanceof AppError && error.code === 'nothing-to-search') return null
      throw error
    }
  }

  return async (request, { signal }) => {
    const turn = readTurn(request)
    const base: PassageExplanation = {
      lostAt: 'library',
      passageId: null,
      rank: null,
      considered: parts.considered(),
      lookedAt,
      threshold: turn.usage?.search?.threshold ?? 0,
      missingPhrases: [...(turn.usage?.search?.missingPhrases ?? [])],
      candidate: null,
      source: null,
    }
    const [document] = documents.summaries([request.documentId])
    if (document === undefined) return base
    const chunks = await chunksOf(request, signal)
    if (chunks.length === 0) return { ...base, lostAt: 'unread' }
    const recorded = explainByRecords(turn, chunks, base)
    if (recorded !== null) return recorded
    if (turn.usage?.search === undefined && turn.sources.length > 0) return { ...base, lostAt: 'unsearched' }
    if (turn.usage?.search?.overview != null) return { ...base, lostAt: 'overview', passageId: chunks[0]?.id ?? null }
    if (document.addedAt > turn.askedAt) return { ...base, lostAt: 'later' }
    const scope = await resolveScope(turn, signal)
    const [first] = chunks
    if (scope === null || (scope !== 'everything' && first !== undefined && !scope.keys.includes(first.documentKey)))
      return { ...base, lostAt: 'scope', passageId: first?.id ?? null }
    const queries = searchQueries({ ...turn, previousQuestion: null })
    const now = await explain(
      queries,
      chunks.map(({ id }) => id),
      { within: scope === 'everything' ? null : scope, signal },
    )
    // What was asked then did not have it among what it looked at.
    const isAmongThem = fateOrder.some((fate) => fate === now.lostAt)
    return isAmongThem && turn.usage?.search !== undefined ? { ...now, lostAt: 'changed' } : now
  }
}

/** Pure. Null: the records of the answer do not hold the place. */
export function explainByRecords(
  { sources, usage, mode }: Pick<Turn, 'sources' | 'usage' | 'mode'>,
  chunks: readonly Pick<StoredChunk, 'id' | 'documentId' | 'start' | 'end'>[],
  base: PassageExplanation,
): PassageExplanation | null {
  const holds = (place: Pick<Source, 'documentId' | 'start' | 'end'>): boolean =>
    chunks.some(
      ({ documentId, start, end }) => documentId === place.documentId && start < place.end && end > place.start,
    )
  const candidates = usage?.search?.candidates ?? []
  const traced = candidates
    .filter(({ passageId }) => chunks.some(({ id }) => id === passageId))
    .toSorted((one, other) => fateOrder.indexOf(other.fate) - fateOrder.indexOf(one.fate))[0]
  const known = {
    ...base,
    passageId: traced?.passageId ?? chunks[0]?.id ?? null,
    candidate: traced ?? null,
    rank: traced === undefined ? null : candidates.indexOf(traced) + 1,
  }
  const sourceOf = ({ number, documentName }: Source): PassageExplanation['source'] => ({ number, documentName })
  const source = sources.find((one) => one.isCited && holds(one)) ?? sources.find(holds)
  if (source !== undefined && mode !== 'refused') {
    const isLeftOut = usage?.leftOutPassageIds.includes(source.id) === true
    const lostAt = source.isCited ? 'given' : isLeftOut ? 'context' : 'unused'
    return { ...known, lostAt, source: sourceOf(source) }
  }
  const standIn = sources.find(({ versions }) => versions.some(holds))
  if (standIn !== undefined) return { ...known, lostAt: 'version', source: sourceOf(standIn) }
  if (traced === undefined) return source === undefined ? null : { ...known, lostAt: 'far' }
  return { ...known, lostAt: traced.fate }
}
