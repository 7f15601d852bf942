import { createHash } from 'node:crypto'
import { boardEmbedders, boardIdOf } from '../shared/board-embedders.ts'
import {
  type EmbedderProposal,
  type EmbedderRecord,
  type EmbeddersStatus,
  type FolderChoices,
  findMisfit,
  type LanguageGroup,
  languageGroups,
  type OllamaChoices,
} from '../shared/embedder.ts'
import { AppError } from '../shared/errors.ts'
import type { Reindexer } from './ingest/reindexer.ts'
import type { Clock } from './ports/clock.ts'
import type { DocumentStore } from './ports/document-store.ts'
import type { EmbedderStore } from './ports/embedder-store.ts'
import type { EmbedderFolders } from './ports/embedding.ts'
import type { Log } from './ports/log.ts'
import { isOnBoard } from './vector-maker.ts'

/** A model of the person's Ollama that could embed. */
interface OllamaModel {
  readonly name: string
  readonly digest: string
  readonly isMadeForIt: boolean
}

/** Which embedders there are, which one is used for which language group, and changing that. */
export interface EmbedderChoice {
  status(): EmbeddersStatus
  /** What the configuration in a folder says. @throws AppError `embedder-refused` */
  propose(path: string): Promise<EmbedderProposal>
  /** @throws AppError `embedder-refused` `storage-full`; on abort its reason */
  addFolder(path: string, choices: FolderChoices, options: { readonly signal: AbortSignal }): Promise<EmbedderRecord>
  /** @throws AppError `embedder-away`; on abort its reason */
  ollamaModels(options: { readonly signal: AbortSignal }): Promise<readonly OllamaModel[]>
  /** Its dimensions are found by a trial. @throws AppError `embedder-away` `embedding-failed` `not-found`; on abort its reason */
  addOllama(choices: OllamaChoices, options: { readonly signal: AbortSignal }): Promise<EmbedderRecord>
  /** @throws AppError `busy` while it answers or an index by it is being built, `not-found` */
  remove(id: string): Promise<void>
  /** Begins a new index by this embedder, also where it is the present one. @throws AppError `not-found` */
  use(group: LanguageGroup, id: string): Promise<void>
  /** The old index stays. */
  cancel(group: LanguageGroup): Promise<void>
}

const trialTexts = [
  'The tenant may end the lease with a notice of six months.',
  '承租人可以提前六个月通知出租人解除合同。',
]
const timedText = trialTexts.join(' ').repeat(6)
const timedTokens = 250

