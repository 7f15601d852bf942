// A process of its own, under Electron as Node: <data folder> <documents that are ready> <files that wait> <folder of those>
import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { chunkerVersion } from '../../src/main/ingest/chunk/chunk-settings.ts'
import { parserVersion } from '../../src/main/ingest/parse/parser-version.ts'
import { openDatabase, type Database } from '../../src/main/storage/database.ts'
import { migrate } from '../../src/main/storage/migrate.ts'
import { migrations } from '../../src/main/storage/migrations/index.ts'
import { createSettingsStore } from '../../src/main/storage/settings-store.ts'
import { keywordTerms } from '../../src/shared/keyword-terms.ts'
import { createRecordingLog } from './recording-log.ts'

/**
 * Fills a library straight into its tables, 50,000 documents in seconds: each ready one has one passage without a vector, found
 * by its words. Files that wait are queued as if they had been dropped together, and import is paused. Document 0 and file 0 are the oldest.
 */
const rowsPerTransaction = 5_000
const addedAt = 1_760_000_000_000

function addReady(database: Database, number: number): void {
  const name = `Report ${String(number).padStart(5, '0')}.txt`
  const text = `Report number ${number} tells of the harbour in week ${number % 53}.`
  const hash = createHash('sha256').update(text).digest('hex')
  const { key } = database.run(
    `INSERT INTO document (id, state, name, folded_name, kind, size_bytes, parser_version, chunker_version, chunk_count,
       embedded_chunk_count, added_at)
     VALUES (?, 'ready', ?, ?, 'text', ?, ?, ?, 1, 1, ?)`,
    [hash, name, name.toLowerCase(), text.length, parserVersion, chunkerVersion, addedAt + number],
  )
  database.run(
    `INSERT INTO location (path, size_bytes, modified_at, state, document_key) VALUES (?, ?, 1, 'settled', ?)`,
    [join('/library', name), text.length, key],
  )
  database.run(
    `INSERT INTO text_slice (document_key, ordinal, start_offset, end_offset, blocks, runs, text) VALUES (?, 0, 0, ?, ?, x'', ?)`,
    [key, text.length, JSON.stringify([{ kind: 'paragraph', level: 0, start: 0, end: text.length }]), text],
  )
  const chunk = database.run(
    `INSERT INTO chunk (document_key, ordinal, has_vector, embedder, hash, id, start_offset, end_offset, language, token_count,
       heading_path, embedding_lead, text)
     VALUES (?, 0, 2, 'all-MiniLM-L6-v2', ?, ?, 0, ?, 'en', 16, '[]', '', ?)`,
    [key, hash, `${hash.slice(0, 16)}-0`, text.length, text],
  )
  database.run('INSERT INTO keyword (rowid, terms) VALUES (?, ?)', [chunk.key, keywordTerms(text).join(' ')])
}

function addWaiting(database: Database, number: number, folder: string): void {
  const name = `Waiting ${String(number).padStart(5, '0')}.txt`
  const { key } = database.run(
    `INSERT INTO document (id, state, name, folded_name, size_bytes, added_at, wanted_at) VALUES (?, 'queued', ?, ?, 400, ?, ?)`,
    [`filling ${number}`, name, name.toLowerCase(), addedAt + 1_000_000 + number, addedAt],
  )
  const location = database.run(
    `INSERT INTO location (path, size_bytes, modified_at, state, queue_order, document_key, wanted_at)
     VALUES (?, 400, 1, 'queued', ?, ?, ?)`,
    [join(folder, name), number + 1, key, addedAt],
  )
  database.run('UPDATE document SET id = ? WHERE key = ?', [`file-${location.key}`, key])
}

const [dataFolder = '', ready = '0', waiting = '0', folder = '/library'] = process.argv.slice(2)
await mkdir(dataFolder, { recursive: true })
const log = createRecordingLog()
using database = openDatabase(join(dataFolder, 'carrel.sqlite'), { isReadOnly: false, log })
await migrate(database, { migrations, backupFolder: join(dataFolder, 'backups'), log })
const fill = (count: number, add: (number: number) => void): void => {
  for (let first = 0; first < count; first += rowsPerTransaction)
    database.transaction('fill', () => {
      for (let number = first; number < Math.min(count, first + rowsPerTransaction); number += 1) add(number)
    })
}
fill(Number(ready), (number) => addReady(database, number))
fill(Number(waiting), (number) => addWaiting(database, number, folder))
if (Number(waiting) > 0) createSettingsStore(database, { log }).set({ importPaused: true })
