import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openDatabase } from '../../../src/main/storage/database.ts'
import { createDocumentStore } from '../../../src/main/storage/document-store.ts'
import { migrate } from '../../../src/main/storage/migrate.ts'
import { migrations } from '../../../src/main/storage/migrations/index.ts'
import { readSchemaVersion, readSchemaVersionOfFile } from '../../../src/main/storage/schema-version.ts'
import {
  batchOf,
  beginFile,
  collectingLog,
  embedAll,
  never,
  openTestStorage,
  readFileInto,
  steppedClock,
  temporaryFolder,
} from './storage-fixture.ts'

const hashOf = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
const open = (path: string) => openDatabase(path, { isReadOnly: false, log: collectingLog() })

describe('opening the library', () => {
  test('makes what is absent, keeps what is there, leaves no lock behind', async () => {
    await using folder = await temporaryFolder()
    const dataFolder = join(folder.path, 'new', 'folder')
    {
      await using storage = await openTestStorage(dataFolder)
      readFileInto(storage, { path: '/a.txt', paragraphs: ['kept'] })
    }
    // Closed: the write-ahead log is in the file.
    expect((await readdir(dataFolder)).toSorted()).toEqual(['carrel.lock', 'carrel.sqlite', 'vectors'])
    await using storage = await openTestStorage(dataFolder)
    expect(storage.documents.totals().documents).toBe(1)
  })

  test('the write-ahead log is moved into the file by the thread, and gone when all is closed', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'carrel.sqlite')
    {
      await using storage = await openTestStorage(folder.path)
      readFileInto(storage, { path: '/a.txt', paragraphs: Array.from({ length: 50 }, (_, index) => `text ${index} `) })
      const before = (await stat(path)).size
      for (let index = 0; index < 200; index += 1)
        storage.documents.queueFile({ path: `/${index}`, sizeBytes: 1, modifiedAt: 1 })
      expect(await storage.keywordIndex.search('text', { limit: 1, signal: never })).toHaveLength(1)
      await expect.poll(async () => (await stat(path)).size, { timeout: 25_000 }).toBeGreaterThan(before)
    }
    expect((await readdir(folder.path)).toSorted()).toEqual(['carrel.lock', 'carrel.sqlite', 'vectors'])
  })

  test('a second one in this process waits outside too, and a failed opening gives the lock back', async () => {
    await using folder = await temporaryFolder()
    {
      await using _first = await openTestStorage(folder.path)
      await expect(openTestStorage(folder.path)).rejects.toMatchObject({ code: 'storage-locked' })
    }
    await writeFile(join(folder.path, 'carrel.sqlite'), 'this is no database, but long enough to be one. '.repeat(10))
    await expect(openTestStorage(folder.path)).rejects.toMatchObject({ code: 'storage-corrupt' })
    await rm(join(folder.path, 'carrel.sqlite'))
    await using _second = await openTestStorage(folder.path)
  })

  test('a newer database is refused and not touched', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'carrel.sqlite')
    {
      await using storage = await openTestStorage(folder.path)
      readFileInto(storage, { path: '/a.txt', paragraphs: ['from the future'] })
    }
    {
      using database = open(path)
      database.script('PRAGMA user_version = 999')
    }
    const before = await hashOf(path)
    await expect(openTestStorage(folder.path)).rejects.toMatchObject({
      code: 'storage-newer',
      details: { found: 999, known: migrations.length },
    })
    expect(await hashOf(path)).toBe(before)
    expect((await readdir(folder.path)).filter((name) => name.startsWith('carrel.sqlite'))).toEqual(['carrel.sqlite'])
  })

  test('a newer version that is only in the write-ahead log is seen too', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'carrel.sqlite')
    const copy = join(folder.path, 'copy.sqlite')
    using database = open(path)
    database.script('CREATE TABLE later (x); PRAGMA user_version = 7')
    await writeFile(copy, await readFile(path))
    await writeFile(`${copy}-wal`, await readFile(`${path}-wal`))
    expect(await readSchemaVersionOfFile(copy)).toBe(7)
  })

  test('damaged pages are reported as such', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'carrel.sqlite')
    {
      await using storage = await openTestStorage(folder.path)
      readFileInto(storage, { path: '/a.txt', paragraphs: Array.from({ length: 300 }, (_, index) => `text ${index} `) })
    }
    const bytes = await readFile(path)
    bytes.fill(0x5a, 4096)
    await writeFile(path, bytes)
    const opened = openTestStorage(folder.path).then(async (storage) => {
      await using _ = storage
      storage.documents.list({ offset: 0, limit: 10, filter: '' })
    })
    await expect(opened).rejects.toMatchObject({ code: 'storage-corrupt', message: expect.stringContaining('damaged') })
  })

  test('a folder that cannot be written gets a plain sentence', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'file')
    await writeFile(file, '')
    await expect(openTestStorage(join(file, 'data'))).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('cannot write to its data folder'),
    })
  })

  test('damaged vectors are made again', async () => {
    await using folder = await temporaryFolder()
    {
      await using storage = await openTestStorage(folder.path)
      readFileInto(storage, { path: '/a.txt', paragraphs: ['one', 'two'] })
      await embedAll(storage)
    }
    await rename(join(folder.path, 'vectors'), join(folder.path, 'elsewhere'))
    await mkdir(join(folder.path, 'vectors', 'all-MiniLM-L6-v2-384.lance'), { recursive: true })
    await using storage = await openTestStorage(folder.path)
    expect(await storage.reconcile({ signal: never })).toEqual({ madePending: 2, adopted: 0, removed: 0 })
    expect(storage.documents.totals().byState.searchable).toBe(1)
    expect(await embedAll(storage)).toBe(2)
    expect(await storage.verify()).toEqual({ documents: 1, chunks: 2, vectors: 2, problems: [] })
  })
})

