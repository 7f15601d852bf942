import { AppError, isAbortError, serializeError, type SerializedAppError } from '../../shared/errors.ts'
import { chunkIdSchema } from '../../shared/ids.ts'
import type {
  Expectation,
  ExpectationId,
  FoundPlace,
  KeepExpectation,
  SelfTestReport,
  SelfTestSetup,
  SelfTestStatus,
} from '../../shared/self-test.ts'
import type { Clock } from '../ports/clock.ts'
import type { DocumentStore, StoredChunk } from '../ports/document-store.ts'
import type { Log } from '../ports/log.ts'
import type { NewExpectation, SelfTestStore } from '../ports/self-test-store.ts'
import { questionFrom } from './generate-questions.ts'
import { locateText } from './locate-text.ts'
import { isSamePassage } from './near-duplicates.ts'
import type { PassageSearch } from './search-passages.ts'
import { compareRuns, type TestedRun } from './self-test-report.ts'

/** Passages of a search that are looked at. */
const lookedAt = 100
const mostExpectations = 2_000
/** Documents that are tried for each question wanted: a table or a scan may have no sentence. */
const triesPerQuestion = 3
/** Places in documents that are spread evenly, however many are taken. */
const goldenRatio = 0.618_033_988_75
const tellMs = 300
/** What changed is looked at this much later: a change seldom comes alone. */
const wakeMs = 1_000
/** Rows that a window is told of. */
const mostRows = 200

/**
 * Asks kept and generated questions again and tells where their passages come now and came before: after another embedder, chunker or version
 * by itself, whenever somebody wants it. One question at a time, each only while no answer is being written.
 */
export interface SelfTest extends AsyncDisposable {
  status(): SelfTestStatus
  expectations(): readonly Expectation[]
  /**
   * This question should find that place. It is tested at once. False: it was kept already.
   * @throws AppError `not-found` (the document, or the words in it), `invalid-request` (as many as there may be)
   */
  keep(request: KeepExpectation, options: { readonly signal: AbortSignal }): Promise<boolean>
  remove(id: ExpectationId): boolean
  /** Makes questions out of documents from all over the library, in place of those made before. @returns how many. */
  generate(count: number, options: { readonly signal: AbortSignal }): Promise<number>
  /**
   * Runs, or joins the run that is under way. Null: there is nothing to test. Abort leaves the run, which others may still wait for.
   * @throws AppError what ended it early; when it was cancelled, an abort error
   */
  run(options: { readonly signal: AbortSignal }): Promise<SelfTestReport | null>
  /** Begins a run without waiting for it. */
  start(): void
  /** What was found so far is forgotten; the last results stay. */
  cancel(): void
  /** Something may have changed: runs if what decides about searches is other than in the last run, and it is settled. */
  wake(): void
  onChange(listener: () => void): () => void
}

export interface SelfTestParts {
  readonly search: PassageSearch
  readonly documents: Pick<
    DocumentStore,
    'summaries' | 'resolve' | 'readSlices' | 'chunksInRange' | 'chunksById' | 'list'
  >
  readonly store: SelfTestStore
  readonly setup: () => SelfTestSetup
  /** Chunks that an answer looks at. */
  readonly considered: () => number
  /** No index is being built and nothing waits to be embedded: what is found now is what will be found. */
  readonly isSettled: () => boolean
  readonly untilQuiet: (signal: AbortSignal) => Promise<void>
  readonly clock: Clock
  readonly log: Log
}

interface Running {
  readonly controller: AbortController
  readonly ended: Promise<SelfTestReport | null>
  done: number
  readonly total: number
}

