import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import type { Clock } from '../ports/clock.ts'
import { embedInHalves } from './embed-in-halves.ts'
import { ErrorStatus } from './local-fetch.ts'
import { isCloudModel, isCloudName, isEmbeddingOnly, isSameModel } from './model-kinds.ts'
import { type ListedModel, modelsReplySchema } from './ollama-replies.ts'
import { cloudModel, isConnectionRefusal, refusedHost } from './server-errors.ts'
import { planServers } from './server-plan.ts'
import { ProbeTimeout, probeOllama } from './server-probe.ts'
import { shownServerText } from './server-text.ts'
import { usualPlaces } from './server-products.ts'

/** A model of the person's Ollama that could embed. */
export interface OllamaEmbedder {
  readonly name: string
  /** Of its files, as Ollama gives it. */
  readonly digest: string
  /** Made for it; the others can, but write better than they embed. */
  readonly isMadeForIt: boolean
}

export interface OllamaEmbedding {
  /** Those made for it first. Cloud models are left out. @throws AppError `embedder-away`; on abort its reason */
  models(options: { readonly signal: AbortSignal }): Promise<readonly OllamaEmbedder[]>
  /**
   * L2-normalised vectors, in order; a text beyond the model's context is embedded in halves, so that nothing of it goes unread.
   * The model must still be the one with this digest: another one's vectors would not fit.
   * @throws AppError `embedder-away` `embedding-model-missing` `embedding-failed` `model-not-local`; on abort its reason
   */
  embed(
    texts: readonly string[],
    options: {
      readonly model: string
      readonly digest: string
      /** What the texts begin with because the embedder wants it; by default nothing. */
      readonly prefix?: string
      readonly priority: 'interactive' | 'background'
      readonly signal: AbortSignal
    },
  ): Promise<readonly Float32Array[]>
}

const embedReplySchema = z.object({ embeddings: z.array(z.array(z.number()).min(1).max(8192)) })

/** Few enough that a request ends soon, enough to keep the server busy. */
const textsPerRequest = 16
const listMs = 5_000
/** A question is searched by keywords rather than waiting longer. The model may have to be loaded first. */
const interactiveMs = 20_000
const backgroundMs = 600_000
/** What was pulled anew meanwhile is noticed after this long. */
const trustMs = 60_000

