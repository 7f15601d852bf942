import { join } from 'node:path'
import { timeBarePool } from './bare-pool.ts'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { importOnce } from './measured-import.ts'
import { median } from './statistics.ts'
import { writeFolderOfKind, type WrittenKind, writtenKinds } from './written-documents.ts'

const titles: Readonly<Record<WrittenKind, string>> = {
  text: 'English text',
  'text-zh': 'Chinese text',
  html: 'HTML',
  pdf: 'PDF',
  docx: 'Word',
  xlsx: 'Excel',
}

/** Import of one kind of document through the whole product against bare embedding of the very same texts, in turns. */
export async function measureKinds({ isQuick, scratchFolder, say }: BenchContext): Promise<readonly BenchRow[]> {
  const rounds = isQuick ? 1 : 3
  const rows: BenchRow[] = []
  for (const kind of writtenKinds) {
    const corpus = join(scratchFolder, `kind-${kind}`)
    await writeFolderOfKind(corpus, { kinds: [kind], files: isQuick ? 2 : 12, paragraphs: isQuick ? 10 : 50, seed: 31 })
    const ratios: number[] = []
    const rates: number[] = []
    let described = ''
    for (let round = 0; round < rounds; round += 1) {
      const run = await importOnce(join(scratchFolder, `kind-${kind}-${round}`), corpus)
      const bareMs = await timeBarePool(run.texts, { processes: run.processes, kind: 'single', pageTexts: 8 })
      ratios.push(bareMs / run.elapsedMs)
      rates.push((run.tokens / run.elapsedMs) * 1_000)
      described = `${run.texts.length} chunks, ${run.tokens} tokens`
    }
    const title = titles[kind]
    say(`  ${title}: ${described}; against the bare pool ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}`)
    rows.push({
      group: 'kinds',
      what: `${title}: import against the bare pool`,
      value: median(ratios),
      unit: 'times',
      reach: kind === 'text' ? { bound: 'at least', value: 0.85 } : null,
      note: `median of ${rounds} rounds; ${described}; ${Math.round(median(rates))} tokens a second`,
    })
  }
  return rows
}
