import { join } from 'node:path'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { timeBarePool } from './bare-pool.ts'
import { writeCorpus } from './corpus.ts'
import { importOnce } from './measured-import.ts'
import { median } from './statistics.ts'

/** Texts in one call of the well-known rival. */
const rivalBatch = 25

/** Import through the whole product against bare embedding of the very same texts, alternating. */
export async function measureImport({ isQuick, scratchFolder, say }: BenchContext): Promise<readonly BenchRow[]> {
  const rounds = isQuick ? 1 : 3
  const corpus = join(scratchFolder, 'import-corpus')
  await writeCorpus(corpus, { paragraphs: isQuick ? 150 : 3_000, seed: 1 })
  const own: number[] = []
  const bare: number[] = []
  const rival: number[] = []
  let described = ''
  for (let round = 0; round < rounds; round += 1) {
    const run = await importOnce(join(scratchFolder, `import-${round}`), corpus)
    const rate = (elapsedMs: number): number => (run.tokens / elapsedMs) * 1_000
    own.push(rate(run.elapsedMs))
    bare.push(rate(await timeBarePool(run.texts, { processes: run.processes, kind: 'single', pageTexts: 8 })))
    rival.push(rate(await timeBarePool(run.texts, { processes: 1, kind: 'batch', pageTexts: rivalBatch })))
    described = `${run.texts.length} chunks, ${run.tokens} tokens, ${run.processes} processes`
    const shown = [own, bare, rival].map((rates) => Math.round(rates.at(-1) ?? 0))
    say(
      `  round ${round + 1}: ${described}; tokens a second: import ${shown[0]}, bare pool ${shown[1]}, batches ${shown[2]}`,
    )
  }
  const ratioTo = (others: readonly number[]): number => median(own.map((rate, round) => rate / (others[round] ?? NaN)))
  const note = `median of ${rounds} rounds; ${described}`
  const stated = (what: string, rates: readonly number[]): BenchRow => ({
    group: 'import',
    what,
    value: median(rates),
    unit: 'tokens/s',
    reach: null,
    note,
  })
  return [
    {
      group: 'import',
      what: 'import against the bare pool',
      value: ratioTo(bare),
      unit: 'times',
      reach: { bound: 'at least', value: 0.85 },
      note,
    },
    {
      group: 'import',
      what: `import against one process, batches of ${rivalBatch}, unsorted`,
      value: ratioTo(rival),
      unit: 'times',
      reach: { bound: 'at least', value: 2.3 },
      note,
    },
    stated('import', own),
    stated('bare pool', bare),
    stated(`one process, batches of ${rivalBatch}`, rival),
  ]
}