export function createEmbedderChoice(parts: {
  readonly embedders: EmbedderStore
  readonly documents: Pick<DocumentStore, 'chunksByLanguage' | 'embeddableTotals'>
  readonly reindexer: Pick<Reindexer, 'begin' | 'cancel' | 'progress'>
  readonly folders: EmbedderFolders
  readonly ollama: {
    models(options: { readonly signal: AbortSignal }): Promise<readonly OllamaModel[]>
    embed(
      texts: readonly string[],
      options: {
        readonly model: string
        readonly digest: string
        readonly priority: 'interactive'
        readonly signal: AbortSignal
      },
    ): Promise<readonly Float32Array[]>
  }
  readonly processes: number
  readonly clock: Clock
  readonly log: Log
  readonly onChange: () => void
}): EmbedderChoice {
  const { embedders, documents, reindexer, folders, ollama, clock, log, onChange } = parts

  const all = (): readonly EmbedderRecord[] => [...Object.values(boardEmbedders), ...embedders.added()]
  const find = (id: string): EmbedderRecord => {
    const found = all().find((record) => record.id === id)
    if (found === undefined)
      throw new AppError('not-found', `There is no embedder ${id}. See which there are in Settings, under Embedders.`, {
        details: { reason: 'embedder' },
      })
    return found
  }
  const isUsed = (id: string): boolean =>
    languageGroups.some(
      (group) =>
        embedders.serving(boardIdOf[group]).record.id === id || embedders.next(boardIdOf[group])?.record.id === id,
    )
  const keep = (record: EmbedderRecord): EmbedderRecord => {
    embedders.add(record)
    log.info(`embedder ${record.id} added: ${record.identity.source}, ${record.identity.dimensions} dimensions`)
    onChange()
    return record
  }

  return {
    status() {
      const languages = documents.chunksByLanguage()
      return {
        embedders: [...all()],
        processes: parts.processes,
        groups: languageGroups.map((group) => {
          const { record } = embedders.serving(boardIdOf[group])
          const { chunks, averageTokens } = documents.embeddableTotals(boardIdOf[group])
          return {
            group,
            embedderId: record.id,
            passages: chunks,
            averageTokens,
            next: reindexer.progress(boardIdOf[group]),
            misfit: findMisfit(group, record.languages, languages),
          }
        }),
      }
    },
    propose: (path) => folders.propose(path),
    addFolder: async (path, choices, options) => keep(await folders.install(path, choices, options)),
    ollamaModels: (options) => ollama.models(options),
    async addOllama({ model, questionPrefix, passagePrefix, languages }, { signal }) {
      const found = (await ollama.models({ signal })).find(({ name }) => name === model || name === `${model}:latest`)
      if (found === undefined)
        throw new AppError('not-found', `Ollama has no model ${model}. Download it there first, then add it.`, {
          details: { reason: 'ollama-model', model },
        })
      const options = { model: found.name, digest: found.digest, priority: 'interactive', signal } as const
      const [first] = await ollama.embed(trialTexts, options)
      const begun = clock.now()
      await ollama.embed([timedText], options)
      const identity = {
        source: 'ollama',
        name: found.name,
        fileHash: found.digest,
        pooling: 'server',
        questionPrefix,
        passagePrefix,
        dimensions: first?.length ?? 0,
        limitTokens: 512,
      } as const
      const hash = createHash('sha256').update(JSON.stringify(identity)).digest('hex')
      return keep({
        id: `ollama-${hash.slice(0, 16)}`,
        identity,
        languages,
        sizeBytes: 0,
        millisecondsPerToken: (clock.now() - begun) / timedTokens,
      })
    },
    async remove(id) {
      const { identity } = find(id)
      if (identity.source === 'board' || isUsed(id))
        throw new AppError('busy', `${identity.name} is in use. Use another embedder first, then remove it.`, {
          details: { reason: 'embedder', model: identity.name },
        })
      embedders.remove(id)
      if (identity.source === 'folder') await folders.remove(id)
      onChange()
    },
    async use(group, id) {
      await reindexer.begin(boardIdOf[group], find(id))
      onChange()
    },
    async cancel(group) {
      await reindexer.cancel(boardIdOf[group])
      onChange()
    },
  }
}

/** At start: what a crash left of embedders goes, and an index by another version of an embedder on board is made anew. */
export async function tidyEmbedders(parts: {
  readonly embedders: EmbedderStore
  readonly reindexer: Pick<Reindexer, 'begin'>
  readonly folders: EmbedderFolders
}): Promise<void> {
  const { embedders, reindexer, folders } = parts
  const inUse = languageGroups.flatMap((group) => {
    const next = embedders.next(boardIdOf[group])
    return [embedders.serving(boardIdOf[group]).record.id, ...(next === null ? [] : [next.record.id])]
  })
  await folders.keepOnly(new Set([...embedders.added().map(({ id }) => id), ...inUse]))
  for (const group of languageGroups) {
    const { record } = embedders.serving(boardIdOf[group])
    const own = Object.values(boardEmbedders).find(({ id }) => id === record.id)
    if (record.identity.source !== 'board' || own === undefined || isOnBoard(record)) continue
    if (embedders.next(boardIdOf[group]) === null) await reindexer.begin(boardIdOf[group], own)
  }
}
