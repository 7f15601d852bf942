import { readFile } from 'node:fs/promises'
import { readOllamaRunners } from '../../src/main/generators/runner-processes.ts'

const sampleMs = 100
/** So long without work, and it is over. */
const restMs = 1_500
const busyShare = 0.1
const longestMs = 5 * 60_000

/** Processor time in ms of all model processes of the Ollama at this address; null where processes do not show. */
export async function readRunnerMs(url: string): Promise<number | null> {
  const runners = await readOllamaRunners()
  if (runners === null) return null
  let sum = 0
  for (const [pid, usedMs] of runners) if (await belongsTo(pid, url)) sum += usedMs
  return sum
}

/** Waits until they rest. @returns their processor time then. @throws Error when they do not rest within five minutes */
export async function untilRunnerRests(url: string): Promise<number> {
  const deadline = Date.now() + longestMs
  let rested = 0
  let before = (await readRunnerMs(url)) ?? 0
  while (rested < restMs) {
    if (Date.now() > deadline) throw new Error('The model process did not come to rest.')
    await new Promise((resolve) => setTimeout(resolve, sampleMs))
    const now = (await readRunnerMs(url)) ?? 0
    rested = now - before > busyShare * sampleMs ? 0 : rested + sampleMs
    before = now
  }
  return before
}

/** A model process has the environment of its server. */
async function belongsTo(pid: number, url: string): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
  const host = environment.split('\0').find((entry) => entry.startsWith('OLLAMA_HOST='))
  return (host?.slice('OLLAMA_HOST='.length) ?? '127.0.0.1:11434') === new URL(url).host
}
