import { z } from 'zod'
import { exitCodes } from '../../src/cli/command-options.ts'
import { runCarrel, startCarrel } from '../../test/support/run-carrel.ts'

const readySchema = z.object({ address: z.string(), token: z.string() })
const statusSchema = z.object({
  library: z.object({
    documents: z.number(),
    chunks: z.number(),
    embeddedChunks: z.number(),
    byState: z.record(z.string(), z.number()),
  }),
})
export type ServedTotals = z.output<typeof statusSchema>['library']

/** `carrel serve` as a process of its own: the benchmark's memory and event loop are not in it. */
export interface ServedCarrel extends AsyncDisposable {
  readonly pid: number
  /** Through the owner's socket; resolves when all is ready or cannot be. */
  add(paths: readonly string[]): Promise<void>
  /** Over HTTP. @returns how long it took, in ms, and how many passages came. */
  search(query: string): Promise<{ readonly elapsedMs: number; readonly passages: number }>
  totals(): Promise<ServedTotals>
  /** @throws Error when it finds anything. */
  verify(): Promise<void>
}

export async function startServed(dataFolder: string): Promise<ServedCarrel> {
  const run = startCarrel(['--json', 'serve', '--port', '0'], { dataFolder })
  await run.shows('token')
  const { address, token } = readySchema.parse(JSON.parse(run.stdout()))
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const { pid } = run.child
  if (pid === undefined) throw new Error('carrel serve has no process.')
  return {
    pid,
    async add(paths) {
      const { code, stderr } = await runCarrel(['add', ...paths], { dataFolder })
      if (code !== exitCodes.done && code !== exitCodes.someFilesFailed)
        throw new Error(`carrel add ended with ${code}: ${stderr}`)
    },
    async search(query) {
      const startedMs = performance.now()
      const body = JSON.stringify({ query, limit: 10 })
      const response = await fetch(`${address}/v1/search`, { method: 'POST', headers, body })
      const { passages } = z.object({ passages: z.array(z.unknown()) }).parse(await response.json())
      return { elapsedMs: performance.now() - startedMs, passages: passages.length }
    },
    async totals() {
      const response = await fetch(`${address}/v1/status`, { headers })
      return statusSchema.parse(await response.json()).library
    },
    async verify() {
      const { code, stdout } = await runCarrel(['verify'], { dataFolder })
      if (code !== 0) throw new Error(`carrel verify: ${stdout}`)
    },
    async [Symbol.asyncDispose]() {
      run.child.kill('SIGTERM')
      const { code, stderr } = await run.ended
      if (code !== 0) throw new Error(`carrel serve ended with ${code ?? 'a signal'}: ${stderr}`)
    },
  }
}
