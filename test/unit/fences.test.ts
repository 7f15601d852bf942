import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/**
 * The fences of ARCHITECTURE.md are rules of the linter. A rule that never fires proves nothing: one violation a row is
 * planted in a copy of the tree's shape, and the same file without it must pass.
 */
const project = resolve(import.meta.dirname, '..', '..')

interface Row {
  readonly file: string
  readonly allowed: readonly string[]
  readonly forbidden: readonly string[]
}

const rows: readonly Row[] = [
  {
    file: 'src/shared/planted.ts',
    allowed: ["import 'zod'", "import './ids.ts'"],
    forbidden: ["import 'node:path'", "import 'electron'", "import '../main/ports/clock.ts'", "import 'react'"],
  },
  {
    file: 'src/preload/planted.ts',
    allowed: ["import 'electron'", "import '../shared/channels.ts'", "import type { A } from '../shared/ipc.ts'"],
    forbidden: ["import 'zod'", "import 'node:fs'", "import '../shared/ipc.ts'", "import '../main/compose.ts'"],
  },
  {
    file: 'src/renderer/features/library/planted.tsx',
    allowed: ["import 'react'", "import '../../../shared/ids.ts'", "import '../../components/button.tsx'"],
    forbidden: [
      "import 'electron'",
      "import 'node:fs'",
      "import '../../../main/ports/clock.ts'",
      "import '../../../preload/index.ts'",
    ],
  },
  {
    file: 'src/renderer/planted.tsx',
    allowed: ["import './app.tsx'"],
    forbidden: [
      "import '../main/ports/clock.ts'",
      "import 'better-sqlite3'",
      "import type { A } from '../main/ports/clock.ts'",
    ],
  },
  {
    file: 'src/main/ports/planted.ts',
    allowed: ["import '../../shared/ids.ts'"],
    forbidden: [
      "import 'zod'",
      "import '../compose.ts'",
      "import type { A } from '../storage/database.ts'",
      "import 'node:path'",
    ],
  },
  {
    file: 'src/main/index.ts',
    allowed: [
      "import 'electron'",
      "import './compose.ts'",
      "import './electron/shell.ts'",
      "import '../cli/run-for-terminal.ts'",
    ],
    forbidden: [
      "import './storage/database.ts'",
      "import './handlers.ts'",
      "import './answer/answers.ts'",
      "import('./storage/database.ts')",
    ],
  },
  {
    file: 'src/main/ingest/watch/planted.ts',
    allowed: ["import '../../ports/clock.ts'", "import '../hash-file.ts'", "import 'node:fs'"],
    forbidden: [
      "import '@parcel/watcher'",
      "import 'electron'",
      "import '../parse/pdf.ts'",
      "import '../../storage/database.ts'",
    ],
  },
  {
    file: 'src/main/ingest/watch/system-folder-events.ts',
    allowed: ["import '@parcel/watcher'", "import './folder-events.ts'"],
    forbidden: ["import './watched-folders.ts'", "import '../importer.ts'", "import 'chokidar'"],
  },
  {
    file: 'src/main/ingest/planted.ts',
    allowed: [
      "import '../../shared/ids.ts'",
      "import '../ports/clock.ts'",
      "import './chunk/planted.ts'",
      "import 'node:fs'",
    ],
    forbidden: [
      "import 'electron'",
      "import '../storage/database.ts'",
      "import '../generators/ollama.ts'",
      "import '../worker/client.ts'",
      "import '../answer/answers.ts'",
      "import './../storage/database.ts'",
    ],
  },
  {
    file: 'src/main/ingest/parse/planted.ts',
    allowed: [
      "import '../../ports/clock.ts'",
      "import '../../../shared/ids.ts'",
      "import 'mammoth'",
      "import 'pdfjs-dist/legacy/build/pdf.mjs'",
    ],
    forbidden: [
      "import 'electron'",
      "import '../../storage/database.ts'",
      "import '../../worker/client.ts'",
      "import '@huggingface/transformers'",
    ],
  },
  {
    file: 'src/main/export/planted.ts',
    allowed: ["import 'marked'", "import 'yazl'", "import '../../shared/ids.ts'", "import '../ports/clock.ts'"],
    forbidden: [
      "import 'electron'",
      "import 'yauzl'",
      "import '../storage/database.ts'",
      "import '../answer/prompt.ts'",
    ],
  },
  {
    file: 'src/main/answer/planted.ts',
    allowed: ["import '../../shared/ids.ts'", "import '../ports/clock.ts'", "import '../evidence/numbers.ts'"],
    forbidden: [
      "import 'electron'",
      "import '../storage/database.ts'",
      "import '../generators/ollama.ts'",
      "import '../worker/client.ts'",
      "import '../ingest/importer.ts'",
    ],
  },
  {
    file: 'src/main/findings/planted.ts',
    allowed: ["import '../../shared/ids.ts'", "import '../ports/clock.ts'", "import '../evidence/dates.ts'"],
    forbidden: [
      "import 'electron'",
      "import '../answer/answers.ts'",
      "import '../storage/database.ts'",
      "import '../generators/ollama.ts'",
    ],
  },
  {
    file: 'src/main/evidence/planted.ts',
    allowed: [
      "import '../../shared/ids.ts'",
      "import './planted-two.ts'",
      "import type { A } from '../ports/clock.ts'",
    ],
    forbidden: [
      "import '../answer/answers.ts'",
      "import '../storage/database.ts'",
      "import '../ports/clock.ts'",
      "import 'node:fs'",
      "import 'zod'",
    ],
  },
  {
    file: 'src/main/worker/planted-entry.ts',
    allowed: [
      "import '../ingest/parse/planted.ts'",
      "import '../ingest/chunk/planted.ts'",
      "import './models.ts'",
      "import './protocol.ts'",
    ],
    forbidden: [
      "import 'electron'",
      "import '../storage/database.ts'",
      "import '../generators/ollama.ts'",
      "import '../compose.ts'",
      "import '../ingest/importer.ts'",
      "import '@huggingface/transformers'",
    ],
  },
  {
    file: 'src/main/worker/tesseract.ts',
    forbidden: ["import '@napi-rs/canvas'", "import 'electron'", "import '../storage/database.ts'"],
    allowed: ["import 'tesseract.js-core/tesseract-core-simd-lstm.js'", "import '../ingest/parse/gray-picture.ts'"],
  },
  {
    file: 'src/main/worker/page-picture.ts',
    forbidden: ["import 'tesseract.js-core'", "import '../ports/clock.ts'", "import './client.ts'"],
    allowed: ["import '@napi-rs/canvas'", "import '../ingest/parse/tiff.ts'"],
  },
  {
    file: 'src/main/worker/models.ts',
    allowed: ["import '@huggingface/transformers'"],
    forbidden: ["import 'electron'", "import '../storage/database.ts'", "import '../compose.ts'"],
  },
  {
    file: 'src/main/worker/client.ts',
    allowed: ["import '../ports/clock.ts'", "import '../../shared/ids.ts'", "import './protocol.ts'"],
    forbidden: [
      "import 'electron'",
      "import '@huggingface/transformers'",
      "import './models.ts'",
      "import './parser-entry.ts'",
      "import '../ingest/parse/planted.ts'",
      "import '../storage/database.ts'",
      "import '../answer/answers.ts'",
    ],
  },
  {
    file: 'src/main/generators/planted.ts',
    allowed: ["import '../ports/clock.ts'", "import '../../shared/ids.ts'"],
    forbidden: [
      "import 'electron'",
      "import 'ollama/browser'",
      "import 'undici'",
      "import '../answer/answers.ts'",
      "import '../storage/database.ts'",
    ],
  },
  {
    file: 'src/main/storage/planted.ts',
    allowed: ["import '../ports/clock.ts'", "import './database.ts'", "import type { A } from '@lancedb/lancedb'"],
    forbidden: [
      "import 'electron'",
      "import 'better-sqlite3'",
      "import '@lancedb/lancedb'",
      "import '../ingest/importer.ts'",
      "import '../generators/ollama.ts'",
    ],
  },
  {
    file: 'src/main/storage/database.ts',
    allowed: ["import 'better-sqlite3'"],
    forbidden: ["import '@lancedb/lancedb'"],
  },
  {
    file: 'src/main/storage/chunk-index.ts',
    allowed: ["import '@lancedb/lancedb'"],
    forbidden: ["import 'better-sqlite3'"],
  },
  {
    file: 'src/main/generators/ollama-client.ts',
    allowed: ["import 'ollama/browser'"],
    forbidden: ["import 'undici'"],
  },
  { file: 'src/main/generators/local-fetch.ts', allowed: ["import 'undici'"], forbidden: ["import 'ollama/browser'"] },
  {
    file: 'src/main/handlers.ts',
    allowed: ["import '../shared/ids.ts'", "import './ports/clock.ts'", "import type { A } from './answer/answers.ts'"],
    forbidden: [
      "import 'electron'",
      "import 'better-sqlite3'",
      "import './storage/database.ts'",
      "import './compose.ts'",
    ],
  },
  {
    file: 'src/main/answer-session.ts',
    allowed: ["import '../shared/ids.ts'", "import './ports/clock.ts'"],
    forbidden: ["import 'electron'", "import './electron/sender.ts'", "import './generators/ollama.ts'"],
  },
  {
    file: 'src/main/local-api/planted.ts',
    allowed: [
      "import '../../shared/ids.ts'",
      "import '../ports/clock.ts'",
      "import type { A } from '../compose.ts'",
      "import type { A } from '../answer/stream-answer.ts'",
      "import 'hono'",
    ],
    forbidden: [
      "import 'electron'",
      "import 'better-sqlite3'",
      "import '../storage/database.ts'",
      "import '../answer/stream-answer.ts'",
      "import '../ingest/importer.ts'",
    ],
  },
  {
    file: 'src/main/local-api/mcp/planted.ts',
    allowed: ["import '../local-service.ts'", "import '@modelcontextprotocol/server'", "import '../../ports/clock.ts'"],
    forbidden: [
      "import 'electron'",
      "import 'hono'",
      "import '../../compose.ts'",
      "import '../../storage/database.ts'",
    ],
  },
  {
    file: 'src/main/local-socket/planted.ts',
    allowed: ["import '../ports/clock.ts'", "import '../../shared/errors.ts'", "import 'node:net'"],
    forbidden: ["import 'electron'", "import 'hono'", "import '../local-api/route.ts'", "import '../compose.ts'"],
  },
  {
    file: 'src/cli/planted.ts',
    allowed: [
      "import '../main/compose.ts'",
      "import '../shared/ids.ts'",
      "import 'node:os'",
      "import '../main/local-socket/socket-place.ts'",
    ],
    forbidden: [
      "import 'electron'",
      "import '@lancedb/lancedb'",
      "import '../main/storage/database.ts'",
      "import '../main/electron/shell.ts'",
      "import '../main/local-socket/serve-command.ts'",
    ],
  },
  {
    file: 'src/main/electron/planted.ts',
    allowed: ["import 'electron'", "import '../../shared/ids.ts'", "import type { A } from '../compose.ts'"],
    forbidden: [
      "import '../compose.ts'",
      "import '../answer/answers.ts'",
      "import '../storage/database.ts'",
      "import 'better-sqlite3'",
    ],
  },
  {
    file: 'src/main/compose.ts',
    allowed: [
      "import './storage/database.ts'",
      "import './answer/answers.ts'",
      "import './handlers.ts'",
      "import './worker/client.ts'",
    ],
    forbidden: ["import 'electron'", "import './electron/shell.ts'", "import 'better-sqlite3'"],
  },
  {
    file: 'src/main/composing/planted.ts',
    allowed: ["import '../storage/open-storage.ts'", "import '../answer/answers.ts'", "import '../../shared/ids.ts'"],
    forbidden: [
      "import 'electron'",
      "import 'better-sqlite3'",
      "import '../electron/shell.ts'",
      "import '../compose.ts'",
      "import '../../cli/arguments.ts'",
    ],
  },
  // A folder that no row names yet still may not hold a driver.
  {
    file: 'src/main/later/planted.ts',
    allowed: ["import '../ports/clock.ts'"],
    forbidden: ["import 'electron'", "import '@lancedb/lancedb'"],
  },
]

