import { join } from 'node:path'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { writeCorpus } from './corpus.ts'
import { startModelServer } from './model-server.ts'
import { openCarrel } from './open-carrel.ts'
import { median } from './statistics.ts'
import { timeWindowPath, windowPaths } from './stop-in-window.ts'
import { momentOf } from './stop-moments.ts'
import { timeHttpClients, timeInterrupts, timePulls } from './stop-of-doors.ts'

/**
 * From the moment of a stop to the moment when the model server, a process of its own, sees its connection closed. On every
 * path stops take turns: before the first byte (so it is while a model loads and while a prompt is read), at the first token,
 * in mid-answer. During the search no connection is open.
 */
export async function measureStop({ isQuick, scratchFolder, say }: BenchContext): Promise<readonly BenchRow[]> {
  const times = isQuick ? 3 : 50
  const corpus = join(scratchFolder, 'stop-corpus')
  const dataFolder = join(scratchFolder, 'stop')
  await writeCorpus(corpus, { paragraphs: 20, seed: 2 })
  {
    await using carrel = await openCarrel(dataFolder)
    const { signal } = new AbortController()
    await carrel.importer.add([corpus], { signal })
    await carrel.importer.idle({ signal })
  }
  await using server = await startModelServer()
  const options = { server, dataFolder, times }
  const rows: BenchRow[] = []
  const add = (what: string, latencies: readonly number[], nameMoment: (run: number) => string): void => {
    rows.push(toStopRow(what, latencies, nameMoment))
    say(`  ${what}: done`)
  }
  const byTurn = (run: number): string => momentOf(run).moment
  for (const path of windowPaths) add(path.what, await timeWindowPath(path, options), byTurn)
  add('a program of the local API gone', await timeHttpClients(options), byTurn)
  add('Ctrl-C of the command line', await timeInterrupts(options), byTurn)
  add('a download cancelled', await timePulls(options), () => 'while it runs')
  return rows
}

/** The longest counts; the note has the longest of each moment. */
function toStopRow(what: string, latencies: readonly number[], nameMoment: (run: number) => string): BenchRow {
  const byMoment = Map.groupBy(latencies.keys(), nameMoment)
  const longest = [...byMoment].map(([moment, runs]) => {
    const mostMs = Math.max(...runs.map((run) => latencies[run] ?? NaN))
    return `${moment} ${mostMs.toFixed(0)} ms`
  })
  return {
    group: 'stop',
    what: `stop to closed connection: ${what}`,
    value: Math.max(...latencies),
    unit: 'ms',
    reach: { bound: 'at most', value: 250 },
    note: `longest of ${latencies.length} (${longest.join(', ')}); median ${median(latencies).toFixed(0)} ms`,
  }
}
