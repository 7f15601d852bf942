import { randomUUID } from 'node:crypto'
import { expect, it, vi } from 'vitest'
import { createExplainAnswer } from '../../../../src/main/answer/explain-answer.ts'
import type { ExplainPassage } from '../../../../src/main/answer/explain-passage.ts'
import type { ConversationStore } from '../../../../src/main/ports/conversation-store.ts'
import type { DocumentStore, StoredChunk } from '../../../../src/main/ports/document-store.ts'
import { type Turn, turnSchema } from '../../../../src/shared/conversation.ts'
import { AppError } from '../../../../src/shared/errors.ts'
import { conversationIdSchema, messageIdSchema } from '../../../../src/shared/ids.ts'
import type { PassageExplanation } from '../../../../src/shared/passage-explanation.ts'
import { type Source, sourceSchema } from '../../../../src/shared/passage.ts'
import type { SearchCandidate } from '../../../../src/shared/search-trace.ts'
import { samplePassage } from '../../../support/sample-passage.ts'

const place = samplePassage({ document: 'a', ordinal: 3 })
const source = (over: Partial<Source> = {}): Source =>
  sourceSchema.parse({ ...place, number: 2, isCited: true, boxes: [], claims: [], ...over })
const candidate = (fate: SearchCandidate['fate']): SearchCandidate => ({
  passageId: place.id,
  documentId: place.documentId,
  documentName: place.documentName,
  page: null,
  vectorRank: 4,
  keywordRank: null,
  similarity: 0.4,
  coverage: null,
  score: 0.3,
  closeness: 0.3,
  fate,
})

function turnOf(over: {
  readonly sources?: readonly Source[]
  readonly candidates?: readonly SearchCandidate[] | null
  readonly leftOut?: readonly string[]
  readonly mode?: Turn['mode']
}): Turn {
  const { sources = [], candidates = [], leftOut = [], mode = 'generated' } = over
  return turnSchema.parse({
    questionId: randomUUID(),
    answerId: randomUUID(),
    question: 'What notice?',
    condensedQuestion: null,
    translatedQuestion: null,
    askedAt: 1_000,
    scope: null,
    otherAnswerIds: [],
    answer: 'An answer.',
    reasoning: '',
    mode,
    model: null,
    finishReason: 'stop',
    error: null,
    sources,
    usage: {
      promptTokens: null,
      answerTokens: null,
      stageMs: {},
      leftOutPassageIds: leftOut,
      ...(candidates === null
        ? {}
        : {
            search: {
              basis: 'documents',
              documentCount: 2,
              closeness: 0.4,
              threshold: 0.27,
              isClose: true,
              missingPhrases: [],
              candidates,
            },
          }),
    },
  })
}

async function explain(
  turn: Turn,
  over: {
    readonly document?: { readonly addedAt: number } | null
    readonly chunks?: readonly Partial<StoredChunk>[]
    readonly resolve?: () => Promise<null | { keys: Int32Array; libraryDocuments: number }>
    readonly now?: PassageExplanation['lostAt']
  } = {},
): Promise<{ explained: PassageExplanation; search: ReturnType<typeof vi.fn> }> {
  const { document = { addedAt: 1 }, chunks = [{ ...place, documentKey: 7 }], now = 'order' } = over
  const search = vi.fn<ExplainPassage>(async () => ({
    lostAt: now,
    passageId: place.id,
    rank: 41,
    considered: 12,
    lookedAt: 1_000,
    threshold: 0.27,
    missingPhrases: [],
    candidate: null,
    source: null,
  }))
  const explainAnswer = createExplainAnswer({
    explain: search,
    documents: {
      summaries: () => (document === null ? [] : [document]),
      chunksInRange: () => chunks,
    } as unknown as DocumentStore,
    conversations: { turns: () => ({ turns: [turn] }) } as unknown as ConversationStore,
    collections: { resolve: over.resolve ?? (async () => null) },
    considered: () => 12,
  })
  const explained = await explainAnswer(
    {
      conversationId: conversationIdSchema.parse(randomUUID()),
      answerId: messageIdSchema.parse(turn.answerId),
      documentId: place.documentId,
      place: { start: place.start, end: place.end },
    },
    { signal: new AbortController().signal },
  )
  return { explained, search }
}

