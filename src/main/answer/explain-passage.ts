import type { ChunkId } from '../../shared/ids.ts'
import type { LostAt, PassageExplanation } from '../../shared/passage-explanation.ts'
import type { SearchCandidate } from '../../shared/search-trace.ts'
import type { DocumentSet } from '../ports/collection-store.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import type { SettingsStore } from '../ports/settings-store.ts'
import { choosePassages, chunksFor } from './choose-passages.ts'
import { passagePreset } from './presets.ts'
import { closeEnoughAmong } from './refusal.ts'
import { requiredPhrases } from './required-phrases.ts'
import type { PassageSearch } from './search-passages.ts'
import type { SearchQuery } from './search-queries.ts'
import { traceCandidates } from './trace-search.ts'

export interface ExplainPassage {
  /**
   * Searches now, as an answer would and further down the list: which stage loses the passage, of several the one that comes furthest.
   * Abort rejects with the signal's reason.
   */
  (
    queries: readonly SearchQuery[],
    passageIds: readonly ChunkId[],
    options: { readonly within: DocumentSet | null; readonly signal: AbortSignal },
  ): Promise<PassageExplanation>
}

/** Passages looked at to tell where one of them stands. */
export const lookedAt = 1_000

export function createExplainPassage(parts: {
  readonly search: PassageSearch
  readonly documents: Pick<DocumentStore, 'chunksById' | 'searchableChunkCount'>
  readonly settings: Pick<SettingsStore, 'get'>
}): ExplainPassage {
  const { search, documents, settings } = parts

  return async (queries, passageIds, { within, signal }) => {
    const preset = passagePreset(settings.get())
    const { considered, found: limit } = chunksFor(preset)
    const wanted = new Set<ChunkId>(passageIds)
    const threshold = closeEnoughAmong(documents.searchableChunkCount(within?.keys ?? null))
    let missingPhrases: readonly string[] = []
    const usual = await search(queries, {
      limit,
      within,
      signal,
      onMissingPhrases: (phrases) => {
        missingPhrases = phrases
      },
    })
    const isClose = usual.slice(0, considered).some(({ closeness }) => closeness >= threshold)
    const chosen = choosePassages(usual, { ...preset, threshold })
    const traced = traceCandidates(usual, chosen, { considered, isClose })
    const explained = (
      lostAt: LostAt,
      passageId: ChunkId | null,
      candidate: SearchCandidate | null,
      rank: number | null,
    ): PassageExplanation => ({
      lostAt,
      passageId,
      candidate,
      rank,
      considered,
      lookedAt,
      threshold,
      missingPhrases: [...missingPhrases],
      source: null,
    })
    const [known] = traced
      .filter(({ passageId }) => wanted.has(passageId))
      .toSorted((one, other) => fateOrder.indexOf(other.fate) - fateOrder.indexOf(one.fate))
    if (known !== undefined) return explained(known.fate, known.passageId, known, traced.indexOf(known) + 1)
    const wide = await search(queries, { limit: lookedAt, within, signal })
    const index = wide.findIndex(({ passage }) => wanted.has(passage.id))
    const [first] = passageIds
    const looked = wide[index]?.passage.id ?? first
    const [chunk = null] = looked === undefined ? [] : documents.chunksById([looked])
    const place = wide[index]
    if (place !== undefined) {
      const [candidate = null] = traceCandidates([place], nothingChosen, { considered, isClose: true })
      const lostAt = chunk?.isEmbedded === false ? 'embedding' : 'order'
      return explained(lostAt, place.passage.id, candidate, index + 1)
    }
    if (chunk === null) return explained('library', first ?? null, null, null)
    const lacksPhrase = missingPhrases.length === 0 && requiredPhrases(queries).length > 0
    return explained(lacksPhrase ? 'phrase' : chunk.isEmbedded ? 'candidates' : 'embedding', chunk.id, null, null)
  }
}

const nothingChosen = { groups: [], versions: [], crowded: new Set<never>() }
/** From the first to lose a candidate to what was given. */
export const fateOrder: readonly SearchCandidate['fate'][] = ['surplus', 'crowded', 'far', 'version', 'joined', 'given']