interface Convention {
  readonly rule: string
  readonly bad: string
  readonly good: string
}

const conventions: readonly Convention[] = [
  { rule: 'typescript(no-explicit-any)', bad: 'export const x: any = 1', good: 'export const x: unknown = 1' },
  {
    rule: 'typescript(no-non-null-assertion)',
    bad: 'export const f = (x: string | null) => x!.length',
    good: 'export const f = (x: string | null) => x?.length',
  },
  { rule: 'import(no-default-export)', bad: 'export default 1', good: 'export const x = 1' },
  {
    rule: 'eslint(no-empty)',
    bad: 'export const x = 1\ntry { console.log(1) } catch {}',
    good: 'export const x = 1\ntry { console.log(1) } catch (cause) { console.log(cause) }',
  },
  {
    rule: 'typescript(no-floating-promises)',
    bad: 'export const p = async () => 1\np()',
    good: 'export const p = async () => 1\nawait p()',
  },
  {
    rule: 'typescript(switch-exhaustiveness-check)',
    bad: "export function f(x: 'a' | 'b') { switch (x) { case 'a': return 1 } return 2 }",
    good: "export function f(x: 'a' | 'b') { switch (x) { case 'a': return 1; case 'b': return 3 } }",
  },
  {
    rule: 'typescript(consistent-type-imports)',
    bad: "import { Stats } from 'node:fs'\nexport type A = Stats",
    good: "import type { Stats } from 'node:fs'\nexport type A = Stats",
  },
  { rule: 'oxc(no-barrel-file)', bad: "export * from 'node:fs'", good: 'export const x = 1' },
]

