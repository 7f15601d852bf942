import { boardIdOf } from '../../shared/board-embedders.ts'
import { languageGroups } from '../../shared/embedder.ts'
import { hasImportWork } from '../../shared/import-progress.ts'
import { chunksFor } from '../answer/choose-passages.ts'
import { createExplainAnswer } from '../answer/explain-answer.ts'
import { createExplainPassage } from '../answer/explain-passage.ts'
import { passagePreset } from '../answer/presets.ts'
import { createQuoteWriter } from '../answer/quotes.ts'
import { closeEnoughAmong } from '../answer/refusal.ts'
import { createRetrieveStage } from '../answer/retrieve-stage.ts'
import { createPassageSearch } from '../answer/search-passages.ts'
import { createSelfTest } from '../answer/self-test.ts'
import { wantWhatIsFound } from '../answer/want-what-is-found.ts'
import { createFindDocuments } from '../findings/find-documents.ts'
import { createOpenFindings } from '../findings/open-findings.ts'
import { chunkerVersion } from '../ingest/chunk/chunk-settings.ts'
import { routeQuestion } from '../ingest/chunk/route-embedder.ts'
import { parserVersion } from '../ingest/parse/parser-version.ts'
import { untilQuiet } from '../until-quiet.ts'
import { isOnBoard } from '../vector-maker.ts'
import type { ImportParts } from './compose-import.ts'
import type { Foundation } from './foundation.ts'

/** Finding: passages, all documents that mention something, and why a place was not found. */
export function composeSearch(foundation: Foundation, { embedder, importer, recutter, reindexer }: ImportParts) {
  const { options, storage, conversations, clock, log, answers, stack } = foundation
  const { desktop } = options
  const { documents, collections, settings, chunkIndex, keywordIndex } = storage
  const searchUnwanted = createPassageSearch({
    documents,
    chunkIndex,
    keywordIndex,
    embedder,
    log,
    routeQuestion,
    isCalibrated: (embedderId) => {
      const { record } = storage.embedders.serving(embedderId)
      return record.id === embedderId && isOnBoard(record)
    },
  })
  const search = wantWhatIsFound(searchUnwanted, documents)
  const quotes = createQuoteWriter({ embedder, log, routeQuestion })
  const retrieve = createRetrieveStage({ search, documents, collections, settings })
  const findDocuments = createFindDocuments({
    findingsIndex: storage.findingsIndex,
    documents,
    collections,
    search,
    closeEnough: (within) => closeEnoughAmong(documents.searchableChunkCount(within?.keys ?? null)),
  })
  const findings = stack.use(createOpenFindings(findDocuments))
  // Looking back at a question is not asking it: what it finds is not wanted any sooner.
  const explain = createExplainPassage({ search: searchUnwanted, documents, settings })
  const explainAnswer = createExplainAnswer({
    explain,
    documents,
    conversations,
    collections,
    considered: () => chunksFor(passagePreset(settings.get())).considered,
  })
  const selfTest = stack.use(
    createSelfTest({
      search: searchUnwanted,
      documents,
      store: storage.selfTest,
      setup: () => ({
        version: desktop.version,
        parserVersion,
        chunkerVersion: documents.oldestChunker() ?? chunkerVersion,
        indexes: languageGroups.map((group) => {
          const { record } = storage.embedders.serving(boardIdOf[group])
          return { group, embedder: record.id }
        }),
      }),
      considered: () => chunksFor(passagePreset(settings.get())).considered,
      isSettled: () =>
        languageGroups.every((group) => reindexer.progress(boardIdOf[group]) === null) &&
        !hasImportWork(importer.progress) &&
        recutter.documentsLeft === 0,
      untilQuiet: (signal) => untilQuiet(answers, signal),
      clock,
      log,
    }),
  )
  return { search, quotes, retrieve, findDocuments, findings, explain, explainAnswer, selfTest }
}

export type SearchParts = ReturnType<typeof composeSearch>
