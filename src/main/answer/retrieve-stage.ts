import { type Passage, passageSchema } from '../../shared/passage.ts'
import type { CollectionStore } from '../ports/collection-store.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import type { SettingsStore } from '../ports/settings-store.ts'
import type { AnswerStage } from './draft.ts'
import { choosePassages, chunksFor, versionsOf } from './choose-passages.ts'
import { groupNeighbours, joinGroup, type PassageGroup } from './join-passages.ts'
import { passagePreset } from './presets.ts'
import { questionLanguage } from './question-language.ts'
import { closeEnoughAmong } from './refusal.ts'
import type { PassageSearch } from './search-passages.ts'
import { traceCandidates } from './trace-search.ts'
import { readWholeDocuments } from './whole-documents.ts'

/** Finds the passages and shows them at once, so that reading can begin before the first token. */
export function createRetrieveStage(parts: {
  readonly search: PassageSearch
  readonly documents: DocumentStore
  readonly collections: Pick<CollectionStore, 'resolve'>
  readonly settings: SettingsStore
}): AnswerStage {
  const { search, documents, collections, settings } = parts

  const join = (group: PassageGroup, rank: number): Passage => {
    const { start } = group.members[0]?.passage ?? group.best.passage
    const { end } = group.members.at(-1)?.passage ?? group.best.passage
    if (group.members.length === 1) return joinGroup(group, rank, group.best.passage.text)
    const { slices } = documents.readSlices(group.best.passage.documentId, { start, end, neighbours: 0 })
    const offset = slices[0]?.start ?? start
    const text = slices
      .map((slice) => slice.text)
      .join('')
      .slice(start - offset, end - offset)
    return joinGroup(group, rank, text)
  }

  return {
    name: 'retrieve',
    async *run(draft, { signal }) {
      if (draft.transformed !== null) {
        draft.passages = draft.transformed.sources
        yield { type: 'passages', passages: draft.passages.map((source) => passageSchema.parse(source)) }
        return
      }
      const within = await collections.resolve(draft.scope, { signal })
      const documentCount = within?.keys.length ?? documents.searchableDocumentCount()
      yield { type: 'status', stage: 'retrieve', detail: { documentCount } }
      const preset = passagePreset(settings.get())
      const threshold = closeEnoughAmong(documents.searchableChunkCount(within?.keys ?? null))
      const whole = readWholeDocuments(draft, documents, { documentKeys: within?.keys ?? null, preset })
      if (whole !== null) {
        const { found, overview } = whole
        // Each is given: none is closer to such a request than another.
        const groups = groupNeighbours(found, { ...preset, passageCount: found.length })
        draft.passages = groups.map((group, index) => join(group, index + 1))
        const { basis } = draft.request
        const isClose = true
        const outcome = {
          basis,
          documentCount,
          closeness: 1,
          threshold,
          isClose,
          missingPhrases: [],
          overview,
        }
        const chosen = { groups, versions: [], crowded: new Set<never>() }
        const candidates = traceCandidates(found, chosen, { considered: found.length, isClose })
        draft.search = { ...outcome, candidates: [...candidates] }
        yield { type: 'status', stage: 'retrieve', detail: { documentCount, search: outcome } }
        yield { type: 'passages', passages: [...draft.passages] }
        return
      }
      const wanted = chunksFor(preset)
      let missingPhrases: readonly string[] = []
      const found = await search(draft.queries, {
        limit: wanted.found,
        within,
        signal,
        onKeywordsOnly: (problem) => {
          draft.keywordsOnly = problem
        },
        onMissingPhrases: (phrases) => {
          missingPhrases = phrases
        },
      })
      if (draft.keywordsOnly !== null)
        yield { type: 'status', stage: 'retrieve', detail: { keywordsOnly: draft.keywordsOnly } }
      const closeness = Math.max(0, ...found.slice(0, wanted.considered).map((candidate) => candidate.closeness))
      const isClose = closeness >= threshold
      const alsoIn = translatedLanguage(draft.translatedQuestion)
      const chosen = choosePassages(found, { ...preset, threshold, alsoIn })
      draft.passages = chosen.groups.map((group, index) => ({
        ...join(group, index + 1),
        versions: versionsOf(group, chosen.versions),
      }))
      const outcome = {
        basis: draft.request.basis,
        documentCount,
        closeness,
        threshold,
        isClose,
        missingPhrases: [...missingPhrases],
        overview: null,
      }
      draft.search = { ...outcome, candidates: [...traceCandidates(found, chosen, { ...wanted, isClose })] }
      yield { type: 'status', stage: 'retrieve', detail: { documentCount, search: outcome } }
      yield { type: 'passages', passages: [...draft.passages] }
    },
  }
}

/** The language of passages that a translated question looks for. */
function translatedLanguage(translatedQuestion: string | null): string | null {
  if (translatedQuestion === null) return null
  return questionLanguage(translatedQuestion) === 'zh' ? 'zh' : 'en'
}
