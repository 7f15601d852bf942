import { createHash } from 'node:crypto'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { EmbedderRecord, FolderChoices } from '../../shared/embedder.ts'
import { AppError } from '../../shared/errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { EmbedderFolders } from '../ports/embedding.ts'
import type { Log } from '../ports/log.ts'
import type { WorkerTransport } from '../ports/workers.ts'
import type { AddedModel } from './embedder-models.ts'
import { createEmbedderPool } from './embedder-pool.ts'
import { embedderLimits } from './worker-limits.ts'
import { copyModelFolder, readModelFolder, removeUnknownFolders } from './model-folder.ts'

/** A model that is slower than this for a few texts is of no use for a library. */
const trialMs = 120_000
/** As long as whole passages, so that the speed is theirs. */
const trialTexts = [
  'The tenant may end the lease with a notice of six months. ',
  '承租人可以提前六个月通知出租人解除合同。',
].map((text) => text.repeat(24))
/** Of the first text, roughly: what cannot be told without the tokenizer. */
const trialTokens = 312
const timedRuns = 3
/** What a foreign model asks for may be anything. */
const trialLimits = { ...embedderLimits, memoryBytes: 4 * 1024 ** 3 }

/** {@link EmbedderFolders} in `parent`, one folder an embedder. Each is tried in a process of its own before it is kept. */
export function createEmbedderFolders(options: {
  /** Absolute. */
  readonly parent: string
  readonly transport: WorkerTransport
  /** Of the embedders on board; absolute. */
  readonly modelsFolder: string
  readonly clock: Clock
  readonly log: Log
}): EmbedderFolders {
  const { parent, transport, modelsFolder, clock, log } = options

  /** @returns its dimensions and speed. */
  const tryOut = async (
    model: AddedModel,
    signal: AbortSignal,
  ): Promise<{ readonly dimensions: number; readonly millisecondsPerToken: number }> => {
    const deadline = new AbortController()
    const cancelTimer = clock.after(trialMs, () => deadline.abort(new Error('the trial took too long')))
    const both = AbortSignal.any([signal, deadline.signal])
    await using pool = createEmbedderPool({ transport, modelsFolder, processCount: 1, clock, log, limits: trialLimits })
    try {
      const embed = (texts: readonly string[]): Promise<readonly Float32Array[]> =>
        pool.embed(texts, { embedder: model, priority: 'interactive', signal: both })
      const [first, second] = await embed(trialTexts)
      if (first === undefined || second === undefined || first.every((value, index) => value === second[index]))
        throw new Error('different texts have equal vectors')
      const begun = clock.now()
      for (let run = 0; run < timedRuns; run += 1) await embed(trialTexts.slice(0, 1))
      return { dimensions: first.length, millisecondsPerToken: (clock.now() - begun) / timedRuns / trialTokens }
    } catch (cause) {
      signal.throwIfAborted()
      log.warn(`embedder ${model.name}: the trial failed`, cause)
      throw new AppError(
        'embedder-refused',
        'The model in this folder gave no usable vectors. Choose the folder of an embedding model for Transformers.js.',
        { details: { reason: deadline.signal.aborted ? 'too-slow' : 'no-vectors' }, cause },
      )
    } finally {
      cancelTimer()
    }
  }

  return {
    propose: async (path) => (await readModelFolder(path)).proposal,
    async install(path, choices, { signal }) {
      const source = await readModelFolder(path)
      const temporary = join(parent, `${process.pid}-${clock.now()}.part`)
      const fileHash = await copyModelFolder(source, temporary, { signal })
      try {
        const { name, pooling, limitTokens, questionPrefix, passagePrefix } = choices
        const prefixes = [...new Set([questionPrefix, passagePrefix])].filter((prefix) => prefix !== '')
        const tried = await tryOut(
          { folder: temporary, fileHash, name, pooling, limitTokens, prefixes, dimensions: null },
          signal,
        )
        const record = toRecord(choices, { ...tried, fileHash, sizeBytes: source.proposal.sizeBytes })
        await rm(join(parent, record.id), { recursive: true, force: true })
        await rename(temporary, join(parent, record.id))
        return record
      } finally {
        await rm(temporary, { recursive: true, force: true })
      }
    },
    remove: (id) => rm(join(parent, id), { recursive: true, force: true }),
    keepOnly: (ids) => removeUnknownFolders(parent, ids),
  }
}

/** The same files with other settings make other vectors: both are part of the id. */
function toRecord(
  { name, pooling, questionPrefix, passagePrefix, limitTokens, languages }: FolderChoices,
  facts: {
    readonly fileHash: string
    readonly dimensions: number
    readonly millisecondsPerToken: number
    readonly sizeBytes: number
  },
): EmbedderRecord {
  const { fileHash, dimensions, millisecondsPerToken, sizeBytes } = facts
  const identity = {
    source: 'folder',
    name,
    fileHash,
    pooling,
    questionPrefix,
    passagePrefix,
    dimensions,
    limitTokens,
  } as const
  const hash = createHash('sha256')
    .update(JSON.stringify({ ...identity, name: '' }))
    .digest('hex')
  return { id: `folder-${hash.slice(0, 16)}`, identity, languages, sizeBytes, millisecondsPerToken }
}
