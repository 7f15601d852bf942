import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { createEmbedderChoice, tidyEmbedders } from '../embedder-choice.ts'
import { createOllamaEmbedding } from '../generators/ollama-embedding.ts'
import { type Importer, createImporter } from '../ingest/importer.ts'
import { createPasswords } from '../ingest/passwords.ts'
import { type Recutter, createRecutter } from '../ingest/recutter.ts'
import { createReindexer } from '../ingest/reindexer.ts'
import { systemFolderEvents } from '../ingest/watch/system-folder-events.ts'
import { createWatchedFolders } from '../ingest/watch/watched-folders.ts'
import { untilQuiet } from '../until-quiet.ts'
import { createServingEmbedder, createVectorMaker } from '../vector-maker.ts'
import { createEmbedderFolders } from '../worker/embedder-folders.ts'
import { addedModel } from '../worker/embedder-models.ts'
import { createEmbedderPool } from '../worker/embedder-pool.ts'
import { createParserClient } from '../worker/parser-client.ts'
import { createPasswordCheck } from '../worker/password-check.ts'
import { createRecogniserClient } from '../worker/recogniser-client.ts'
import type { Foundation } from './foundation.ts'

/** Reading, embedding, following folders; and the embedders, which questions need too. */
export async function composeImport(foundation: Foundation) {
  const { options, storage, clock, log, push, quitting, reconciled, answers, stack } = foundation
  const { dataFolder, resourcesFolder, transport, environment } = options
  const { documents, settings, chunkIndex } = storage
  const modelsFolder = join(resourcesFolder, 'models')
  const parser = stack.use(createParserClient({ transport, modelsFolder, clock, log }))
  const recogniser = stack.use(createRecogniserClient({ transport, modelsFolder, clock, log }))
  const passwords = createPasswords()
  const passwordCheck = stack.use(createPasswordCheck({ transport, modelsFolder, clock, log }))
  const embedderPool = stack.use(
    createEmbedderPool({ transport, modelsFolder, processCount: settings.get().embedderProcesses, clock, log }),
  )
  const ollamaEmbedding = createOllamaEmbedding({
    setting: () => settings.get().modelServer,
    ollamaHost: environment['OLLAMA_HOST'],
    clock,
    untilQuiet: (signal) => untilQuiet(answers, signal),
  })
  const embeddersFolder = join(dataFolder, 'embedders')
  const makeVectors = createVectorMaker({
    onBoard: (texts, given) => embedderPool.embed(texts, given),
    added: (texts, { record, ...given }) =>
      embedderPool.embed(texts, { ...given, embedder: addedModel(record, embeddersFolder) }),
    byOllama: (texts, given) => ollamaEmbedding.embed(texts, given),
  })
  const embedder = createServingEmbedder({ embedders: storage.embedders, makeVectors, pool: embedderPool })
  const importer: Importer = stack.use(
    createImporter({
      documents,
      chunkIndex,
      embedder,
      parser,
      passwords,
      recogniser,
      clock,
      log,
      ready: reconciled,
      resumes: options.isResident,
      isPaused: settings.get().importPaused,
      documentsToCut: () => recutter.documentsLeft,
    }),
  )
  const recutter: Recutter = stack.use(
    createRecutter({
      documents,
      cutter: parser,
      mayWork: () => !importer.isPaused && !importer.isReading,
      onImportProgress: (listener) => importer.onProgress(listener),
      onCut: () => importer.wake(),
      clock,
      log,
      ready: reconciled,
      resumes: options.isResident,
    }),
  )

  const reindexer = stack.use(
    createReindexer({
      documents,
      chunkIndex,
      embedders: storage.embedders,
      makeVectors,
      reconcile: () => storage.reconcile({ signal: quitting }),
      onSwitched: () => importer.wake(),
      clock,
      log,
      ready: reconciled,
      resumes: options.isResident,
    }),
  )
  const folders = createEmbedderFolders({ parent: embeddersFolder, transport, modelsFolder, clock, log })
  const tellEmbedders = (): void => push({ type: 'embedders', status: embedderChoice.status() })
  const embedderChoice = createEmbedderChoice({
    embedders: storage.embedders,
    documents,
    reindexer,
    folders,
    ollama: ollamaEmbedding,
    processes: embedderPool.processCount,
    clock,
    log,
    onChange: tellEmbedders,
  })
  stack.defer(reindexer.onChange(tellEmbedders))
  await tidyEmbedders({ embedders: storage.embedders, reindexer, folders })
  const watchedFolders = stack.use(
    createWatchedFolders({
      documents,
      folders: storage.watchedFolders,
      events: systemFolderEvents,
      dataFolder: await realpath(dataFolder),
      clock,
      log,
      onWork: () => importer.wake(),
    }),
  )
  return {
    embedder,
    embedderChoice,
    importer,
    passwords,
    passwordCheck,
    recutter,
    reindexer,
    watchedFolders,
  }
}

export type ImportParts = Awaited<ReturnType<typeof composeImport>>