/** `/api/embed` of an Ollama on this computer, where the setting, `OLLAMA_HOST` or the usual places say. Downloads nothing. */
export function createOllamaEmbedding(options: {
  readonly setting: () => string
  readonly ollamaHost: string | undefined
  readonly clock: Clock
  /** The server's turn for import comes when it writes no answer. */
  readonly untilQuiet: (signal: AbortSignal) => Promise<void>
}): OllamaEmbedding {
  const { clock } = options
  let trusted: {
    readonly address: string
    readonly model: string
    readonly digest: string
    readonly at: number
  } | null = null

  const addresses = (): readonly string[] => {
    const plan = planServers(options.setting(), options.ollamaHost)
    if (plan.type === 'refused') throw refusedHost(plan.host, plan.toldBy)
    if (plan.type === 'told') return plan.addresses
    return usualPlaces.filter(({ isOllama }) => isOllama).map(({ address }) => address)
  }

  /** @throws AppError `embedder-away` when no address answers as Ollama does. */
  const list = async (
    signal: AbortSignal,
    wanted: string | null,
  ): Promise<{ readonly address: string; readonly models: readonly ListedModel[] }> => {
    let cause: unknown
    for (const address of addresses()) {
      try {
        const limits = { clock, timeoutMs: listMs, signal }
        return { address, ...(await probeOllama(address, (client) => client.list(), modelsReplySchema, limits)) }
      } catch (error) {
        signal.throwIfAborted()
        cause = error
      }
    }
    throw away(wanted, cause)
  }

  /** The address of the server that has this very model as its own. */
  const locate = async (model: string, digest: string, signal: AbortSignal): Promise<string> => {
    if (isCloudName(model)) throw cloudModel(model)
    if (trusted?.model === model && trusted.digest === digest && clock.now() - trusted.at < trustMs)
      return trusted.address
    const { address, models } = await list(signal, model)
    const own = models.find(({ name }) => isSameModel(name, model))
    if (own === undefined) throw gone(model)
    if (isCloudModel(own)) throw cloudModel(model)
    if (own.digest !== digest) throw replaced(model)
    trusted = { address, model, digest, at: clock.now() }
    return address
  }

  const request = async (
    address: string,
    model: string,
    texts: readonly string[],
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<readonly Float32Array[]> => {
    try {
      const { embeddings } = await probeOllama(
        address,
        // Else Ollama reads only the beginning, and says nothing.
        (client) => client.embed({ model, input: [...texts], truncate: false }),
        embedReplySchema,
        { clock, timeoutMs, signal },
      )
      const vectors = embeddings.map(normalised)
      const width = vectors[0]?.length
      if (vectors.length !== texts.length || vectors.some((vector) => vector === null || vector.length !== width))
        throw failed(model)
      return vectors.filter((vector) => vector !== null)
    } catch (error) {
      signal.throwIfAborted()
      trusted = null
      if (error instanceof AppError) throw error
      if (error instanceof ErrorStatus && isTooLong(error))
        throw new TextTooLong(shownServerText(error.serverMessage, 200))
      if (error instanceof ProbeTimeout || isConnectionRefusal(error)) throw away(model, error)
      throw failed(model, error)
    }
  }

  return {
    async models({ signal }) {
      const { models } = await list(signal, null)
      return models
        .filter((model) => !isCloudModel(model))
        .map((model) => ({ name: model.name, digest: model.digest, isMadeForIt: isEmbeddingOnly(model) }))
        .toSorted((a, b) => Number(b.isMadeForIt) - Number(a.isMadeForIt) || a.name.localeCompare(b.name))
    },
    async embed(texts, { model, digest, prefix = '', priority, signal }) {
      signal.throwIfAborted()
      const address = await locate(model, digest, signal)
      const timeoutMs = priority === 'interactive' ? interactiveMs : backgroundMs
      const embedAlone = async (text: string): Promise<Float32Array | null> => {
        try {
          const [vector] = await request(address, model, [text], timeoutMs, signal)
          return vector ?? null
        } catch (error) {
          if (error instanceof TextTooLong) return null
          throw error
        }
      }
      const embedWhole = async (text: string): Promise<Float32Array> => {
        const vector = (await embedAlone(text)) ?? (await embedInHalves(text, { prefix, embed: embedAlone }))
        if (vector === null) throw failed(model)
        return vector
      }
      const vectors: Float32Array[] = []
      for (let from = 0; from < texts.length; from += textsPerRequest) {
        if (priority === 'background') await options.untilQuiet(signal)
        const some = texts.slice(from, from + textsPerRequest)
        try {
          vectors.push(...(await request(address, model, some, timeoutMs, signal)))
        } catch (error) {
          if (!(error instanceof TextTooLong)) throw error
          // Ollama does not say which.
          for (const text of some) vectors.push(await embedWhole(text))
        }
      }
      return vectors
    },
  }
}

/** A text is longer than the model's context. */
class TextTooLong extends Error {
  override readonly name = 'TextTooLong'
}

/** "input length exceeds maximum context length" (0.11), "the input length exceeds the context length" (0.13). */
function isTooLong({ status, serverMessage }: ErrorStatus): boolean {
  return status >= 400 && /exceeds? .*context/i.test(serverMessage)
}

/** Null for a vector without a direction. */
function normalised(values: readonly number[]): Float32Array | null {
  const length = Math.hypot(...values)
  if (!Number.isFinite(length) || length === 0) return null
  return Float32Array.from(values, (value) => value / length)
}

function away(model: string | null, cause: unknown): AppError {
  return new AppError(
    'embedder-away',
    model === null
      ? 'Ollama does not answer. Start it, then look again.'
      : `Ollama does not answer, so its embedder ${model} cannot be used. Start Ollama.`,
    { retryable: true, details: model === null ? {} : { model }, cause },
  )
}

function gone(model: string): AppError {
  return new AppError(
    'embedder-away',
    `Ollama has no model ${model} any more. Download it there, or use another embedder.`,
    {
      retryable: true,
      details: { reason: 'model-gone', model },
    },
  )
}

function replaced(model: string): AppError {
  return new AppError(
    'embedding-model-missing',
    `Ollama has another version of ${model} by now, whose vectors do not fit. Add it again in Settings, under Embedders.`,
    { details: { reason: 'replaced', model } },
  )
}

function failed(model: string, cause?: unknown): AppError {
  const said = cause instanceof ErrorStatus ? shownServerText(cause.serverMessage, 200) : ''
  return new AppError(
    'embedding-failed',
    said === ''
      ? `Ollama gave no usable vectors by ${model}. Check that it is an embedding model.`
      : `Ollama could not embed with ${model} (it says: ${said}). Check that it is an embedding model.`,
    { retryable: true, details: { reason: 'ollama', model }, cause },
  )
}
