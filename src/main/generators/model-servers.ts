import { type ModelServerStatus, serverName } from '../../shared/model-server.ts'
import { AppError, type SerializedAppError, serializeError } from '../../shared/errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { GenerateRequest, GeneratorEvent, ModelCare, ModelServer, PullProgress } from '../ports/generator.ts'
import type { Log } from '../ports/log.ts'
import { endable } from './endable.ts'
import { type FoundServer, lookForServer } from './find-server.ts'
import { createOllama } from './ollama.ts'
import { readPullName, streamOllamaPull } from './ollama-pull.ts'
import { emptyStatus } from './ollama-status.ts'
import { loadOllamaModel } from './ollama-warm-up.ts'
import { createOpenAiCompatible } from './openai-compatible.ts'
import { locked, notInstalled, refusedHost, unreachable, wrongPort } from './server-errors.ts'
import { planServers, type ServerPlan } from './server-plan.ts'
import { usualPlaces } from './server-products.ts'
import type { StoppedWork } from './stopped-work.ts'

export interface ModelServersOptions {
  /** `auto` or an address; asked anew each time. */
  readonly setting: () => string
  readonly ollamaHost: string | undefined
  readonly isOllamaInstalled: () => Promise<boolean>
  /** Told of answers that were ended before their end. */
  readonly stoppedWork: StoppedWork
  readonly clock: Clock
  readonly log: Log
  /** For each short question of a look or a status. Default 2 seconds. */
  readonly probeTimeoutMs?: number
  /** Where servers usually listen; tests give their own. */
  readonly usual?: typeof usualPlaces
}

type Look =
  | { readonly type: 'found'; readonly found: FoundServer }
  | { readonly type: 'nothing'; readonly status: ModelServerStatus; readonly problem: AppError }

/**
 * The one model server that Carrel uses, whichever it is: the one it was told, else the first of the usual places that has a
 * model. It looks again when the setting changed or the server is gone, and never beyond loopback.
 */
