import { join } from 'node:path'
import type { Carrel } from '../../src/main/compose.ts'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { writeCorpus, writeParagraph } from './corpus.ts'
import { openCarrel } from './open-carrel.ts'
import { createRandom, median, quantile } from './statistics.ts'
import { writeFolderOfKind } from './written-documents.ts'

/** Between two questions: a person does not ask faster. */
const pauseMs = 150

/**
 * Searches while a folder of mixed documents is read and embedded, against the same questions at the same pace at rest, both before and
 * after: the import makes the library four times as large, and a larger one takes longer to search.
 */
export async function measureBusySearch({ isQuick, scratchFolder, say }: BenchContext): Promise<readonly BenchRow[]> {
  const searches = isQuick ? 8 : 200
  const known = join(scratchFolder, 'busy-known')
  await writeCorpus(known, { paragraphs: isQuick ? 150 : 1_500, seed: 41 })
  const more = join(scratchFolder, 'busy-more')
  await writeFolderOfKind(more, {
    kinds: ['text', 'pdf', 'text-zh', 'docx'],
    files: isQuick ? 8 : 120,
    paragraphs: 50,
    seed: 42,
  })
  await using carrel = await openCarrel(join(scratchFolder, 'busy'))
  const { signal } = new AbortController()
  await carrel.importer.add([known], { signal })
  await carrel.importer.idle({ signal })
  await timeSearches(carrel, { searches: 10, seed: 1 })
  const idle = await timeSearches(carrel, { searches, seed: 43 })

  await carrel.importer.add([more], { signal })
  const busy = await timeSearches(carrel, { searches, seed: 43, isOn: () => isImporting(carrel) })
  const wasLong = isImporting(carrel)
  await carrel.importer.idle({ signal })
  const after = await timeSearches(carrel, { searches, seed: 43 })
  if (!isQuick && busy.length < searches / 2)
    throw new Error(`The import was over after ${busy.length} of ${searches} searches.`)
  const at = (times: readonly number[], share: number): string => quantile(times, share).toFixed(1)
  const note = `95th percentile, median: ${at(idle, 0.95)}, ${at(idle, 0.5)} ms of ${idle.length} searches before; ${at(busy, 0.95)}, ${at(busy, 0.5)} ms of ${busy.length} during an import (${wasLong ? 'not over yet' : 'over by then'}; largest ${at(busy, 1)}); ${at(after, 0.95)}, ${at(after, 0.5)} ms after it`
  const restP95 = (quantile(idle, 0.95) + quantile(after, 0.95)) / 2
  say(`  ${note}`)
  return [
    {
      group: 'busy-search',
      what: 'search during import against one at rest (mean of before and after), 95th percentile',
      value: quantile(busy, 0.95) / restP95,
      unit: 'times',
      reach: { bound: 'at most', value: 2 },
      note,
    },
    {
      group: 'busy-search',
      what: 'the same, median',
      value: (median(busy) * 2) / (median(idle) + median(after)),
      unit: 'times',
      reach: null,
      note,
    },
  ]
}

function isImporting(carrel: Carrel): boolean {
  const { filesToRead, passagesToEmbed } = carrel.importer.progress
  return filesToRead > 0 || passagesToEmbed > 0
}

/** Times of each, in ms; ends early when `isOn` is over. */
async function timeSearches(
  carrel: Carrel,
  options: { readonly searches: number; readonly seed: number; readonly isOn?: () => boolean },
): Promise<readonly number[]> {
  const random = createRandom(options.seed)
  const times: number[] = []
  for (let index = 0; index < options.searches && (options.isOn?.() ?? true); index += 1) {
    const paragraph = writeParagraph(index % 3 === 2 ? 'zh' : 'en', random)
    const query = index % 3 === 2 ? paragraph.slice(0, 24) : paragraph.split(' ').slice(0, 12).join(' ')
    const startedMs = performance.now()
    const found = await carrel.search(query, { limit: 20, signal: new AbortController().signal })
    times.push(performance.now() - startedMs)
    if (found.length === 0) throw new Error(`Nothing was found for "${query}".`)
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  return times
}
