import { AppError } from '../../shared/errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { PullProgress } from '../ports/generator.ts'
import { waitForServer } from './answer-limits.ts'
import { ErrorStatus, openLocalConnection } from './local-fetch.ts'
import { isCloudName } from './model-kinds.ts'
import { createOllamaClient } from './ollama-client.ts'
import { pullLineSchema, type PullLine } from './ollama-replies.ts'
import { BadReply, checkLines, ErrorLine } from './reply-checks.ts'
import { cloudModel, isConnectionRefusal, unreachable } from './server-errors.ts'
import { shownServerText } from './server-text.ts'

/** Ollama tells several times a second how far it is; a line that stays out this long means that nothing comes any more. */
const silenceMs = 5 * 60_000
const maxLineBytes = 64 * 1024

/**
 * The name of a model that Ollama can download: `qwen3:8b`, `someone/model`, `hf.co/someone/model:Q4_K_M`.
 * @throws AppError `invalid-request` for anything else, `model-not-local` for a cloud model
 */
export function readPullName(text: string): string {
  const name = text.trim().replace(/^ollama\s+(?:pull|run)\s+/i, '')
  if (!namePattern.test(name) || name.length > 200) {
    throw new AppError('invalid-request', 'That is not the name of a model. Write one like qwen3:8b.', {
      details: { reason: 'model-name' },
    })
  }
  if (isCloudName(name)) throw cloudModel(name)
  return name
}
const namePattern = /^(?:[a-z0-9][\w.-]*\/){0,3}[a-z0-9][\w.-]*(?::[a-z0-9_][\w.-]*)?$/i

/** One POST /api/pull. See `ModelCare.pull`. `ending` is its one switch. */
export async function* streamOllamaPull(
  address: string,
  name: string,
  ending: AbortController,
  clock: Clock,
): AsyncGenerator<PullProgress, void, undefined> {
  const { signal } = ending
  const limits = { clock, maxLineBytes, firstLineTimeoutMs: silenceMs, lineTimeoutMs: silenceMs }
  const connection = openLocalConnection({ signal, checkBody: (body) => checkLines(body, limits) })
  const wait = <T>(promise: Promise<T>): Promise<T> =>
    waitForServer(promise, ending, limits, { hasBegun: true, server: 'Ollama' })
  const parts = new Map<string, { readonly receivedBytes: number; readonly totalBytes: number }>()
  try {
    signal.throwIfAborted()
    const lines = (await wait(createOllamaClient(address, connection).pull({ model: name, stream: true })))[
      Symbol.asyncIterator
    ]()
    for (;;) {
      const next = await wait(lines.next())
      if (next.done === true) throw new BadReply('The download ended without success.')
      const line = readLine(next.value)
      if (line.status === 'success') return
      if (line.digest !== undefined && line.total !== undefined) {
        parts.set(line.digest, { receivedBytes: Math.min(line.completed ?? 0, line.total), totalBytes: line.total })
      }
      signal.throwIfAborted()
      yield { phase: phaseOf(line), ...summed([...parts.values()]) }
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw pullError(error, name, address)
  } finally {
    await connection.close()
  }
}

function readLine(value: unknown): PullLine {
  const parsed = pullLineSchema.safeParse(value)
  if (!parsed.success) throw new BadReply('A line is not about a download.', { cause: parsed.error })
  return parsed.data
}

function phaseOf({ status, digest }: PullLine): PullProgress['phase'] {
  if (digest !== undefined) return 'downloading'
  return /verifying|writing|removing/i.test(status) ? 'verifying' : 'starting'
}

function summed(
  parts: readonly { readonly receivedBytes: number; readonly totalBytes: number }[],
): Pick<PullProgress, 'receivedBytes' | 'totalBytes'> {
  const sum = (of: (part: (typeof parts)[number]) => number): number =>
    parts.reduce((total, part) => total + of(part), 0)
  return {
    receivedBytes: sum(({ receivedBytes }) => receivedBytes),
    totalBytes: parts.length === 0 ? null : sum(({ totalBytes }) => totalBytes),
  }
}

/** Why a download failed, by Ollama's own words. */
const reasons: readonly {
  readonly pattern: RegExp
  readonly reason: string
  readonly sentence: (model: string) => string
}[] = [
  {
    pattern: /no space left|not enough space|disk full|enospc/i,
    reason: 'disk-full',
    sentence: (model) =>
      `There is not enough space on the disk for ${model}. Free some, then download it again: it goes on where it stopped.`,
  },
  {
    pattern: /file does not exist|manifest unknown|not found|\b404\b|invalid model name/i,
    reason: 'unknown-name',
    sentence: (model) => `Ollama knows no model called ${model}. Check the name at ollama.com/library, then try again.`,
  },
  {
    pattern: /newer version|requires a newer/i,
    reason: 'needs-newer',
    sentence: (model) => `${model} needs a newer Ollama. Install the newest version from ollama.com, then try again.`,
  },
  {
    pattern:
      /no such host|dial tcp|lookup |network is unreachable|i\/o timeout|connection re|tls|max retries|timeout|temporary failure/i,
    reason: 'no-network',
    sentence: (model) =>
      `Ollama could not reach the place it downloads ${model} from. Check the network, then download it again: it goes on where it stopped.`,
  },
]

function pullError(error: unknown, model: string, address: string): AppError {
  if (error instanceof AppError && error.code !== 'generation-stalled') return error
  if (isConnectionRefusal(error)) return unreachable([address], error)
  const said =
    error instanceof ErrorStatus
      ? error.serverMessage
      : error instanceof ErrorLine
        ? shownServerText(error.message)
        : ''
  const known = reasons.find(({ pattern }) => pattern.test(said))
  const shown = shownServerText(model, 200)
  if (known !== undefined) {
    const details = { reason: known.reason, model: shown }
    return new AppError('model-download-failed', known.sentence(shown), { retryable: true, details, cause: error })
  }
  return new AppError(
    'model-download-failed',
    said === ''
      ? `Ollama stopped downloading ${shown}. Download it again: it goes on where it stopped.`
      : `Ollama could not download ${shown} (it says: ${said}). Try again later.`,
    { retryable: true, details: { model: shown }, cause: error },
  )
}
