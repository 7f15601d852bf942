import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { resolveParserResources } from '../../src/main/ingest/parse/parser-resources.ts'
import { createScans } from '../../src/main/worker/open-scan.ts'
import { openTesseract } from '../../src/main/worker/tesseract.ts'
import { characterErrors, scanPdf } from '../../test/support/scans/draw-scan.ts'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { modelsFolder, openCarrel } from './open-carrel.ts'

const english =
  'Either party may end this lease by giving three months notice in writing to the other party. The deposit is returned within fourteen days of the handover, less any amount needed for repairs that go beyond ordinary wear. '
const chinese =
  '任何一方均可提前三个月以书面形式通知对方解除本合同。押金应在交接后十四日内退还，扣除超出正常损耗的维修费用。承租人不得擅自转租或改变房屋结构。'
const linesAPage = 38

interface Language {
  readonly name: string
  readonly text: string
  readonly lineUnits: number
}

const languages: readonly Language[] = [
  { name: 'English', text: english, lineUnits: 62 },
  { name: 'Chinese', text: chinese, lineUnits: 36 },
]

/** Scanned pages through the whole product, from the drop to *ready*, against drawing and recognising the same pages with nothing around it. */
export async function measureOcr({ isQuick, scratchFolder, say }: BenchContext): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = []
  for (const language of languages) {
    const pages = Array.from({ length: isQuick ? 1 : 12 }, (_, index) => ({ lines: pageLines(language, index) }))
    const path = join(scratchFolder, `scan-${language.name}.pdf`)
    await writeFile(path, scanPdf(pages))
    const own = await readByCarrel(join(scratchFolder, `ocr-${language.name}`), path)
    const bareMs = await readBare(path, own.documentId, pages.length)
    const perMinute = (elapsedMs: number): number => (pages.length / elapsedMs) * 60_000
    const errors = characterErrors(own.text, pages.flatMap(({ lines }) => lines).join(''))
    say(`  ${language.name}: ${pages.length} pages in ${Math.round(own.elapsedMs)} ms, bare ${Math.round(bareMs)} ms`)
    const note = `${pages.length} pages of A4, ${linesAPage} lines each, drawn at 200 dots an inch`
    const row = (what: string, value: number, unit: string): BenchRow => ({
      group: 'ocr',
      what: `${language.name}: ${what}`,
      value,
      unit,
      reach: null,
      note,
    })
    rows.push(
      row('pages a minute, from the drop to ready', perMinute(own.elapsedMs), 'pages/min'),
      row('against recognition alone', bareMs / own.elapsedMs, 'times'),
      row('characters read wrongly', errors * 100, '%'),
    )
  }
  return rows
}

/** Every page begins elsewhere in the text. */
function pageLines({ text, lineUnits }: Language, page: number): readonly string[] {
  const whole = text.repeat(Math.ceil(((linesAPage + page) * lineUnits) / text.length) + 1)
  return Array.from({ length: linesAPage }, (_, line) => {
    const from = page * 17 + line * lineUnits
    return whole.slice(from, from + lineUnits).trim()
  })
}

async function readByCarrel(
  dataFolder: string,
  path: string,
): Promise<{ readonly elapsedMs: number; readonly text: string; readonly documentId: string }> {
  await using carrel = await openCarrel(dataFolder)
  const { signal } = new AbortController()
  for (const query of ['warm', '预热']) await carrel.search(query, { limit: 1, signal })
  const startedAt = performance.now()
  await carrel.importer.add([path], { signal })
  await carrel.importer.idle({ signal })
  const elapsedMs = performance.now() - startedAt
  const [document] = carrel.documents.list({ offset: 0, limit: 1, filter: '' }).documents
  if (document?.state !== 'ready') throw new Error(`The scan did not become ready: ${document?.state ?? 'not there'}.`)
  const { slices } = carrel.documents.readSlices(document.id, { start: 0, end: 10_000_000, neighbours: 0 })
  return { elapsedMs, text: slices.map(({ text }) => text).join(''), documentId: document.id }
}

async function readBare(path: string, documentId: string, pageCount: number): Promise<number> {
  const { signal } = new AbortController()
  const startedAt = performance.now()
  const tesseract = await openTesseract(modelsFolder)
  const scans = createScans(resolveParserResources())
  for (let page = 1; page <= pageCount; page += 1) {
    const { picture } = await scans.page({ path, documentId, passwords: [] }, page, { signal })
    tesseract.read(picture, 'eng+chi_sim')
  }
  return performance.now() - startedAt
}
