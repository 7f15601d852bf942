import { boardIdOf } from '../../shared/board-embedders.ts'
import { type EmbedderRecord, languageGroups, type ReindexProgress } from '../../shared/embedder.ts'
import { AppError, type SerializedAppError, serializeError } from '../../shared/errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import type { EmbedderStore, TablePlace, VectorIndexRecord } from '../ports/embedder-store.ts'
import type { EmbedderId, VectorMaker } from '../ports/embedding.ts'
import type { ChunkIndex } from '../ports/indexes.ts'
import type { Log } from '../ports/log.ts'
import { embedApart } from './embed-apart.ts'
import { createWorkLoop } from './work-loop.ts'

/** Chunks embedded in one call: enough to keep every process busy while the ones before are stored. */
const pageChunks = 128
/** So many texts without one vector are not to blame themselves. */
const fewestToBlame = 8
/** Progress is told this often at most. */
const tellMs = 500
/** Before that the speed says little. */
const speedSeconds = 3

/**
 * Builds a new index beside the one that answers, from the stored texts (no file is read again), and puts it in its place in
 * one step. What was built survives a crash and goes on at the next start; whenever it ends, one whole index answers.
 */
export interface Reindexer extends AsyncDisposable {
  /** Another index that is being built for the same language is given up. */
  begin(embedder: EmbedderId, record: EmbedderRecord): Promise<void>
  /** The old index stays. Nothing when none is being built. */
  cancel(embedder: EmbedderId): Promise<void>
  /** Null: none is being built. */
  progress(embedder: EmbedderId): ReindexProgress | null
  /** Goes on with what an earlier run left. */
  wake(): void
  /** Resolves when none is being built. @throws AppError what keeps it from going on */
  idle(options: { readonly signal: AbortSignal }): Promise<void>
  /** Progress, a switch, a problem: at most a few times a second. */
  onChange(listener: () => void): () => void
}

export interface ReindexerParts {
  readonly documents: Pick<DocumentStore, 'embeddableChunks' | 'embeddableTotals'>
  readonly chunkIndex: Pick<ChunkIndex, 'openBeside' | 'addBeside' | 'serve' | 'removeBeside'>
  readonly embedders: Pick<EmbedderStore, 'next' | 'begin' | 'finish' | 'cancel'>
  readonly makeVectors: VectorMaker
  /** What was embedded in the moment of the switch is found again: marks follow the new index. */
  readonly reconcile: () => Promise<unknown>
  /** Marks changed: documents may wait for vectors. */
  readonly onSwitched: () => void
  readonly clock: Clock
  readonly log: Log
  /** Resolves when both stores agree. */
  readonly ready: Promise<void>
  /** Whether what an earlier run left is taken up without being asked. */
  readonly resumes: boolean
}

interface Building {
  readonly controller: AbortController
  readonly ended: Promise<void>
  done: number
  readonly total: number
  /** When this run began, and what was there by then. */
  readonly startedAt: number
  doneBefore: number
}

const embedderIds: readonly EmbedderId[] = languageGroups.map((group) => boardIdOf[group])

