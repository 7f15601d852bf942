import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, loadavg, tmpdir, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import type { BenchContext, BenchGroup, BenchRow } from './bench-row.ts'
import { formatTable, keepResults } from './report.ts'

/** `--groups=a,b [--quick]` as scripts/bench.mjs passes them on; runs under Electron as Node. */
const groups: Readonly<Record<string, () => Promise<BenchGroup>>> = {
  import: async () => (await import('./import-group.ts')).measureImport,
  kinds: async () => (await import('./kinds-group.ts')).measureKinds,
  searchable: async () => (await import('./searchable-group.ts')).measureSearchable,
  'busy-search': async () => (await import('./busy-search-group.ts')).measureBusySearch,
  vectors: async () => (await import('./vectors-group.ts')).measureVectors,
  memory: async () => (await import('./memory-group.ts')).measureMemory,
  'kept-text': async () => (await import('./kept-text-group.ts')).measureKeptText,
  journey: async () => (await import('./journey-group.ts')).measureJourney,
  ocr: async () => (await import('./ocr-group.ts')).measureOcr,
  stream: async () => (await import('./stream-group.ts')).measureStream,
  doors: async () => (await import('./doors-group.ts')).measureDoors,
  stop: async () => (await import('./stop-group.ts')).measureStop,
  runner: async () => (await import('./runner-group.ts')).measureRunner,
  stall: async () => (await import('./stall-group.ts')).measureStalls,
  watch: async () => (await import('./watch-group.ts')).measureWatch,
  launch: async () => (await import('./launch-group.ts')).measureLaunch,
  'open-citation': async () => (await import('./open-citation-group.ts')).measureOpenCitation,
  library: async () => (await import('./library-group.ts')).measureLibrary,
  history: async () => (await import('./history-group.ts')).measureHistory,
  retrieval: async () => (await import('./retrieval-group.ts')).measureRetrieval,
  refusal: async () => (await import('./refusal-group.ts')).measureRefusal,
  'follow-ups': async () => (await import('./follow-ups-group.ts')).measureFollowUps,
  answers: async () => (await import('./answers-group.ts')).measureAnswers,
  citations: async () => (await import('./citations-group.ts')).measureCitations,
  injection: async () => (await import('./injection-group.ts')).measureInjection,
  scale: async () => (await import('./scale-group.ts')).measureScale,
  'scale-import': async () => (await import('./scale-import-group.ts')).measureScaleImport,
}

const usualOllama = 'http://127.0.0.1:11434'

async function main(words: readonly string[]): Promise<number> {
  const project = resolve(import.meta.dirname, '..', '..')
  const names =
    words
      .find((word) => word.startsWith('--groups='))
      ?.slice('--groups='.length)
      .split(',') ?? []
  const startedAt = new Date()
  const scratchFolder = await mkdtemp(join(tmpdir(), 'carrel-bench-'))
  const cacheFolder = join(project, 'bench-results', 'libraries')
  await mkdir(cacheFolder, { recursive: true })
  const { CARREL_TEST_OLLAMA: url, CARREL_TEST_OLLAMA_MODEL: model, CARREL_ELECTRON: electron } = process.env
  const { CARREL_BENCH_MODEL: benchModel, OLLAMA_HOST: host } = process.env
  const context: BenchContext = {
    isQuick: words.includes('--quick'),
    scratchFolder,
    cacheFolder,
    electronBinary: electron ?? process.execPath,
    ollama: url && model ? { url, model } : null,
    benchModel: benchModel ? { url: host || usualOllama, model: benchModel } : null,
    say: (text) => console.log(text),
  }
  const machine = {
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    loadBefore: loadavg()[0],
    isQuick: context.isQuick,
  }
  const rows: BenchRow[] = []
  let failures = 0
  try {
    for (const name of names) {
      context.say(`\n== ${name}`)
      try {
        const measure = await groups[name]?.()
        if (measure === undefined) throw new Error(`There is no group ${name}.`)
        const measured = await measure(context)
        rows.push(...measured)
        context.say(formatTable(measured))
      } catch (error) {
        // One group that breaks must not cost the figures of the others.
        failures += 1
        console.error(error)
        const note = `failed: ${error instanceof Error ? error.message : String(error)}`
        rows.push({ group: name, what: 'the whole group', value: null, unit: '', reach: null, note })
      }
    }
    context.say(`\n${formatTable(rows)}`)
    context.say(`\nkept in ${await keepResults(join(project, 'bench-results'), { startedAt, machine, rows })}`)
  } finally {
    await rm(scratchFolder, { recursive: true, force: true, maxRetries: 5 })
  }
  return failures === 0 ? 0 : 1
}

// Carrel's own timers keep no process alive.
const keepAlive = setInterval(() => undefined, 60_000)
try {
  process.exitCode = await main(process.argv.slice(2))
} finally {
  clearInterval(keepAlive)
}
