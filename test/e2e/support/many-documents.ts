import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { electronBinary, projectFolder } from './launch.ts'

/**
 * Fills a data folder: documents that are ready (`Report 00000.txt` ...), and files that wait while import is paused
 * (`Waiting 00000.txt` ... in `waitingFolder`, whether they are there or not). See test/support/fill-library.ts.
 */
export async function fillLibrary(
  dataFolder: string,
  {
    ready,
    waiting,
    waitingFolder,
  }: { readonly ready: number; readonly waiting: number; readonly waitingFolder: string },
): Promise<void> {
  const script = join(projectFolder, 'test', 'support', 'fill-library.ts')
  const child = spawn(electronBinary(), [script, dataFolder, String(ready), String(waiting), waitingFolder], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`filling the library ended with ${String(code)}`)
}
