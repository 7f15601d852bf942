import type { Database } from './database.ts'
import { liveStates } from './document-records.ts'

export interface RecordsReport {
  readonly documents: number
  readonly chunks: number
  /** Plain sentences; empty means sound. */
  readonly problems: readonly string[]
}

interface ChunkRow {
  readonly id: string
  readonly document_key: number
  readonly start_offset: number
  readonly end_offset: number
  readonly text: string
}

/** SQLite's own check, and whether the records agree with each other. Walks the whole file: for the search thread. */
export function verifyRecords(database: Database): RecordsReport {
  return database.transaction('verify', () => {
    const problems = [
      ...checkFile(database),
      ...checkKeywords(database),
      ...checkCounts(database),
      ...checkCollections(database),
      ...checkTexts(database),
    ]
    const count = (sql: string): number => database.get<{ count: number }>(sql)?.count ?? 0
    return {
      documents: count("SELECT count(*) AS count FROM document WHERE state <> 'removed'"),
      chunks: count(
        `SELECT count(*) AS count FROM chunk c JOIN document d ON d.key = c.document_key AND d.state IN ${liveStates}`,
      ),
      problems,
    }
  })
}

function checkFile(database: Database): readonly string[] {
  const found = database
    .all<{ integrity_check: string }>('PRAGMA integrity_check(20)')
    .map((row) => row.integrity_check)
    .filter((line) => line !== 'ok')
    .map((line) => `The database file is damaged: ${line}.`)
  const orphans = database.all('PRAGMA foreign_key_check').length
  return orphans === 0 ? found : [...found, `${orphans} records point at records that are gone.`]
}

function checkKeywords(database: Database): readonly string[] {
  const missing = database.get<{ count: number }>(
    'SELECT count(*) AS count FROM chunk WHERE key NOT IN (SELECT id FROM keyword_docsize)',
  )
  const extra = database.get<{ count: number }>(
    'SELECT count(*) AS count FROM keyword_docsize WHERE id NOT IN (SELECT key FROM chunk)',
  )
  return [
    ...sentence(missing?.count, (count) => `${count} passages are missing from the keyword index.`),
    ...sentence(extra?.count, (count) => `The keyword index holds ${count} passages that are gone.`),
  ]
}

function checkCounts(database: Database): readonly string[] {
  const wrong = database.get<{ count: number }>(
    `SELECT count(*) AS count FROM document d WHERE state <> 'removed' AND (
       chunk_count <> (SELECT count(*) FROM chunk WHERE document_key = d.key)
       OR embedded_chunk_count <> (SELECT count(*) FROM chunk WHERE document_key = d.key AND has_vector <> 0)
       OR (state = 'ready' AND chunk_count <> embedded_chunk_count))`,
  )
  const totals = database.get<{ count: number }>(
    `SELECT count(*) AS count FROM library_total t WHERE documents <> (SELECT count(*) FROM document WHERE state = t.state)
       OR chunks <> (SELECT coalesce(sum(chunk_count), 0) FROM document WHERE state = t.state)`,
  )
  const languages = database.get<{ count: number }>(
    `SELECT count(*) AS count FROM language_total t
     WHERE chunks <> (SELECT count(*) FROM chunk WHERE language = t.language)`,
  )
  return [
    ...sentence(wrong?.count, (count) => `${count} documents count their passages wrongly.`),
    ...sentence(totals?.count, () => 'The totals of the library do not add up.'),
    ...sentence(languages?.count, () => 'The totals of the languages do not add up.'),
  ]
}

/** Foreign keys are checked with the file; here, what the triggers and the copied time promise. */
function checkCollections(database: Database): readonly string[] {
  const removed = database.get<{ count: number }>(
    `SELECT count(*) AS count FROM collection_document m LEFT JOIN document d ON d.key = m.document_key
     WHERE d.key IS NULL OR d.state = 'removed' OR d.added_at <> m.added_at`,
  )
  const wrong = database.get<{ count: number }>(
    `SELECT count(*) AS count FROM collection c
     WHERE document_count <> (SELECT count(*) FROM collection_document WHERE collection_key = c.key)`,
  )
  return [
    ...sentence(removed?.count, (count) => `Collections hold ${count} documents that are gone or changed their place.`),
    ...sentence(wrong?.count, (count) => `${count} collections count their documents wrongly.`),
  ]
}

/** Every live chunk must be exactly its range of the canonical text. One document's text is held at a time. */
function checkTexts(database: Database): readonly string[] {
  const problems: string[] = []
  for (const { key, name } of database.all<{ key: number; name: string }>(
    `SELECT key, name FROM document WHERE state IN ${liveStates}`,
  )) {
    const slices = database.all<{ start_offset: number; end_offset: number; text: string }>(
      'SELECT start_offset, end_offset, text FROM text_slice WHERE document_key = ? ORDER BY ordinal',
      [key],
    )
    let end = 0
    const hasGap = slices.some((slice) => {
      const isNext = slice.start_offset === end && slice.end_offset - slice.start_offset === slice.text.length
      end = slice.end_offset
      return !isNext
    })
    if (hasGap) {
      problems.push(`The stored text of “${name}” has a gap.`)
      continue
    }
    const text = slices.map((slice) => slice.text).join('')
    const chunks = database.all<ChunkRow>(
      'SELECT id, document_key, start_offset, end_offset, text FROM chunk WHERE document_key = ?',
      [key],
    )
    const wrong = chunks.filter((chunk) => text.slice(chunk.start_offset, chunk.end_offset) !== chunk.text)
    if (wrong.length > 0) problems.push(`${wrong.length} passages of “${name}” differ from its stored text.`)
  }
  return problems
}

function sentence(count: number | undefined, say: (count: number) => string): readonly string[] {
  return count === undefined || count === 0 ? [] : [say(count)]
}
