import { readFile } from 'node:fs/promises'
import { type ProcessorTimes, readOllamaRunners } from '../../src/main/generators/runner-processes.ts'

const lookMs = 10
const sampleMs = 100
/** So long without work, and it is over. */
const restMs = 3_000
const busyShare = 0.1
const longestMs = 5 * 60_000

/** The model processes of the Ollama at this address; null where the system does not show processes. */
export async function readRunners(url: string): Promise<ProcessorTimes | null> {
  const all = await readOllamaRunners()
  if (all === null) return null
  const own = new Map<number, number>()
  for (const [pid, usedMs] of all) if (await belongsTo(pid, url)) own.set(pid, usedMs)
  return own
}

/** Looks every few ms. @throws Error when it does not come true within five minutes */
export async function untilRunners(url: string, isWanted: (runners: ProcessorTimes) => boolean): Promise<void> {
  const deadline = Date.now() + longestMs
  while (!isWanted((await readRunners(url)) ?? new Map())) {
    if (Date.now() > deadline) throw new Error('The model process did not do what was waited for.')
    await new Promise((resolve) => setTimeout(resolve, lookMs))
  }
}

/**
 * Waits until they rest, or are gone. @returns processor time in ms that they used from now on; one that appears counts whole.
 * @throws Error when they do not rest within five minutes
 */
export async function untilRunnersRest(url: string): Promise<number> {
  const deadline = Date.now() + longestMs
  let before = (await readRunners(url)) ?? new Map<number, number>()
  let furtherMs = 0
  for (let restedMs = 0; restedMs < restMs;) {
    if (Date.now() > deadline) throw new Error('The model process did not come to rest.')
    await new Promise((resolve) => setTimeout(resolve, sampleMs))
    const now = (await readRunners(url)) ?? new Map<number, number>()
    let usedMs = 0
    for (const [pid, totalMs] of now) usedMs += totalMs - (before.get(pid) ?? 0)
    furtherMs += usedMs
    restedMs = usedMs > busyShare * sampleMs ? 0 : restedMs + sampleMs
    before = now
  }
  return furtherMs
}

/** A model process has the environment of its server. */
async function belongsTo(pid: number, url: string): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
  const host = environment.split('\0').find((entry) => entry.startsWith('OLLAMA_HOST='))
  return (host?.slice('OLLAMA_HOST='.length) ?? '127.0.0.1:11434') === new URL(url).host
}