export function createReindexer(parts: ReindexerParts): Reindexer {
  const { documents, chunkIndex, embedders, makeVectors, clock, log } = parts
  const closing = new AbortController()
  const building = new Map<EmbedderId, Building>()
  const problems = new Map<EmbedderId, SerializedAppError>()
  const listeners = new Set<() => void>()
  const waiters = new Set<{ readonly resolve: () => void; readonly reject: (error: unknown) => void }>()
  let cancelTell: (() => void) | null = null
  let isReady = false

  const tell = (): void => {
    cancelTell?.()
    cancelTell = null
    for (const listener of listeners) listener()
  }
  const tellSoon = (): void => {
    cancelTell ??= clock.after(tellMs, tell)
  }

  const fill = async (
    next: VectorIndexRecord,
    place: TablePlace,
    state: Building,
    signal: AbortSignal,
  ): Promise<void> => {
    // Texts that it has no vector for: import meets them again after the switch, and says so at their documents.
    const withoutVector = new Set<number>()
    const isStored = await chunkIndex.openBeside(place)
    // Documents that come meanwhile are taken in another round: the last round finds nothing new.
    for (let isFirst = true, added = 1; added > 0; isFirst = false) {
      added = 0
      let storing: Promise<void> = Promise.resolve()
      for (let afterKey = 0; ;) {
        signal.throwIfAborted()
        const page = documents.embeddableChunks(next.embedder, afterKey, pageChunks)
        const last = page.at(-1)
        if (last === undefined) break
        afterKey = last.chunkKey
        const missing = page.filter(({ chunkKey }) => !isStored(chunkKey) && !withoutVector.has(chunkKey))
        if (isFirst) {
          state.done += page.length - missing.length
          state.doneBefore += page.length - missing.length
        }
        if (missing.length === 0) {
          // A page that is there already costs only reading it: others get their turn.
          await new Promise((resolve) => setImmediate(resolve))
          continue
        }
        const outcomes = await embedApart(
          (texts) => makeVectors(next.record, texts, { purpose: 'passage', priority: 'background', signal }),
          missing.map(({ embeddingText }) => embeddingText),
          { signal },
        )
        // One text may be at fault; where all of many are, the embedder is.
        const [failure] = outcomes
        if (
          missing.length >= fewestToBlame &&
          failure instanceof AppError &&
          outcomes.every((outcome) => outcome instanceof AppError)
        )
          throw failure
        await storing
        storing = chunkIndex.addBeside(
          place,
          missing.flatMap(({ chunkKey, documentKey }, index) => {
            const vector = outcomes[index]
            if (vector instanceof Float32Array) return [{ chunkKey, documentKey, vector }]
            withoutVector.add(chunkKey)
            return []
          }),
        )
        // It is awaited with the next page; until then a failure must not count as unhandled.
        storing.catch(() => undefined)
        added += missing.length
        state.done += missing.length
        problems.delete(next.embedder)
        tellSoon()
      }
      await storing
    }
  }

  const build = async (next: VectorIndexRecord): Promise<void> => {
    const { embedder, table, record } = next
    const controller = new AbortController()
    const signal = AbortSignal.any([closing.signal, controller.signal])
    const place = { name: table, dimensions: record.identity.dimensions }
    const ended = Promise.withResolvers<void>()
    const state: Building = {
      controller,
      ended: ended.promise,
      done: 0,
      total: documents.embeddableTotals(embedder).chunks,
      startedAt: clock.now(),
      doneBefore: 0,
    }
    building.set(embedder, state)
    try {
      await fill(next, place, state, signal)
      signal.throwIfAborted()
      await chunkIndex.serve(embedder, place, () => embedders.finish(embedder))
      log.info(`index of ${embedder}: now by ${record.id}, ${state.done} passages`)
    } catch (error) {
      if (controller.signal.aborted) return
      if (!closing.signal.aborted) problems.set(embedder, serializeError(error))
      throw error
    } finally {
      building.delete(embedder)
      ended.resolve()
    }
    await parts.reconcile()
    parts.onSwitched()
  }

  const pending = (): boolean => embedderIds.some((embedder) => embedders.next(embedder) !== null)
  const loop = createWorkLoop({
    name: 're-indexing',
    async work() {
      for (const embedder of embedderIds) {
        const next = embedders.next(embedder)
        if (next !== null) await build(next)
      }
    },
    clock,
    log,
    signal: closing.signal,
    onSettled: () => settle(),
  })
  const settle = (): void => {
    if (closing.signal.aborted) return
    tell()
    for (const waiter of waiters) {
      if (loop.failure !== null) waiter.reject(loop.failure)
      else if (isReady && !loop.isBusy && !pending()) waiter.resolve()
      else continue
      waiters.delete(waiter)
    }
  }
  const wake = (): void => {
    if (isReady && pending()) loop.start()
    else settle()
  }

  parts.ready.then(
    () => {
      isReady = true
      if (parts.resumes || waiters.size > 0) wake()
    },
    // The importer says what is wrong with the stores; nothing is built on them.
    () => undefined,
  )

  const stop = async (embedder: EmbedderId): Promise<void> => {
    const running = building.get(embedder)
    running?.controller.abort()
    await running?.ended
    const next = embedders.next(embedder)
    if (next === null) return
    embedders.cancel(embedder)
    problems.delete(embedder)
    await chunkIndex.removeBeside({ name: next.table, dimensions: next.record.identity.dimensions })
    log.info(`index of ${embedder}: building one by ${next.record.id} was given up`)
  }

  return {
    async begin(embedder, record) {
      await stop(embedder)
      embedders.begin(embedder, { table: `${embedder}-${record.id}-${clock.now().toString(36)}`, record })
      wake()
    },
    async cancel(embedder) {
      await stop(embedder)
      settle()
    },
    progress(embedder) {
      const next = embedders.next(embedder)
      if (next === null) return null
      const state = building.get(embedder)
      const seconds = state === undefined ? 0 : (clock.now() - state.startedAt) / 1000
      const speed = state === undefined || seconds < speedSeconds ? 0 : (state.done - state.doneBefore) / seconds
      return {
        embedderId: next.record.id,
        donePassages: state?.done ?? 0,
        totalPassages: Math.max(state?.total ?? documents.embeddableTotals(embedder).chunks, state?.done ?? 0),
        secondsLeft: state === undefined || speed === 0 ? null : Math.max(0, state.total - state.done) / speed,
        problem: problems.get(embedder) ?? null,
      }
    },
    wake,
    async idle({ signal }) {
      signal.throwIfAborted()
      const waiter = Promise.withResolvers<void>()
      const leave = (): void => {
        waiters.delete(waiter)
        waiter.reject(signal.reason)
      }
      waiters.add(waiter)
      signal.addEventListener('abort', leave, { once: true })
      wake()
      try {
        await waiter.promise
      } finally {
        signal.removeEventListener('abort', leave)
      }
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async [Symbol.asyncDispose]() {
      closing.abort()
      cancelTell?.()
      for (const waiter of waiters) waiter.reject(closing.signal.reason)
      await loop.ended()
    },
  }
}
