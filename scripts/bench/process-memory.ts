import { readFile } from 'node:fs/promises'

/** In MiB; by the entry of the worker. `main`: growth since the watch began. */
export interface MemorySeen {
  readonly main: { readonly firstMiB: number; readonly mostMiB: number }
  readonly workers: ReadonlyMap<string, { readonly mostMiB: number; readonly processes: number }>
}

export interface MemoryWatch {
  /** @throws Error what went wrong while it watched. */
  stop(): Promise<MemorySeen>
}

const lookMs = 250
const kibPerMib = 1024

/**
 * Looks four times a second at the memory that a process and the workers it started hold (resident, mapped files included).
 * Of a worker the system itself keeps the most (VmHWM), so nothing is missed between two looks. Linux only.
 */
export function watchMemory(pid: number): MemoryWatch {
  let isStopped = false
  let first = Number.NaN
  let most = 0
  const workers = new Map<number, { readonly entry: string; mostMiB: number }>()
  const look = async (): Promise<void> => {
    const held = kibibytes(await readStatus(pid), 'VmRSS') / kibPerMib
    if (Number.isNaN(first)) first = held
    most = Math.max(most, held)
    for (const child of await childrenOf(pid)) {
      const status = await readStatus(child)
      const entry = workers.get(child)?.entry ?? (await entryOf(child))
      // It may end between two of these.
      if (status === '' || entry === null) continue
      workers.set(child, { entry, mostMiB: kibibytes(status, 'VmHWM') / kibPerMib })
    }
  }
  const watching = (async () => {
    while (!isStopped) {
      await look()
      await new Promise((resolve) => setTimeout(resolve, lookMs))
    }
  })()
  // Heard of at the end.
  watching.catch(() => undefined)
  return {
    async stop() {
      isStopped = true
      await watching
      const seen = [...Map.groupBy(workers.values(), ({ entry }) => entry)].map(
        ([entry, of]) =>
          [entry, { mostMiB: Math.max(...of.map(({ mostMiB }) => mostMiB)), processes: of.length }] as const,
      )
      return { main: { firstMiB: first, mostMiB: most }, workers: new Map(seen) }
    },
  }
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map(Number)
}

/** `parser`, `embedder`, `recogniser`; null for anything else. */
async function entryOf(pid: number): Promise<string | null> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return /[/\\](parser|embedder|recogniser)\.js\0/.exec(command)?.[1] ?? null
}

/** Empty when the process is gone. */
function readStatus(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
}

function kibibytes(status: string, name: 'VmRSS' | 'VmHWM'): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0)
}
