import { cp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as elapse } from 'node:timers/promises'
import type { SeededRandom } from '../../test/support/seeded-random.ts'
import { type CarrelRun, startCarrel } from '../../test/support/run-carrel.ts'
import { writeDocuments } from './chaos-documents.ts'
import { differences, type LibraryState, readLibrary } from './library-state.ts'

export interface ChaosReport {
  /** Kills, by what was killed. */
  readonly kills: Readonly<Record<Victim, number>>
  readonly libraries: number
  /** What a library differed in from a clean import; empty: all went well. */
  readonly problems: readonly string[]
}

export type Victim = 'main' | 'parser' | 'embedder'

export interface ChaosOptions {
  /** Empty; libraries of rounds that went wrong stay there. */
  readonly folder: string
  readonly rounds: number
  readonly random: SeededRandom
  readonly say: (text: string) => void
}

/** An import that nobody disturbs takes less, however busy the computer. */
const patienceMs = 240_000

/**
 * Imports a folder, edits a third of it and imports it again, while main or a worker is killed with SIGKILL at random
 * moments; each kill is a round. What is left is compared with an import that was not disturbed, library after library,
 * until there were as many rounds as asked for.
 */
export async function runChaos({ folder, rounds, random, say }: ChaosOptions): Promise<ChaosReport> {
  const sources = { 1: join(folder, 'version-1'), 2: join(folder, 'version-2') } as const
  await writeDocuments(sources[1], 1)
  await writeDocuments(sources[2], 2)
  const startedMs = performance.now()
  const clean = await importUndisturbed(join(folder, 'clean'), sources[2], sources[2])
  // Two imports; the second is shorter, and a killed one goes on from where it was.
  const usualMs = Math.round((performance.now() - startedMs) / 3)
  say(`a clean import: ${clean.documents.length} documents, ${clean.chunks.length} chunks, kills within ${usualMs} ms`)
  if (clean.problems.length > 0) throw new Error(`The clean import has problems: ${clean.problems.join('; ')}`)

  const kills = { main: 0, parser: 0, embedder: 0 }
  const problems: string[] = []
  const left = (): number => rounds - kills.main - kills.parser - kills.embedder
  let libraries = 0
  for (; left() > 0; libraries += 1) {
    const dataFolder = join(folder, `library-${libraries}`)
    const documents = join(folder, `documents-${libraries}`)
    const moments: string[] = []
    for (const version of [1, 2] as const) {
      await cp(sources[version], documents, { recursive: true, force: true })
      const killed = await importDisturbed({ dataFolder, documents, usualMs, random, mostKills: Math.min(6, left()) })
      for (const { victim, afterMs } of killed) {
        kills[victim] += 1
        moments.push(`${victim} after ${afterMs} ms`)
      }
    }
    const found = differences(clean, await readLibrary(dataFolder))
    say(`library ${libraries}: ${moments.join(', ') || 'no kill'}: ${found.length === 0 ? 'as clean' : 'DIFFERS'}`)
    problems.push(...found.map((problem) => `library ${libraries} (${moments.join(', ')}): ${problem}`))
    if (found.length === 0) await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 })
    await rm(documents, { recursive: true, force: true, maxRetries: 5 })
  }
  return { kills, libraries, problems }
}

async function importUndisturbed(dataFolder: string, ...folders: readonly string[]): Promise<LibraryState> {
  for (const documents of folders) await finish(startCarrel(['add', documents], { dataFolder }))
  return readLibrary(dataFolder)
}

/** Starts the import again after each kill of main; without further kills once there were enough. @returns the kills. */
async function importDisturbed(options: {
  readonly dataFolder: string
  readonly documents: string
  readonly usualMs: number
  readonly random: SeededRandom
  readonly mostKills: number
}): Promise<readonly { readonly victim: Victim; readonly afterMs: number }[]> {
  const { dataFolder, documents, usualMs, random, mostKills } = options
  const kills: { readonly victim: Victim; readonly afterMs: number }[] = []
  for (;;) {
    const run = startCarrel(['add', documents], { dataFolder })
    const ended = new AbortController()
    const isOver = run.ended.finally(() => ended.abort())
    let isMainKilled = false
    while (kills.length < mostKills && !isMainKilled && !ended.signal.aborted) {
      const victim = (['main', 'parser', 'embedder'] as const)[random.below(3)] ?? 'main'
      // A worker starts late; from then on any moment is as likely as another.
      if (victim !== 'main' && (await awaitWorker(dataFolder, victim, run, ended.signal)) === undefined) break
      const afterMs = Math.round(random.next() * usualMs)
      if (!(await sleeps(afterMs, ended.signal))) break
      const pid = victim === 'main' ? run.child.pid : await workerPid(dataFolder, victim, run)
      if (pid === undefined || ended.signal.aborted || !kill(pid)) continue
      isMainKilled = victim === 'main'
      kills.push({ victim, afterMs })
    }
    if (isMainKilled) {
      await isOver
      continue
    }
    await finish(run)
    return kills
  }
}

async function finish(run: CarrelRun): Promise<void> {
  const limit = setTimeout(() => run.child.kill('SIGKILL'), patienceMs)
  const { code, stdout, stderr } = await run.ended
  clearTimeout(limit)
  if (code !== 0) throw new Error(`An import ended with ${code ?? 'a signal: it was stuck'}.\n${stdout}\n${stderr}`)
}

/** @returns false when `signal` came first. */
async function sleeps(delayMs: number, signal: AbortSignal): Promise<boolean> {
  try {
    await elapse(delayMs, undefined, { signal })
    return true
  } catch (error) {
    if (signal.aborted) return false
    throw error
  }
}

/** @returns undefined when the run ended before there was one. */
async function awaitWorker(
  dataFolder: string,
  entry: Victim,
  run: CarrelRun,
  signal: AbortSignal,
): Promise<number | undefined> {
  for (;;) {
    const pid = await workerPid(dataFolder, entry, run)
    if (pid !== undefined || signal.aborted || !(await sleeps(20, signal))) return pid
  }
}

/** Of this run's youngest worker of that kind, by the log; undefined when there is none yet. */
async function workerPid(dataFolder: string, entry: Victim, run: CarrelRun): Promise<number | undefined> {
  const log = await readFile(join(dataFolder, 'logs', 'carrel.log'), 'utf8').catch(() => '')
  const pids = [...log.matchAll(new RegExp(`worker: ${entry} ready, process (\\d+)`, 'g'))].map((match) =>
    Number(match[1]),
  )
  const pid = pids.at(-1)
  if (pid === undefined) return undefined
  // Only a child of this very run: numbers are given again.
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return status.includes(`PPid:\t${run.child.pid ?? 0}\n`) ? pid : undefined
}

/** @returns false when it had ended by itself. */
function kill(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL')
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}