it('tells from the records what became of a passage that was found', async () => {
  const lostAt = async (...given: Parameters<typeof explain>): Promise<unknown> => {
    const { explained, search } = await explain(...given)
    expect(search).not.toHaveBeenCalled()
    return [explained.lostAt, explained.source?.number ?? null, explained.rank]
  }
  expect(await lostAt(turnOf({ sources: [source()], candidates: [candidate('given')] }))).toEqual(['given', 2, 1])
  expect(await lostAt(turnOf({ sources: [source({ isCited: false })] }))).toEqual(['unused', 2, null])
  expect(await lostAt(turnOf({ sources: [source({ isCited: false })], leftOut: [place.id] }))).toEqual([
    'context',
    2,
    null,
  ])
  expect(await lostAt(turnOf({ candidates: [candidate('surplus')] }))).toEqual(['surplus', null, 1])
  expect(await lostAt(turnOf({ candidates: [candidate('crowded')] }))).toEqual(['crowded', null, 1])
  expect(
    await lostAt(turnOf({ mode: 'refused', sources: [source({ isCited: false })], candidates: [candidate('far')] })),
  ).toEqual(['far', null, 1])
  const shown = samplePassage({ document: 'b' })
  const standIn = source({
    ...shown,
    number: 1,
    versions: [
      {
        passageId: place.id,
        documentId: place.documentId,
        documentName: place.documentName,
        page: null,
        start: place.start,
        end: place.end,
        text: place.text,
        modifiedAt: 1,
        isDraft: true,
        differences: [],
      },
    ],
  })
  expect(await lostAt(turnOf({ sources: [standIn], candidates: [candidate('version')] }))).toEqual(['version', 1, 1])
})

it('tells what was lost before any search', async () => {
  const lostAt = async (...given: Parameters<typeof explain>): Promise<string> => {
    const { explained, search } = await explain(...given)
    expect(search).not.toHaveBeenCalled()
    return explained.lostAt
  }
  expect(await lostAt(turnOf({}), { document: null })).toBe('library')
  expect(await lostAt(turnOf({}), { chunks: [] })).toBe('unread')
  expect(await lostAt(turnOf({}), { document: { addedAt: 2_000 } })).toBe('later')
  const other = source(samplePassage({ document: 'c' }))
  expect(await lostAt(turnOf({ candidates: null, sources: [other] }))).toBe('unsearched')
  expect(await lostAt(turnOf({}), { resolve: async () => ({ keys: Int32Array.of(1, 2), libraryDocuments: 3 }) })).toBe(
    'scope',
  )
  const empty = new AppError('nothing-to-search', 'Nothing can be searched.')
  expect(await lostAt(turnOf({}), { resolve: () => Promise.reject(empty) })).toBe('scope')
})

it('searches again, within the scope, for what the records do not hold', async () => {
  const within = { keys: Int32Array.of(7), libraryDocuments: 3 }
  const { explained, search } = await explain(turnOf({}), { resolve: async () => within })
  expect(explained).toMatchObject({ lostAt: 'order', rank: 41 })
  expect(search.mock.calls[0]?.slice(0, 2)).toEqual([[{ text: 'What notice?', weight: 1 }], [place.id]])
  expect(search.mock.calls[0]?.[2]).toMatchObject({ within })
  expect((await explain(turnOf({}), { now: 'candidates' })).explained.lostAt).toBe('candidates')
  // Found now, and not then: the library has changed.
  expect((await explain(turnOf({}), { now: 'given' })).explained.lostAt).toBe('changed')
})
