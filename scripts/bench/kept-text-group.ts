import { execFile, execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { readDocument } from '../../test/support/documents/read-document.ts'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { shareKept } from './share-kept.ts'
import { median } from './statistics.ts'

const run = promisify(execFile)
const collection = resolve(import.meta.dirname, '..', '..', '..', 'shared', 'eval', 'docs')
const entrySchema = z.object({ file: z.string(), expect: z.string() })
const mostOutputBytes = 256 * 1024 * 1024
const limitMs = 120_000

/** A program that reads a kind of file to plain text. */
interface Rival {
  readonly program: string
  readonly kinds: readonly string[]
  read(path: string, folder: string): Promise<string>
}

const output = async (program: string, words: readonly string[]): Promise<string> =>
  (await run(program, [...words], { maxBuffer: mostOutputBytes, timeout: limitMs })).stdout

const rivals: readonly Rival[] = [
  { program: 'pdftotext', kinds: ['pdf'], read: (path) => output('pdftotext', ['-enc', 'UTF-8', path, '-']) },
  {
    program: 'pandoc',
    kinds: ['docx', 'odt', 'epub', 'rtf', 'html', 'ipynb'],
    read: (path) => output('pandoc', ['--to=plain', '--wrap=none', path]),
  },
  {
    program: 'soffice',
    kinds: ['pptx', 'odp', 'xlsx', 'xls', 'ods'],
    async read(path, folder) {
      const isSheet = ['.xlsx', '.xls', '.ods'].includes(extname(path))
      // -1: every sheet, each into a file of its own.
      const target = isSheet ? 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1' : 'pdf'
      const out = join(folder, 'soffice')
      await mkdir(out, { recursive: true })
      const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`
      const said = await output('soffice', [profile, '--headless', '--convert-to', target, '--outdir', out, path])
      const written = [...said.matchAll(/-> (.+?\.(?:csv|pdf))(?: using|$)/gm)].flatMap(([, place]) => place ?? [])
      if (written.length === 0) throw new Error(`soffice wrote nothing of ${basename(path)}: ${said}`)
      const texts = written.map((place) =>
        isSheet ? readFile(place, 'utf8') : output('pdftotext', ['-enc', 'UTF-8', place, '-']),
      )
      return (await Promise.all(texts)).join('\n')
    },
  },
]

/** How much of the text that another program reads from real files Carrel has too, by kind. What Carrel has beyond is not counted. */
export async function measureKeptText({ isQuick, scratchFolder, say }: BenchContext): Promise<readonly BenchRow[]> {
  if (!existsSync(join(collection, 'files.tar.zst')))
    return [toRow('share of text kept', null, 'not run: ../shared/eval/docs is absent')]
  const folder = join(scratchFolder, 'kept')
  await mkdir(folder, { recursive: true })
  execFileSync('tar', ['--zstd', '-xf', join(collection, 'files.tar.zst'), '-C', folder])
  const files = (await readFile(join(collection, 'manifest.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => entrySchema.parse(JSON.parse(line)))
    .filter(({ expect }) => expect === 'text')
    .map(({ file }) => file)
  const rows: BenchRow[] = []
  for (const { program, kinds, read } of rivals) {
    const isThere = await isInstalled(program)
    for (const kind of kinds) {
      const ofKind = files.filter((file) => extname(file) === `.${kind}`).slice(0, isQuick ? 1 : undefined)
      if (ofKind.length === 0) continue
      if (!isThere) {
        rows.push(toRow(`${kind}: share of text kept`, null, `not run: ${program} is not installed`))
        continue
      }
      const shares: { readonly file: string; readonly share: number }[] = []
      let unread = 0
      for (const file of ofKind) {
        const path = join(folder, file)
        const reference = await read(path, folder).catch((error: unknown) => {
          say(`  ${program} cannot read ${file}: ${String(error).slice(0, 200)}`)
          unread += 1
          return ''
        })
        const share = shareKept(reference, (await readDocument(file, new Uint8Array(await readFile(path)))).text)
        if (share !== null) shares.push({ file, share })
      }
      if (shares.length === 0) continue
      const [worst] = shares.toSorted((one, other) => one.share - other.share)
      const note = `${shares.length} files, median; lowest ${((worst?.share ?? 0) * 100).toFixed(1)} % (${basename(worst?.file ?? '')})${unread === 0 ? '' : `; ${unread} more that ${program} cannot read`}`
      say(`  ${kind} against ${program}: ${note}`)
      rows.push(toRow(`${kind}: text of ${program} that is kept`, median(shares.map(({ share }) => share)) * 100, note))
    }
  }
  return rows
}

async function isInstalled(program: string): Promise<boolean> {
  try {
    await run(program, [program === 'pdftotext' ? '-v' : '--version'], { timeout: limitMs })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}

function toRow(what: string, value: number | null, note: string): BenchRow {
  return { group: 'kept-text', what, value, unit: '%', reach: null, note }
}
