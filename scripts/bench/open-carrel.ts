import { join, resolve } from 'node:path'
import { createForkTransport } from '../../src/cli/worker-process.ts'
import { type Carrel, compose } from '../../src/main/compose.ts'
import type { Desktop } from '../../src/main/handlers.ts'

export const projectFolder = resolve(import.meta.dirname, '..', '..')
/** The built entries: workers and threads are always those. */
export const outFolder = join(projectFolder, 'out', 'main')
export const resourcesFolder = join(projectFolder, 'resources')
export const modelsFolder = join(resourcesFolder, 'models')

const unused = (): never => {
  throw new Error('The benchmark has no desktop.')
}
const desktop: Desktop = {
  version: 'bench',
  connectionsBlocked: () => 0,
  isOnBattery: () => false,
  chooseFiles: unused,
  chooseFolder: unused,
  chooseNewFile: unused,
  openFolder: unused,
  openFile: unused,
  revealFile: unused,
}

/** The whole product in this process, as the command line opens it. `ollamaHost`: by default no model server is found. */
export function openCarrel(dataFolder: string, ollamaHost = 'http://127.0.0.1:9'): Promise<Carrel> {
  return compose({
    dataFolder,
    resourcesFolder,
    outFolder,
    transport: createForkTransport({ outFolder }),
    desktop,
    environment: { OLLAMA_HOST: ollamaHost },
    isVerbose: false,
    isTerminal: false,
    isResident: true,
  })
}
