import { join } from 'node:path'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { writeCorpus } from './corpus.ts'
import { startProbe, takeGaps } from './main-gaps.ts'
import { startModelServer } from './model-server.ts'
import { askInPage, importByDrop, startApp } from './running-app.ts'
import { summariseStalls } from './stalls.ts'

const idleMs = 3_000
const tokensPerSecond = 300

/** The event loop of the real app's main process, while a folder is imported and one answer after the other streams. */
export async function measureStalls({ isQuick, scratchFolder, say }: BenchContext): Promise<readonly BenchRow[]> {
  const corpus = join(scratchFolder, 'stall-corpus')
  const files = await writeCorpus(corpus, { paragraphs: isQuick ? 200 : 3_000, seed: 4 })
  const first = join(scratchFolder, 'stall-first')
  const firstFiles = await writeCorpus(first, { paragraphs: 50, seed: 5 })
  await using server = await startModelServer()
  await server.setScript({
    firstTokenDelayMs: 50,
    tokensPerSecond,
    tokenCount: tokensPerSecond * 4,
    tellAfterTokens: null,
    relayTo: null,
  })
  await using app = await startApp(join(scratchFolder, 'stall'), server.url)
  // Something to find, and everything is loaded.
  await importByDrop(app.page, first, firstFiles)
  await askInPage(app.page, { question: 'When does the notice period end?', model: null, stopAfter: null })

  await startProbe(app.application)
  await new Promise((resolve) => setTimeout(resolve, idleMs))
  const idleGaps = await takeGaps(app.application)

  let isImporting = true
  const imported = importByDrop(app.page, corpus, files + firstFiles).finally(() => (isImporting = false))
  let answers = 0
  while (isImporting) {
    const { problem } = await askInPage(app.page, {
      question: `What is agreed about rent, question ${answers}?`,
      model: null,
      stopAfter: null,
    })
    if (problem !== null) throw new Error(`An answer failed while files were imported: ${problem}`)
    answers += 1
  }
  await imported
  const { longestMs, lostShare, wallMs } = summariseStalls(await takeGaps(app.application), idleGaps)
  say(`  ${answers} answers during an import of ${files} files, ${(wallMs / 1_000).toFixed(1)} s`)
  const note = `${answers} answers at ${tokensPerSecond} tokens a second while ${files} files were imported, ${Math.round(wallMs / 1_000)} s`
  return [
    {
      group: 'stall',
      what: 'longest stall of main while importing and streaming',
      value: longestMs,
      unit: 'ms',
      reach: { bound: 'at most', value: 50 },
      note,
    },
    {
      group: 'stall',
      what: 'wall time lost to stalls over 20 ms',
      value: lostShare * 100,
      unit: '%',
      reach: { bound: 'at most', value: 1 },
      note,
    },
  ]
}
