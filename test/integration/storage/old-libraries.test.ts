import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { chunkerVersion } from '../../../src/main/ingest/chunk/chunk-settings.ts'
import { parserVersion } from '../../../src/main/ingest/parse/parser-version.ts'
import { openDatabase } from '../../../src/main/storage/database.ts'
import { migrations } from '../../../src/main/storage/migrations/index.ts'
import { openStorage } from '../../../src/main/storage/open-storage.ts'
import { readSchemaVersionOfFile } from '../../../src/main/storage/schema-version.ts'
import { systemClock } from '../../../src/main/system-clock.ts'
import { jsonLines, runCarrel, temporaryFolder } from '../../support/run-carrel.ts'
import { collectingLog, keywordThread, never } from './storage-fixture.ts'

/** What `node scripts/library-fixture.mjs` kept of each version of the database: three documents, two conversations. */
const fixtures = join(import.meta.dirname, '..', '..', 'fixtures', 'libraries')
const versions = readdirSync(fixtures).flatMap((name) => {
  const found = /^version-(\d+)\.tar\.gz$/.exec(name)
  return found === null ? [] : [Number(found[1])]
})
/** Versions of main before the first release. */
const oldest = Array.from({ length: 12 }, (_, index) => index + 1)

async function unpack(version: number, dataFolder: string): Promise<void> {
  await mkdir(dataFolder, { recursive: true })
  const archive = join(fixtures, `version-${String(version).padStart(2, '0')}.tar.gz`)
  execFileSync('tar', ['-xzf', archive, '-C', dataFolder])
}

const openReal = (dataFolder: string) =>
  openStorage({ dataFolder, keywordThread, parserVersion, chunkerVersion, clock: systemClock, log: collectingLog() })

/** Path and hash of every file. */
function hashesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => `${path} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`)
    .toSorted()
}

it('every version of the database that main has had is kept', () => {
  expect(versions).toEqual(expect.arrayContaining(oldest))
})

describe.each(versions)('a library of database version %i', { timeout: 120_000 }, (version) => {
  it('is migrated, keeps its documents, vectors and conversations, and is found in', async () => {
    await using folder = await temporaryFolder()
    await unpack(version, folder.path)
    expect(await readSchemaVersionOfFile(join(folder.path, 'carrel.sqlite'))).toBe(version)
    await using storage = await openReal(folder.path)
    const { documents, chunkIndex, keywordIndex, conversations } = storage
    documents.recover()
    // Both stores agree already: nothing is embedded again.
    expect(await storage.reconcile({ signal: never })).toEqual({ madePending: 0, adopted: 0, removed: 0 })
    const listed = documents.list({ offset: 0, limit: 10, filter: '' }).documents
    expect(listed.map(({ name, state, problem }) => [name, state, problem]).toSorted()).toEqual([
      ['Harbour rules.md', 'ready', null],
      ['Tides.pdf', 'ready', null],
      ['租约.txt', 'ready', null],
    ])
    for (const [query, name] of [
      ['yellow buoy keeper', 'Harbour rules.md'],
      ['押金 退还', '租约.txt'],
    ] as const) {
      const [hit] = await keywordIndex.search(query, { limit: 1, signal: never })
      expect(documents.chunksByKey([hit?.chunkKey ?? -1])[0]?.documentName).toBe(name)
    }
    for (const embedder of ['all-MiniLM-L6-v2', 'bge-small-zh-v1.5'] as const) {
      const keys = await chunkIndex.chunkKeys(embedder)
      expect(keys.length).toBeGreaterThan(0)
      const [key = -1] = keys
      const vector = (await chunkIndex.read(embedder, [key])).get(key)
      if (vector === undefined) throw new Error('the vector is gone')
      expect((await chunkIndex.search(embedder, vector, { limit: 1, signal: never }))[0]?.chunkKey).toBe(key)
    }
    expect(conversations.list({ offset: 0, limit: 10 }).total).toBe(2)
    expect((await storage.verify()).problems).toEqual([])
  })
})

describe('an old library in the product', { timeout: 240_000 }, () => {
  it('answers, takes new documents and verifies, from the first version on', async () => {
    await using folder = await temporaryFolder()
    const dataFolder = join(folder.path, 'library')
    await unpack(1, dataFolder)
    const found = await runCarrel(['--json', 'search', 'When does the harbour close its gate?'], { dataFolder })
    expect(found.code, found.stderr).toBe(0)
    expect(jsonLines(found.stdout)[0]).toMatchObject({ path: expect.stringContaining('Harbour rules.md') })
    const added = await runCarrel(['add', join(import.meta.dirname, '../../fixtures/documents/notes.md')], {
      dataFolder,
    })
    expect(added.code, added.stderr).toBe(0)
    const verified = await runCarrel(['verify'], { dataFolder })
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining('clean') })
  })

  it('of a newer Carrel is refused, and not a byte of it is changed', async () => {
    await using folder = await temporaryFolder()
    const dataFolder = join(folder.path, 'library')
    await unpack(oldest.length, dataFolder)
    {
      using database = openDatabase(join(dataFolder, 'carrel.sqlite'), { isReadOnly: false, log: collectingLog() })
      database.script(`PRAGMA user_version = ${migrations.length + 1}`)
    }
    const before = hashesOf(dataFolder)
    const refused = await runCarrel(['--json', 'list'], { dataFolder })
    expect(refused.code).toBe(1)
    expect(jsonLines(refused.stdout).at(-1)).toMatchObject({ error: { code: 'storage-newer' } })
    // The lock that everybody takes, and the log, are not the library.
    const isLibrary = (line: string): boolean => !/carrel\.lock|[/\\]logs[/\\]/.test(line)
    expect(hashesOf(dataFolder).filter(isLibrary)).toEqual(before)
  })
})