export function createSelfTest(parts: SelfTestParts): SelfTest {
  const { search, documents, store, clock, log } = parts
  const closing = new AbortController()
  const listeners = new Set<() => void>()
  let running: Running | null = null
  let problem: SerializedAppError | null = null
  let cancelTell: (() => void) | null = null
  let cancelWake: (() => void) | null = null
  let cached: { readonly report: SelfTestReport | null } | null = null
  /** Cancelled, or failed, in this setup: it is not begun again by itself. */
  let declined: string | null = null
  const setupText = (): string => JSON.stringify(parts.setup())

  const tell = (): void => {
    cached = null
    cancelTell?.()
    cancelTell = null
    for (const listener of listeners) listener()
  }
  const tellSoon = (): void => {
    cancelTell ??= clock.after(tellMs, () => {
      cancelTell = null
      for (const listener of listeners) listener()
    })
  }

  const tested = (run: Omit<TestedRun, 'results'>): TestedRun => ({ ...run, results: store.results(run.key) })
  const makeReport = (): SelfTestReport | null => {
    const [last, before] = store.lastRuns(2)
    if (last === undefined) return null
    return compareRuns(
      store.expectations(),
      tested(last),
      before === undefined ? null : tested(before),
      parts.considered(),
    )
  }
  const shortReport = (): SelfTestReport | null => {
    if (cached === null) {
      const made = makeReport()
      cached = { report: made === null ? null : { ...made, rows: made.rows.slice(0, mostRows) } }
    }
    return cached.report
  }
  const isDue = (): boolean => {
    const { kept, generated } = store.counts()
    const [last] = store.lastRuns(1)
    return kept + generated > 0 && (last === undefined || JSON.stringify(last.setup) !== setupText())
  }

  const test = async (expectation: Expectation, signal: AbortSignal): Promise<FoundPlace> => {
    const { documentId, path, question, text } = expectation
    const ids = new Set([documentId, ...documents.resolve(path)])
    if (documents.summaries([...ids]).length === 0) return { rank: null, isGone: true }
    const found = await search(question, { limit: lookedAt, signal })
    const index = found.findIndex(({ passage }) => ids.has(passage.documentId) && isSamePassage(passage.text, text))
    return { rank: index === -1 ? null : index + 1, isGone: false }
  }

  const runAll = async (state: Running, signal: AbortSignal): Promise<SelfTestReport | null> => {
    const setup = parts.setup()
    const key = store.beginRun(setup)
    for (const expectation of store.expectations()) {
      await parts.untilQuiet(signal)
      store.record(key, expectation.id, await test(expectation, signal))
      signal.throwIfAborted()
      state.done += 1
      tellSoon()
    }
    // Of two indexes half the questions each would say nothing of either.
    if (JSON.stringify(setup) !== setupText())
      throw new AppError('busy', 'The index changed while the self-test ran. It runs again by itself.', {
        retryable: true,
        details: { reason: 'self-test' },
      })
    store.finishRun(key, clock.now())
    return makeReport()
  }

  const begin = (): Running | null => {
    if (running !== null) return running
    const { kept, generated } = store.counts()
    if (kept + generated === 0 || closing.signal.aborted) return null
    const controller = new AbortController()
    const signal = AbortSignal.any([closing.signal, controller.signal])
    const outcome = Promise.withResolvers<SelfTestReport | null>()
    const state: Running = { controller, ended: outcome.promise, done: 0, total: kept + generated }
    running = state
    problem = null
    // Nobody need wait for it.
    outcome.promise.catch(() => undefined)
    declined = null
    void runAll(state, signal)
      .then(
        (made) => {
          log.info(`self-test: ${made?.found} of ${made?.tested} found, ${made?.lost} lost, ${made?.gained} gained`)
          outcome.resolve(made)
        },
        (error: unknown) => {
          if (!(error instanceof AppError && error.code === 'busy')) declined = setupText()
          if (!signal.aborted && !isAbortError(error)) {
            problem = serializeError(error)
            log.warn(`self-test: ended early, ${problem.code}`, error)
          }
          outcome.reject(error)
        },
      )
      .finally(() => {
        running = null
        if (closing.signal.aborted) return
        tell()
        wake()
      })
    tell()
    return state
  }

  const wake = (): void => {
    if (closing.signal.aborted) return
    cancelWake ??= clock.after(wakeMs, () => {
      cancelWake = null
      if (running === null && isDue() && setupText() !== declined && parts.isSettled()) begin()
    })
  }

  const read = (chunk: StoredChunk, origin: Expectation['origin'], question: string, text: string): NewExpectation => ({
    origin,
    question,
    documentId: chunk.documentId,
    documentName: chunk.documentName,
    path: chunk.path,
    page: chunk.page,
    text,
  })

  return {
    status() {
      return {
        ...store.counts(),
        running: running === null ? null : { done: running.done, total: running.total },
        isDue: isDue(),
        problem,
        report: shortReport(),
      }
    },
    expectations: () => store.expectations(),
    async keep({ question, documentId, place }, { signal }) {
      const range = 'text' in place ? await locateText(documents, documentId, place, { signal }) : place
      const chunks = range === null ? [] : documents.chunksInRange(documentId, range, 8)
      const [first] = chunks
      if (range === null || first === undefined)
        throw new AppError('not-found', 'These words are not in the text of the document. Select them in it again.', {
          details: { reason: 'passage' },
        })
      const { kept, generated } = store.counts()
      if (kept + generated >= mostExpectations)
        throw new AppError('invalid-request', 'The self-test holds 2,000 questions. Remove some, then keep this one.', {
          details: { reason: 'self-test-full' },
        })
      // What is expected is the passage around what was selected: a search finds no less.
      const text = chunks.map((chunk) => chunk.text).join('\n')
      const id = store.keep(read(first, 'kept', question.trim(), text))
      if (id === null) return false
      const [last] = store.lastRuns(1)
      if (last === undefined || isDue()) begin()
      else {
        const expectation = store.expectations().find((one) => one.id === id)
        if (expectation !== undefined) store.record(last.key, id, await test(expectation, signal))
      }
      tell()
      return true
    },
    remove(id) {
      const isThere = store.remove(id)
      tell()
      return isThere
    },
    async generate(count, { signal }) {
      const { total } = documents.list({ offset: 0, limit: 1, filter: '' })
      const made = new Map<string, NewExpectation>()
      const tries = total === 0 ? 0 : count * triesPerQuestion
      for (let index = 0; index < tries && made.size < count; index += 1) {
        // Evenly over the library each time round, then between: however few are enough, they come from all over.
        const share = ((index % count) + Math.floor(index / count) / triesPerQuestion) / count
        const offset = Math.min(total - 1, Math.floor(share * total))
        const [document] = documents.list({ offset, limit: 1, filter: '' }).documents
        if (document !== undefined && document.chunkCount > 0) {
          const ordinal = Math.floor(((index * goldenRatio) % 1) * document.chunkCount)
          const [chunk = null] = documents.chunksById([chunkIdSchema.parse(`${document.id.slice(0, 16)}-${ordinal}`)])
          const question = chunk === null ? null : questionFrom(chunk.text)
          if (chunk !== null && question !== null) made.set(question, read(chunk, 'generated', question, chunk.text))
        }
        signal.throwIfAborted()
        await new Promise((resolve) => setImmediate(resolve))
      }
      const written = store.replaceGenerated([...made.values()])
      tell()
      return written
    },
    async run({ signal }) {
      signal.throwIfAborted()
      const state = begin()
      if (state === null) return null
      const left = Promise.withResolvers<never>()
      const leave = (): void => left.reject(signal.reason)
      signal.addEventListener('abort', leave, { once: true })
      try {
        return await Promise.race([state.ended, left.promise])
      } finally {
        signal.removeEventListener('abort', leave)
      }
    },
    start: () => void begin(),
    cancel: () => running?.controller.abort(),
    wake,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async [Symbol.asyncDispose]() {
      closing.abort()
      cancelTell?.()
      cancelWake?.()
      await running?.ended.catch(() => undefined)
    },
  }
}
