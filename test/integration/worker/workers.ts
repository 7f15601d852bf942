import { join } from 'node:path'
import { createForkTransport } from '../../../src/cli/worker-process.ts'
import type { WorkerTransport } from '../../../src/main/ports/workers.ts'
import { type EmbedderPool, createEmbedderPool } from '../../../src/main/worker/embedder-pool.ts'
import { systemClock } from '../../../src/main/system-clock.ts'
import { createRecordingLog } from '../../support/recording-log.ts'

export const modelsFolder = join(process.cwd(), 'resources', 'models')
export const neverAborted = new AbortController().signal

/** The sources themselves: Electron's Node runs TypeScript. */
export const sourceTransport: WorkerTransport = createForkTransport({
  outFolder: '',
  entryPath: (entry) => join(process.cwd(), 'src', 'main', 'worker', `${entry}-entry.ts`),
})

export function startPool(processCount: number, folder = modelsFolder): EmbedderPool {
  return createEmbedderPool({
    transport: sourceTransport,
    modelsFolder: folder,
    processCount,
    clock: systemClock,
    log: createRecordingLog(),
  })
}

/** True while a process with this number exists (a killed one that nobody waited for counts as gone). */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
