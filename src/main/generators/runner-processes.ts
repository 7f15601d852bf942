import { readdir, readFile } from 'node:fs/promises'

/** Processor time used so far, in milliseconds, by process id. */
export type ProcessorTimes = ReadonlyMap<number, number>

/** Linux counts in hundredths of a second for every program that asks. */
const tickMs = 10

/**
 * The processes in which Ollama runs its models, with the processor time they used so far. Null where that cannot be read (only
 * Linux shows it without another program).
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export async function readOllamaRunners(
  platform: NodeJS.Platform = process.platform,
  folder = '/proc',
): Promise<ProcessorTimes | null> {
  if (platform !== 'linux') return null
  const names = await readdir(folder).catch(() => null)
  if (names === null) return null
  const times = new Map<number, number>()
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue
    // A process may end, or be hidden, between two looks.
    const command = await readFile(`${folder}/${name}/cmdline`, 'utf8').catch(() => '')
    if (!isRunner(command.split('\0'))) continue
    const usedMs = processorMs(await readFile(`${folder}/${name}/stat`, 'utf8').catch(() => ''))
    if (usedMs !== null) times.set(Number(name), usedMs)
  }
  return times
}

/** `ollama runner --model ...`; before 0.3.14 `ollama_llama_server --model ...`. */
function isRunner([program = '', first]: readonly string[]): boolean {
  const name = program.slice(program.lastIndexOf('/') + 1)
  return name.startsWith('ollama_llama_server') || (name === 'ollama' && first === 'runner')
}

/** User and system time of a line of `/proc/PID/stat`; the name in it may hold anything. */
function processorMs(stat: string): number | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  return Number.isFinite(ticks) ? ticks * tickMs : null
}