interface Diagnostic {
  readonly code: string
  readonly filename: string
  readonly labels: readonly { readonly span: { readonly line: number } }[]
}

let planted = ''
let clean = ''
let plantedDiagnostics: readonly Diagnostic[] = []
let cleanDiagnostics: readonly Diagnostic[] = []

beforeAll(async () => {
  planted = await makeTree(
    (row) => [...row.allowed, ...row.forbidden],
    (convention) => convention.bad,
  )
  clean = await makeTree(
    (row) => row.allowed,
    (convention) => convention.good,
  )
  await writeTree(planted, {
    'src/cli/one.ts': "import { b } from './two.ts'\nexport const a = b",
    'src/cli/two.ts': "import { a } from './one.ts'\nexport const b = a",
  })
  await writeTree(clean, {
    'src/cli/one.ts': "import { b } from './two.ts'\nexport const a = b",
    'src/cli/two.ts': 'export const b = 1',
  })
  ;[plantedDiagnostics, cleanDiagnostics] = await Promise.all([lint(planted), lint(clean)])
})

afterAll(async () => {
  for (const folder of [planted, clean]) if (folder !== '') await rm(folder, { recursive: true, force: true })
})

describe('layer fences', () => {
  it.each(rows)('$file may not import what lies beyond its fence', ({ file, allowed, forbidden }) => {
    const found = plantedDiagnostics.filter(
      (diagnostic) => diagnostic.filename === file && diagnostic.code === 'eslint(no-restricted-imports)',
    )
    const lines = found.map((diagnostic) => diagnostic.labels[0]?.span.line ?? 0).toSorted((a, b) => a - b)
    expect(lines).toEqual(forbidden.map((_import, index) => allowed.length + index + 1))
  })

  it('lets the same files pass without the violations', () => {
    expect(cleanDiagnostics).toEqual([])
  })

  it('finds a cycle', () => {
    expect(plantedDiagnostics.filter(({ code }) => code === 'import(no-cycle)').length).toBeGreaterThan(0)
  })
})

