import { defaultIgnoreRules, ignoreRulesSchema, type WatchedFolderId } from '../../shared/watched-folder.ts'
import type { WatchedFolderRecord, WatchedFolderStore } from '../ports/watched-folder-store.ts'
import type { Database } from './database.ts'

interface FolderRow {
  readonly key: WatchedFolderId
  readonly path: string
  readonly file_number: number | null
  readonly rules: string
  readonly is_paused: 0 | 1
  readonly in_step_at: number | null
}

const select = 'SELECT key, path, file_number, rules, is_paused, in_step_at FROM watched_folder'

/** The folders themselves; their files are locations, see file-following.ts. */
export function createWatchedFolderStore(database: Database): WatchedFolderStore {
  const count = (sql: string, id: WatchedFolderId): number =>
    database.get<{ count: number }>(`SELECT count(*) AS count FROM ${sql}`, [id])?.count ?? 0

  return {
    folders: () => database.all<FolderRow>(`${select} ORDER BY key`).map(toRecord),

    add: ({ path, rules }) =>
      database.transaction('add watched folder', () => {
        const { key } = database.run('INSERT INTO watched_folder (path, rules) VALUES (?, ?)', [
          path,
          JSON.stringify(rules),
        ])
        const row = database.get<FolderRow>(`${select} WHERE key = ?`, [key])
        if (row === undefined) throw new Error('a folder that was just written is not there')
        return toRecord(row)
      }),

    update: (id, change) =>
      database.transaction('change watched folder', () => {
        const set = (column: string, value: string | number | null | undefined): void => {
          if (value !== undefined) database.run(`UPDATE watched_folder SET ${column} = ? WHERE key = ?`, [value, id])
        }
        set('file_number', change.fileNumber)
        set('rules', change.rules === undefined ? undefined : JSON.stringify(change.rules))
        set('is_paused', change.isPaused === undefined ? undefined : Number(change.isPaused))
        set('in_step_at', change.inStepAt)
      }),

    forget: (id) => {
      database.run('DELETE FROM watched_folder WHERE key = ?', [id])
    },

    counts: (id) => ({
      files: count('location WHERE watched_folder_key = ?', id),
      waiting:
        count("location WHERE watched_folder_key = ? AND state = 'queued'", id) +
        count(
          `document d JOIN location l ON l.document_key = d.key OR l.next_document_key = d.key
           WHERE d.state = 'reading' AND l.watched_folder_key = ? AND l.state <> 'queued'`,
          id,
        ),
      leftOut: count('left_out_file WHERE folder_key = ?', id),
    }),

    leftOut: (id, paths) =>
      new Set(
        database
          .all<{ path: string }>(
            'SELECT path FROM left_out_file WHERE folder_key = ? AND path IN (SELECT value FROM json_each(?))',
            [id, JSON.stringify(paths)],
          )
          .map(({ path }) => path),
      ),

    bringBack: (id, paths) => {
      if (paths === 'all') database.run('DELETE FROM left_out_file WHERE folder_key = ?', [id])
      else
        database.run('DELETE FROM left_out_file WHERE folder_key = ? AND path IN (SELECT value FROM json_each(?))', [
          id,
          JSON.stringify(paths),
        ])
    },
  }
}

function toRecord(row: FolderRow): WatchedFolderRecord {
  const rules = ignoreRulesSchema.safeParse(JSON.parse(row.rules))
  return {
    id: row.key,
    path: row.path,
    fileNumber: row.file_number,
    rules: rules.success ? rules.data : defaultIgnoreRules,
    isPaused: row.is_paused === 1,
    inStepAt: row.in_step_at,
  }
}