describe('a full disk', () => {
  test('is named, loses nothing, and goes on when there is room', async () => {
    await using folder = await temporaryFolder()
    // A limit of pages is the full disk that a test can have everywhere; it holds for one connection.
    using database = open(join(folder.path, 'carrel.sqlite'))
    const log = collectingLog()
    await migrate(database, { migrations, backupFolder: join(folder.path, 'backups'), log })
    const documents = createDocumentStore(database, { parserVersion: 1, chunkerVersion: 1, clock: steppedClock(), log })
    const heard: string[] = []
    const begun = beginFile({ documents }, { path: '/b.txt', paragraphs: ['big'] })
    if (begun === null) throw new Error('expected to read')
    documents.onChange(({ changed }) => heard.push(...changed))
    const limit = (pages: number) => database.script(`PRAGMA max_page_count = ${pages}`)
    limit((database.get<{ page_count: number }>('PRAGMA page_count')?.page_count ?? 0) + 3)
    const big = batchOf(begun.hash, ['small', 'big '.repeat(20_000)])
    expect(() => documents.appendBatch(begun.documentKey, big)).toThrow(
      expect.objectContaining({ code: 'storage-full', retryable: true }),
    )
    expect(heard).toEqual([])
    expect(documents.summaries([begun.documentId])[0]).toMatchObject({ state: 'reading', chunkCount: 0 })
    expect(database.get('SELECT count(*) AS count FROM chunk')).toEqual({ count: 0 })
    limit(1_000_000)
    documents.appendBatch(begun.documentKey, big)
    documents.finishReading(begun.documentKey, {
      kind: 'text',
      title: null,
      pageCount: null,
      notices: [],
      hash: begun.hash,
    })
    expect(documents.summaries([begun.documentId])[0]).toMatchObject({ state: 'searchable', chunkCount: 2 })
    expect(heard).toContain(begun.documentId)
  })
})