describe('conventions', () => {
  it.each(conventions)('$rule', ({ rule }) => {
    const file = conventionFile(rule)
    expect(plantedDiagnostics.filter((diagnostic) => diagnostic.filename === file).map(({ code }) => code)).toContain(
      rule,
    )
  })

  it('has no file or folder that is named after nothing in particular', async () => {
    const names = await readdir(join(project, 'src'), { recursive: true })
    const vague = names.filter((name) => /(^|[/\\])(utils?|helpers?|common|managers?|misc)(\.|$|[/\\])/.test(name))
    expect(names.length).toBeGreaterThan(50)
    expect(vague).toEqual([])
  })

  it('keeps the entry of the app within 80 lines', async () => {
    const entry = await readFile(join(project, 'src', 'main', 'index.ts'), 'utf8')
    expect(entry.split('\n').length).toBeLessThanOrEqual(80)
  })
})

function conventionFile(rule: string): string {
  return `src/main/planted-${rule.replace(/^.*\(|\)$/g, '')}.ts`
}

async function makeTree(
  linesOf: (row: Row) => readonly string[],
  textOf: (convention: Convention) => string,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'carrel-fences-'))
  await cp(join(project, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
  await cp(join(project, 'tsconfig.json'), join(folder, 'tsconfig.json'))
  await symlink(join(project, 'node_modules'), join(folder, 'node_modules'), 'junction')
  const files: Record<string, string> = {}
  for (const row of rows) {
    const lines = linesOf(row)
    const usesType = lines.some((line) => line.startsWith('import type'))
    files[row.file] = [
      ...lines.map(withOwnName),
      ...(usesType ? lines.flatMap(useOfType) : []),
      'export const planted = 1',
      '',
    ].join('\n')
  }
  for (const convention of conventions) files[conventionFile(convention.rule)] = `${textOf(convention)}\n`
  await writeTree(folder, files)
  return folder
}

/** Each line of types imports a name of its own, used below, so that no other rule has anything to say. */
function withOwnName(line: string, index: number): string {
  return line.replace('{ A }', `{ A${index} }`).replace(/^import\(/, 'await import(')
}

function useOfType(line: string, index: number): readonly string[] {
  return line.startsWith('import type') ? [`export type Planted${index} = A${index}`] : []
}

async function writeTree(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
}

/** The linter's exit code says only that something was found; its JSON says what. */
async function lint(folder: string): Promise<readonly Diagnostic[]> {
  const program = join(project, 'node_modules', 'oxlint', 'bin', 'oxlint')
  const output = await new Promise<string>((resolveOutput, reject) => {
    execFile(
      process.execPath,
      [program, '--format=json'],
      { cwd: folder, maxBuffer: 32 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (stdout.trimStart().startsWith('{')) resolveOutput(stdout)
        else reject(new Error(`oxlint said nothing that can be read: ${stdout}${stderr}`, { cause: error }))
      },
    )
  })
  const parsed: { readonly diagnostics: readonly Diagnostic[] } = JSON.parse(output)
  return parsed.diagnostics
}
