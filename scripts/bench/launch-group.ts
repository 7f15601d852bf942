import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { appArguments, appEnvironment, noModelServer } from '../../test/e2e/support/launch.ts'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { findFilledLibrary } from './filled-library.ts'
import { projectFolder } from './open-carrel.ts'
import { median } from './statistics.ts'

const sizes = [
  { documents: 0, reachSeconds: null },
  { documents: 1_000, reachSeconds: 1.5 },
  { documents: 10_000, reachSeconds: 2 },
]
const quickSizes = [
  { documents: 0, reachSeconds: null },
  { documents: 20, reachSeconds: 1.5 },
]

/**
 * From starting the process to a composer that took a typed letter, with the library's rows on the page. Started bare, not by
 * Playwright, which holds the app back until it has attached.
 */
export async function measureLaunch(context: BenchContext): Promise<readonly BenchRow[]> {
  const { isQuick, scratchFolder, cacheFolder, electronBinary, say } = context
  const launches = isQuick ? 2 : 9
  const rows: BenchRow[] = []
  for (const { documents, reachSeconds } of isQuick ? quickSizes : sizes) {
    // Each launch leaves its window's state behind; the filled library itself stays as it was made.
    const dataFolder = join(scratchFolder, `launch-${documents}`)
    if (documents > 0) {
      say(`  a library of ${documents} documents ...`)
      await cp(await findFilledLibrary(cacheFolder, documents), dataFolder, { recursive: true })
    }
    const seconds: number[] = []
    for (let launch = 0; launch < launches; launch += 1) {
      seconds.push((await launchOnce(electronBinary, dataFolder, documents)) / 1_000)
    }
    await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 })
    const [first = NaN, ...later] = seconds
    rows.push({
      group: 'launch',
      what: `launch to interactive, ${documents} documents`,
      value: median(later),
      unit: 's',
      reach: reachSeconds === null ? null : { bound: 'at most', value: reachSeconds },
      note: `median of ${later.length}, slowest ${Math.max(...later).toFixed(2)} s; the first one before them ${first.toFixed(2)} s`,
    })
  }
  return rows
}

/** @returns ms */
async function launchOnce(electronBinary: string, dataFolder: string, documents: number): Promise<number> {
  const startedMs = performance.now()
  const child = spawn(
    electronBinary,
    ['-r', join(import.meta.dirname, 'launch-mark.cjs'), ...appArguments(dataFolder)],
    {
      cwd: projectFolder,
      env: appEnvironment({ OLLAMA_HOST: noModelServer, CARREL_BENCH_DOCUMENTS: String(documents) }),
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  const ended = once(child, 'exit')
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (line === 'bench-interactive') return performance.now() - startedMs
      if (line.startsWith('bench-failed')) throw new Error(`The app did not become interactive: ${line}`)
    }
    throw new Error('The app ended before it was interactive.')
  } finally {
    child.stdout.resume()
    child.kill('SIGTERM')
    await ended
  }
}
