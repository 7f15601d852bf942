import { prefixTerms } from '../../shared/keyword-terms.ts'
import type { Database } from './database.ts'

/** Pages of the index merged for each turn written: a bounded step, well under a millisecond. */
const mergedPagesPerTurn = 2
/** Merging what was deleted costs several times as much a page. */
const mergedPagesPerDeletion = 8
/** Turns indexed in one step of the backlog: a few milliseconds. */
const turnsPerStep = 8
/** And characters: one pasted book must not hold main up. The turn that crosses it is the step's last. */
const charactersPerStep = 20_000

/** Makes a finished turn searchable (again), inside the caller's transaction. */
export function writeTurnWords(
  database: Database,
  key: number,
  { question, answer }: { readonly question: string; readonly answer: string },
): void {
  database.run('INSERT OR REPLACE INTO turn_word (rowid, question, answer) VALUES (?, ?, ?)', [
    key,
    prefixTerms(question).join(' '),
    prefixTerms(answer).join(' '),
  ])
  mergeTurnWords(database, mergedPagesPerTurn)
}

/** Inside the caller's transaction. */
export function deleteTurnWords(database: Database, keys: readonly number[]): void {
  for (const key of keys) database.run('DELETE FROM turn_word WHERE rowid = ?', [key])
  if (keys.length > 0) mergeTurnWords(database, mergedPagesPerDeletion)
}

/** Indexes some of the turns that are older than the index, newest first. @returns true while there are more. */
export function indexBacklog(database: Database): boolean {
  return database.transaction('index older turns', () => {
    const backlog = database.get<{ next_key: number }>('SELECT next_key FROM turn_word_backlog')
    if (backlog === undefined) return false
    const turns = database.all<{ key: number; length: number }>(
      `SELECT key, length(question) + length(answer) AS length FROM turn WHERE key <= ? ORDER BY key DESC LIMIT ?`,
      [backlog.next_key, turnsPerStep],
    )
    let characters = 0
    for (const { key, length } of turns) {
      const turn = database.get<{ question: string; answer: string }>(
        'SELECT question, answer FROM turn WHERE key = ? AND finish_reason IS NOT NULL',
        [key],
      )
      if (turn !== undefined) writeTurnWords(database, key, turn)
      database.run('UPDATE turn_word_backlog SET next_key = ?', [key - 1])
      characters += length
      if (characters >= charactersPerStep) return true
    }
    if (turns.length === turnsPerStep) return true
    database.run('DELETE FROM turn_word_backlog')
    return false
  })
}

function mergeTurnWords(database: Database, pages: number): void {
  database.run("INSERT INTO turn_word (turn_word, rank) VALUES ('merge', ?)", [pages])
}