export function createModelServers(options: ModelServersOptions): ModelServer & ModelCare {
  const { clock, log, stoppedWork, usual = usualPlaces } = options
  const probeTimeoutMs = options.probeTimeoutMs ?? 2_000
  const drivers = new Map<string, ModelServer>()
  let known: { readonly key: string; readonly found: FoundServer } | null = null
  /** The model that did not fit into memory when it was last asked. */
  let tooLarge: { readonly model: string; readonly problem: SerializedAppError } | null = null

  const plan = (): ServerPlan => planServers(options.setting(), options.ollamaHost)
  const key = (): string => JSON.stringify(plan())
  const driverOf = ({ address, product }: FoundServer): ModelServer => {
    const name = `${product} ${address}`
    const driver =
      drivers.get(name) ??
      (product === 'ollama'
        ? createOllama({ ollamaHost: address, clock, log, probeTimeoutMs })
        : createOpenAiCompatible({ address, product, clock, log, probeTimeoutMs }))
    drivers.set(name, driver)
    return driver
  }

  /** The server to use. `chosenModel` decides between several usual ones. */
  const look = async (chosenModel: string | null, signal: AbortSignal): Promise<Look> => {
    const current = plan()
    const limits = { clock, timeoutMs: probeTimeoutMs, signal }
    if (current.type === 'refused') {
      const problem = refusedHost(current.host, current.toldBy)
      return { type: 'nothing', problem, status: withProblem('refused', [], chosenModel, problem) }
    }
    if (current.type === 'told') {
      let foreign: string | null = null
      for (const address of current.addresses) {
        const looked = await lookForServer(address, limits)
        if (looked === 'locked') return lockedThere(address, chosenModel)
        if (looked === 'foreign') foreign ??= address
        else if (looked !== 'silent') return { type: 'found', found: looked }
      }
      const elsewhere = await lookAtUsual(chosenModel, limits)
      return nothingThere(current, { foreign, offered: elsewhere?.address ?? null, chosenModel })
    }
    const found = await lookAtUsual(chosenModel, limits)
    if (found !== null) return { type: 'found', found }
    const tried = [...new Set(usual.filter(({ isOllama }) => isOllama).map(({ address }) => address))]
    return nobody(tried, chosenModel)
  }

  const nobody = async (tried: readonly string[], chosenModel: string | null): Promise<Look> => {
    const isInstalled = await options.isOllamaInstalled()
    const problem = isInstalled ? unreachable(tried) : notInstalled()
    const status = withProblem(isInstalled ? 'not-running' : 'not-installed', tried, chosenModel, problem)
    return { type: 'nothing', problem, status }
  }

  const lockedThere = (address: string, chosenModel: string | null): Look => {
    const problem = locked(address)
    return { type: 'nothing', problem, status: withProblem('refused', [address], chosenModel, problem) }
  }

  const nothingThere = async (
    told: Extract<ServerPlan, { type: 'told' }>,
    seen: { readonly foreign: string | null; readonly offered: string | null; readonly chosenModel: string | null },
  ): Promise<Look> => {
    const { foreign, offered, chosenModel } = seen
    if (foreign === null && offered === null) {
      if (told.toldBy === 'OLLAMA_HOST') return nobody(told.addresses, chosenModel)
      const problem = unreachable(told.addresses, undefined, serverName('openai-compatible'))
      return { type: 'nothing', problem, status: withProblem('not-running', told.addresses, chosenModel, problem) }
    }
    const problem = wrongPort(foreign ?? told.addresses[0] ?? '', {
      toldBy: told.toldBy,
      offered,
      isForeign: foreign !== null,
    })
    const status = { ...withProblem('wrong-port', told.addresses, chosenModel, problem), offeredAddress: offered }
    return { type: 'nothing', problem, status }
  }

  /** The first usual place whose server has a model that can write, else the first server at all. */
  const lookAtUsual = async (
    chosenModel: string | null,
    limits: Parameters<typeof lookForServer>[1],
  ): Promise<FoundServer | null> => {
    let second: FoundServer | null = null
    for (const { address, isOllama } of usual) {
      const looked = await lookForServer(address, limits, { mayBeOllama: isOllama })
      // Of itself Carrel uses only programs it knows: others may be relays to other people's computers.
      if (typeof looked === 'string' || looked.product === 'openai-compatible') continue
      const { state } = await driverOf(looked).status({ chosenModel, signal: limits.signal })
      if (state === 'ready' || state === 'loading') return looked
      second ??= looked
    }
    return second
  }

  /** @throws AppError when there is no server. */
  const locate = async (chosenModel: string | null, signal: AbortSignal): Promise<FoundServer> => {
    if (known !== null && known.key === key()) return known.found
    const asked = key()
    const looked = await look(chosenModel, signal)
    if (looked.type === 'nothing') throw looked.problem
    known = { key: asked, found: looked.found }
    return looked.found
  }

  const learn = (error: unknown, model: string): void => {
    if (!(error instanceof AppError)) return
    // What is gone is looked for anew the next time.
    if (error.code === 'ollama-unreachable') known = null
    if (error.code === 'model-out-of-memory') tooLarge = { model, problem: serializeError(error) }
  }
  const withMemory = (found: ModelServerStatus): ModelServerStatus =>
    found.state === 'ready' && tooLarge !== null && found.chosenModel === tooLarge.model
      ? { ...found, state: 'out-of-memory', problem: tooLarge.problem }
      : found

  const generate = async function* (
    request: GenerateRequest,
    { signal }: AbortController,
  ): AsyncGenerator<GeneratorEvent, void, undefined> {
    signal.throwIfAborted()
    const found = await locate(request.model, signal)
    const work = stoppedWork.begin(found, request.model)
    try {
      for await (const event of driverOf(found).generate(request, { signal })) {
        work.saw(event)
        if (event.type !== 'accepted') tooLarge = null
        yield event
      }
    } catch (error) {
      learn(error, request.model)
      throw error
    } finally {
      work.end({ isStopped: signal.aborted })
    }
  }

  const status: ModelServer['status'] = async ({ chosenModel, isDetailed = false, signal }) => {
    const asked = key()
    if (known !== null && known.key === asked) {
      const before = await driverOf(known.found).status({ chosenModel, isDetailed, signal })
      if (before.state === 'ready' || before.state === 'loading') return withMemory(before)
    }
    known = null
    const looked = await look(chosenModel, signal)
    if (looked.type === 'nothing') return looked.status
    known = { key: asked, found: looked.found }
    return withMemory(await driverOf(looked.found).status({ chosenModel, isDetailed, signal }))
  }

  const pull = async function* (name: string, ending: AbortController): AsyncGenerator<PullProgress, void, undefined> {
    const { address, product } = await locate(null, ending.signal)
    if (product !== 'ollama') {
      throw new AppError(
        'invalid-request',
        `Carrel can download models through Ollama alone. Load the model in ${serverName(product)}.`,
        { details: { reason: 'no-download' } },
      )
    }
    yield* streamOllamaPull(address, name, ending, clock)
  }

  return {
    generate: (request, { signal }) => ({
      [Symbol.asyncIterator]: () => endable(signal, (ending) => generate(request, ending)),
    }),
    status,
    async warmUp(request, { signal }) {
      const { address, product } = await locate(request.model, signal)
      // LM Studio loads on the first question, the others have their model loaded.
      if (product !== 'ollama') return
      try {
        await loadOllamaModel(address, request, { clock, signal })
        tooLarge = null
      } catch (error) {
        learn(error, request.model)
        throw error
      }
    },
    pull: (text, { signal }) => {
      const name = readPullName(text)
      return { [Symbol.asyncIterator]: () => endable(signal, (ending) => pull(name, ending)) }
    },
  }
}

function withProblem(
  state: ModelServerStatus['state'],
  tried: readonly string[],
  chosenModel: string | null,
  problem: AppError,
): ModelServerStatus {
  return { ...emptyStatus(tried, chosenModel), state, problem: serializeError(problem) }
}
