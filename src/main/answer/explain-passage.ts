import type { ChunkId } from '../../shared/ids.ts'
import type { SearchCandidate } from '../../shared/search-trace.ts'
import type { DocumentStore, SettingsStore } from '../interfaces.ts'
import { groupNeighbours } from './join-passages.ts'
import { passagePreset } from './presets.ts'
import { closeEnoughAmong } from './refusal.ts'
import { requiredPhrases } from './required-phrases.ts'
import type { FoundPassage, PassageSearch } from './search-passages.ts'
import { chunksPerPassage, traceCandidates } from './trace-search.ts'

/**
 * Where a passage stayed behind, in the order of the stages. `library`: it is not there; `phrase`: it lacks the words in quotation
 * marks; `candidates`: neither method had it among as many as were looked at; `order`: others were closer; `joined`, `surplus` and `far` as in
 * a trace; `given`: it was not lost.
 */
export type LostAt = 'library' | 'phrase' | 'candidates' | 'order' | 'joined' | 'surplus' | 'far' | 'given'

export interface PassageExplanation {
  readonly passageId: ChunkId
  readonly lostAt: LostAt
  /** From 1, among all that was looked at; null: not among them. */
  readonly rank: number | null
  /** Passages an answer looks at, and how many are looked at here. */
  readonly considered: number
  readonly lookedAt: number
  readonly threshold: number
  readonly missingPhrases: readonly string[]
  readonly candidate: SearchCandidate | null
}

export interface ExplainPassage {
  /** Searches as an answer would, and further down the list. Abort rejects with the signal's reason. */
  (query: string, passageId: ChunkId, options: { readonly signal: AbortSignal }): Promise<PassageExplanation>
}

const lookedAt = 1_000

export function createExplainPassage(parts: {
  readonly search: PassageSearch
  readonly documents: Pick<DocumentStore, 'resolve' | 'summaries' | 'searchableChunkCount'>
  readonly settings: Pick<SettingsStore, 'get'>
}): ExplainPassage {
  const { search, documents, settings } = parts

  const isInLibrary = (passageId: ChunkId): boolean =>
    documents
      .summaries(documents.resolve(passageId.split('-')[0] ?? ''))
      .some(({ state }) => state === 'ready' || state === 'searchable')

  return async (query, passageId, { signal }) => {
    const preset = passagePreset(settings.get())
    const considered = preset.passageCount * chunksPerPassage
    const threshold = closeEnoughAmong(documents.searchableChunkCount(null))
    let missingPhrases: readonly string[] = []
    const usual = await search(query, {
      limit: considered,
      signal,
      onMissingPhrases: (phrases) => {
        missingPhrases = phrases
      },
    })
    const isClose = usual.some(({ closeness }) => closeness >= threshold)
    const traced = traceCandidates(usual, groupNeighbours(usual, preset), isClose)
    const known = traced.find((candidate) => candidate.passageId === passageId)
    const base = { passageId, considered, lookedAt, threshold, missingPhrases }
    if (known !== undefined) return { ...base, lostAt: known.fate, rank: traced.indexOf(known) + 1, candidate: known }
    const wide = await search(query, { limit: lookedAt, signal })
    const index = wide.findIndex(({ passage }) => passage.id === passageId)
    if (index !== -1) {
      const [candidate = null] = traceCandidates(
        wide.slice(index, index + 1) satisfies readonly FoundPassage[],
        [],
        true,
      )
      return { ...base, lostAt: 'order', rank: index + 1, candidate }
    }
    const lacksPhrase = missingPhrases.length === 0 && requiredPhrases([{ text: query, weight: 1 }]).length > 0
    const lostAt = isInLibrary(passageId) ? (lacksPhrase ? 'phrase' : 'candidates') : 'library'
    return { ...base, lostAt, rank: null, candidate: null }
  }
}
