import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { writeCorpus, writeParagraph } from './corpus.ts'
import { watchMemory } from './process-memory.ts'
import { startServed } from './served-carrel.ts'
import { createRandom } from './statistics.ts'
import { writePages } from './written-documents.ts'

const filesPerFolder = 500

/** What each process holds at most while many small files and one long PDF are imported. Linux only. */
export async function measureMemory({ isQuick, scratchFolder, say }: BenchContext): Promise<readonly BenchRow[]> {
  const files = isQuick ? 40 : 10_000
  const pages = isQuick ? 30 : 3_000
  const row = (what: string, value: number | null, most: number, note: string): BenchRow => ({
    group: 'memory',
    what,
    value,
    unit: 'MiB',
    reach: { bound: 'at most', value: most },
    note,
  })
  if (process.platform !== 'linux') return [row('of each process', null, 0, 'not run: needs /proc')]
  const corpus = join(scratchFolder, 'memory-corpus')
  await writeSmallFiles(join(corpus, 'notes'), files)
  await writeFile(join(corpus, 'long.pdf'), writePages(pages, 51))
  const first = join(scratchFolder, 'memory-first')
  await writeCorpus(first, { paragraphs: 200, seed: 52 })

  await using carrel = await startServed(join(scratchFolder, 'memory'))
  // Everything is loaded, and has been used.
  await carrel.add([first])
  for (const query of ['notice period', '通知期限']) await carrel.search(query)
  const watch = watchMemory(carrel.pid)
  await carrel.add([corpus])
  const { main, workers } = await watch.stop()
  const { chunks, embeddedChunks } = await carrel.totals()
  if (chunks !== embeddedChunks) throw new Error(`${embeddedChunks} of ${chunks} chunks were embedded.`)
  await carrel.verify()
  const note = `${files} files and a PDF of ${pages} pages, ${chunks} chunks; resident memory, mapped files included`
  say(`  main ${Math.round(main.firstMiB)} to ${Math.round(main.mostMiB)} MiB; ${note}`)
  const ofWorker = (entry: string, most: number): BenchRow => {
    const seen = workers.get(entry)
    if (seen === undefined) throw new Error(`No ${entry} was seen.`)
    return row(`${entry}, most`, seen.mostMiB, most, `${seen.processes} processes; ${note}`)
  }
  return [
    ofWorker('parser', 1_024),
    ofWorker('embedder', 450),
    row('main, growth', main.mostMiB - main.firstMiB, 150, `from ${Math.round(main.firstMiB)} MiB; ${note}`),
  ]
}

/** One paragraph each, every third in Chinese. */
async function writeSmallFiles(folder: string, count: number): Promise<void> {
  const random = createRandom(53)
  for (let index = 0; index < count; index += 1) {
    const place = join(folder, `part ${Math.floor(index / filesPerFolder)}`)
    if (index % filesPerFolder === 0) await mkdir(place, { recursive: true })
    const text = writeParagraph(index % 3 === 2 ? 'zh' : 'en', random).slice(0, 300)
    await writeFile(join(place, `note ${index}.txt`), `${index}. ${text}\n`)
  }
}