describe('migrations', () => {
  test('are numbered from 1 without a gap', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1))
  })

  test('0 to 1: an empty file becomes the first schema, without a backup', async () => {
    await using folder = await temporaryFolder()
    using database = open(join(folder.path, 'carrel.sqlite'))
    await migrate(database, {
      migrations: migrations.slice(0, 1),
      backupFolder: join(folder.path, 'backups'),
      log: collectingLog(),
    })
    expect(readSchemaVersion(database)).toBe(1)
    const tables = database.all<{ name: string }>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%\\_%' ESCAPE '\\' ORDER BY name",
    )
    expect(tables.map(({ name }) => name)).toEqual([
      'chunk',
      'conversation',
      'document',
      'keyword',
      'location',
      'setting',
      'source',
      'turn',
    ])
    expect(await readdir(folder.path)).not.toContain('backups')
  })

  test('1 to 2: conversations keep their turns, which gain what a follow-up needs', async () => {
    await using folder = await temporaryFolder()
    using database = open(join(folder.path, 'carrel.sqlite'))
    const options = { backupFolder: join(folder.path, 'backups'), log: collectingLog() }
    await migrate(database, { ...options, migrations: migrations.slice(0, 1) })
    database.script(`INSERT INTO conversation (id, title, created_at, updated_at) VALUES ('c', 'Kept', 1, 2);
      INSERT INTO turn (conversation_id, question_id, answer_id, question, asked_at) VALUES ('c', 'q', 'a', 'Kept?', 1)`)
    await migrate(database, { ...options, migrations: migrations.slice(0, 2) })
    expect(readSchemaVersion(database)).toBe(2)
    expect(database.get('SELECT title, summary, summary_until FROM conversation')).toEqual({
      title: 'Kept',
      summary: null,
      summary_until: null,
    })
    expect(database.get('SELECT question, translated_question, replaced_by FROM turn')).toEqual({
      question: 'Kept?',
      translated_question: null,
      replaced_by: null,
    })
  })

  const known = migrations.length
  const later = ['second to last', 'last'].map((name, index) => ({
    version: known + 1 + index,
    name,
    apply: (database: ReturnType<typeof open>) => database.script(`CREATE TABLE later_${index} (x)`),
  }))

  test('an existing library is copied first, then each step runs once', async () => {
    await using folder = await temporaryFolder()
    const backupFolder = join(folder.path, 'backups')
    const log = collectingLog()
    {
      await using storage = await openTestStorage(folder.path)
      readFileInto(storage, { path: '/a.txt', paragraphs: ['kept'] })
    }
    using database = open(join(folder.path, 'carrel.sqlite'))
    await migrate(database, { migrations: [...migrations, ...later], backupFolder, log })
    expect(readSchemaVersion(database)).toBe(known + 2)
    await migrate(database, { migrations: [...migrations, ...later], backupFolder, log })
    expect(await readdir(backupFolder)).toEqual([`carrel-version-${migrations.length}.sqlite`])
    using backup = open(join(backupFolder, `carrel-version-${migrations.length}.sqlite`))
    expect(readSchemaVersion(backup)).toBe(migrations.length)
    expect(backup.get('SELECT name FROM document')).toEqual({ name: 'a.txt' })
    expect(database.get('SELECT name FROM document')).toEqual({ name: 'a.txt' })
  })

  test('a step that fails leaves the version before it', async () => {
    await using folder = await temporaryFolder()
    using database = open(join(folder.path, 'carrel.sqlite'))
    const broken = {
      version: 2,
      name: 'broken',
      apply: (db: typeof database) => db.script('CREATE TABLE half (x); CREATE TABLE half (x)'),
    }
    const options = { backupFolder: join(folder.path, 'backups'), log: collectingLog() }
    await expect(
      migrate(database, { ...options, migrations: [migrations[0] ?? broken, broken] }),
    ).rejects.toMatchObject({ code: 'internal' })
    expect(readSchemaVersion(database)).toBe(1)
    expect(database.get("SELECT 1 FROM sqlite_schema WHERE name = 'half'")).toBeUndefined()
    await expect(migrate(database, { ...options, migrations: [] })).rejects.toMatchObject({ code: 'storage-newer' })
  })
})
