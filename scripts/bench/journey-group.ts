import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { writeParagraph } from './corpus.ts'
import { watchMemory } from './process-memory.ts'
import { type ServedCarrel, type ServedTotals, startServed } from './served-carrel.ts'
import { createRandom, median, quantile } from './statistics.ts'
import { writeFolderOfKind } from './written-documents.ts'

const realDocuments = resolve(import.meta.dirname, '..', '..', '..', 'shared', 'eval', 'docs', 'files.tar.zst')
const askEveryMs = 10_000
/** Ready is extrapolated when it is not there by then. */
const longestMs = 25 * 60_000
const bytesPerMiB = 1024 * 1024

/** One folder as people have them, dropped at once: when can it be asked about, when is it ready, what does that take; a question every ten seconds meanwhile. */
export async function measureJourney({ isQuick, scratchFolder, say }: BenchContext): Promise<readonly BenchRow[]> {
  const files = isQuick ? 24 : 5_000
  const corpus = join(scratchFolder, 'journey-corpus')
  await writeFolderOfKind(corpus, {
    kinds: ['text', 'pdf', 'text-zh', 'docx', 'html', 'xlsx'],
    files,
    paragraphs: 4,
    seed: 71,
  })
  const hasReal = existsSync(realDocuments) && !isQuick
  if (hasReal) {
    await mkdir(join(corpus, 'real'))
    execFileSync('tar', ['--zstd', '-xf', realDocuments, '-C', join(corpus, 'real')])
  }
  const dataFolder = join(scratchFolder, 'journey')
  await using carrel = await startServed(dataFolder)
  const watch = process.platform === 'linux' ? watchMemory(carrel.pid) : null
  const startedMs = performance.now()
  const elapsedMs = (): number => performance.now() - startedMs
  const added = carrel.add([corpus]).then(() => true)
  added.catch(() => undefined)
  const { searchableMs, readyMs, totals, searches } = await followImport(carrel, {
    added,
    elapsedMs,
    askEveryMs: isQuick ? 1_000 : askEveryMs,
  })
  const seen = await watch?.stop()
  const bytes = await folderBytes(dataFolder)
  const { documents, chunks, embeddedChunks, byState } = totals
  const isWhole = readyMs !== null
  const note = `${documents} documents (${hasReal ? 'generated, and real ones' : 'generated alone'}), ${chunks} chunks, ${byState['needs-attention'] ?? 0} need attention`
  say(
    `  ${note}; searchable ${Math.round(searchableMs / 1_000)} s, ${isWhole ? `ready ${Math.round(readyMs / 1_000)} s` : 'not ready yet'}`,
  )
  const row = (what: string, value: number | null, unit: string, more = ''): BenchRow => ({
    group: 'journey',
    what,
    value,
    unit,
    reach: null,
    note: more === '' ? note : more,
  })
  const memory = [...(seen?.workers ?? [])].map(([entry, { mostMiB, processes }]) =>
    row(`${entry}, most memory of one process`, mostMiB, 'MiB', `${processes} processes`),
  )
  return [
    row('all are searchable after', searchableMs / 1_000, 's'),
    isWhole
      ? row('all are ready after', readyMs / 1_000, 's')
      : row(
          'all are ready after (extrapolated)',
          (elapsedMs() / 1_000) * (chunks / embeddedChunks),
          's',
          `${embeddedChunks} of ${chunks} chunks after ${Math.round(elapsedMs() / 1_000)} s`,
        ),
    row(
      'a question meanwhile, median',
      median(searches),
      'ms',
      `${searches.length} searches over HTTP, one every ${askEveryMs / 1_000} s`,
    ),
    row(
      'a question meanwhile, 95th percentile',
      quantile(searches, 0.95),
      'ms',
      `largest ${Math.max(...searches).toFixed(0)} ms`,
    ),
    row('main, most memory', seen?.main.mostMiB ?? null, 'MiB', seen === undefined ? 'not run: needs /proc' : note),
    ...memory,
    row('data folder', bytes / bytesPerMiB, 'MiB'),
  ]
}

interface Journey {
  readonly searchableMs: number
  /** null: not within the time. */
  readonly readyMs: number | null
  readonly totals: ServedTotals
  readonly searches: readonly number[]
}

/** Looks twice a second, asks now and then, until all is ready or the time is over. */
async function followImport(
  carrel: ServedCarrel,
  options: { readonly added: Promise<boolean>; readonly elapsedMs: () => number; readonly askEveryMs: number },
): Promise<Journey> {
  const { added, elapsedMs } = options
  const random = createRandom(72)
  const searches: number[] = []
  let searchableMs: number | null = null
  let askedMs = 0
  for (;;) {
    const isOver = await Promise.race([added, new Promise<false>((resolve) => setTimeout(() => resolve(false), 500))])
    const totals = await carrel.totals()
    const unread = (totals.byState['queued'] ?? 0) + (totals.byState['reading'] ?? 0)
    if (unread === 0 && totals.chunks > 0) searchableMs ??= elapsedMs()
    else if (!isOver) searchableMs = null
    if (elapsedMs() - askedMs >= options.askEveryMs || searches.length === 0) {
      askedMs = elapsedMs()
      searches.push((await carrel.search(writeParagraph('en', random).slice(0, 80))).elapsedMs)
    }
    if (isOver) return { searchableMs: searchableMs ?? elapsedMs(), readyMs: elapsedMs(), totals, searches }
    if (elapsedMs() > longestMs && searchableMs !== null) return { searchableMs, readyMs: null, totals, searches }
  }
}

async function folderBytes(folder: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => null))?.size ?? 0
  return bytes
}
