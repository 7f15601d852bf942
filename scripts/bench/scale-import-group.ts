import type { BenchContext, BenchRow } from './bench-row.ts'
import { findEvaluationSet, writeJudgedLibrary } from './judged-library.ts'
import { readCorpus, readQuestions } from './judged-set.ts'
import { openCarrel } from './open-carrel.ts'
import { hundredReach, measureLibrary, stated } from './scale-library.ts'

/** The passages as files, each a document, imported by the product; measured when an earlier run has not done it. */
export async function measureScaleImport(context: BenchContext): Promise<readonly BenchRow[]> {
  const { isQuick, scratchFolder, cacheFolder, say } = context
  const source = await findEvaluationSet('scale')
  if (source === null) return [stated('everything', null, '', 'skipped: the evaluation data is absent')]
  const questions = (await readQuestions(source)).map(({ text }) => text)
  const all = await readCorpus(source)
  const corpus = isQuick ? all.slice(0, 60) : all
  const library = await writeJudgedLibrary('scale', corpus, isQuick ? scratchFolder : cacheFolder)
  const title = `${corpus.length.toLocaleString('en')} imported documents`
  const rows: BenchRow[] = []
  {
    await using carrel = await openCarrel(library.dataFolder)
    const { signal } = new AbortController()
    const before = carrel.documents.totals().byState.ready
    const startedMs = performance.now()
    say(`  ${title}: importing (nothing to do when an earlier run did it) ...`)
    await carrel.importer.add([library.documentsFolder], { signal })
    await carrel.importer.idle({ signal })
    const { byState } = carrel.documents.totals()
    const seconds = (performance.now() - startedMs) / 1_000
    rows.push(stated(`import, ${title}`, seconds, 's', `${before} were there before, ${byState.ready} are ready now`))
  }
  rows.push(
    ...(await measureLibrary({ title, dataFolder: library.dataFolder, reach: hundredReach }, questions, context)),
  )
  return rows
}
