import { keywordTerms } from '../../shared/keyword-terms.ts'
import type { Database } from './database.ts'
import { keysOf } from './keyword-keys.ts'
import { termString } from './match-expression.ts'

/** UTF-16 units looked at on each side of a border for every term; a term is seldom longer. */
const unitsPerTerm = 80
const mostUnits = 2_000
/** Two characters of a script without spaces: what the index has for every place inside a run. */
const pairPattern =
  /^(?:\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Script=Thai}|ー){2}$/u

/**
 * For a stretch of chunks: those whose end, with the beginning of the chunk behind it in the document, holds terms side by side
 * that neither holds alone. `known`: chunks that hold them anyway. What takes three chunks is not found.
 */
export interface BorderMatches {
  (firstChunk: number, lastChunk: number): (terms: readonly string[], known: ReadonlySet<number>) => readonly number[]
}

interface Pair {
  readonly key: number
  readonly next: number
}

interface PairText {
  readonly key: number
  readonly tail: string
  readonly head: string
}

/** No more than a line or a page ends between the two chunks `c` and `n`. */
const isBroken = 'n.start_offset - c.end_offset <= 1 OR c.page IS NOT n.page'

/** For one connection: what two chunks say together is looked at in a small table of its own, by the keyword index's rules. */
export function createBorderMatches(database: Database): BorderMatches {
  database.script(
    "CREATE VIRTUAL TABLE temp.border_text USING fts5 (terms, tokenize = 'porter unicode61 remove_diacritics 2')",
  )
  return (firstChunk, lastChunk) => {
    let cutRuns: ReadonlyMap<string, readonly Pair[]> | null = null
    return (terms, known) => {
      const heads =
        terms.length < 2
          ? []
          : keysOf(database, termString(terms.slice(0, 1)), firstChunk, lastChunk).filter((key) => !known.has(key))
      const pairs = [...withLastTerm(database, terms, neighbours(database, heads))]
      for (const term of terms) {
        if (!pairPattern.test(term)) continue
        cutRuns ??= readCutRuns(database, firstChunk, lastChunk)
        pairs.push(...(cutRuns.get(term) ?? []).filter(({ key }) => !known.has(key)))
      }
      return pairs.length === 0 ? [] : confirm(database, terms, pairs)
    }
  }
}

function neighbours(database: Database, keys: readonly number[]): readonly Pair[] {
  if (keys.length === 0) return []
  return database.all<Pair>(
    `SELECT c.key, n.key AS next FROM json_each(?) wanted JOIN chunk c ON c.key = wanted.value
     JOIN chunk n ON n.document_key = c.document_key AND n.ordinal = c.ordinal + 1`,
    [JSON.stringify(keys)],
  )
}

/** Most pairs go here, before a text is read. */
function withLastTerm(database: Database, terms: readonly string[], pairs: readonly Pair[]): readonly Pair[] {
  if (pairs.length === 0) return []
  let first = Infinity
  let last = -Infinity
  for (const { next } of pairs) {
    first = Math.min(first, next)
    last = Math.max(last, next)
  }
  const ends = new Set(keysOf(database, termString(terms.slice(-1)), first, last))
  return pairs.filter(({ next }) => ends.has(next))
}

/** A run without spaces that a border cuts loses the pair of characters there: by that pair, where it would be. */
function readCutRuns(database: Database, firstChunk: number, lastChunk: number): ReadonlyMap<string, readonly Pair[]> {
  const rows = database.all<Pair & { readonly last: string; readonly first: string }>(
    `SELECT c.key, n.key AS next, substr(rtrim(c.text, @space), -1) AS last, substr(ltrim(n.text, @space), 1, 1) AS first
     FROM chunk c JOIN chunk n ON n.document_key = c.document_key AND n.ordinal = c.ordinal + 1
     WHERE c.key BETWEEN @firstChunk AND @lastChunk AND (${isBroken})`,
    { firstChunk, lastChunk, space: ' \t\r\n\f' },
  )
  const cut = new Map<string, Pair[]>()
  for (const { key, next, last, first } of rows) {
    const [pair, ...more] = keywordTerms(`${last}${first}`)
    if (pair === undefined || more.length > 0 || !pairPattern.test(pair)) continue
    const pairs = cut.get(pair) ?? []
    pairs.push({ key, next })
    cut.set(pair, pairs)
  }
  return cut
}

/** Those of the pairs that hold the terms side by side across their border. */
function confirm(database: Database, terms: readonly string[], pairs: readonly Pair[]): readonly number[] {
  const texts = database.all<PairText>(
    `SELECT DISTINCT c.key, substr(rtrim(c.text, @space), -@units) || CASE WHEN ${isBroken} THEN char(10) ELSE char(10, 10) END AS tail,
       substr(ltrim(n.text, @space), 1, @units) AS head
     FROM json_each(@pairs) p JOIN chunk c ON c.key = p.value ->> 0 JOIN chunk n ON n.key = p.value ->> 1`,
    {
      units: Math.min(mostUnits, unitsPerTerm * terms.length),
      space: ' \t\r\n\f',
      pairs: JSON.stringify(pairs.map(({ key, next }) => [key, next])),
    },
  )
  for (const { key, tail, head } of texts)
    database.run('INSERT INTO temp.border_text (rowid, terms) VALUES (?, ?)', [
      key,
      keywordTerms(`${tail}${head}`).join(' '),
    ])
  const found = database.all<{ key: number }>('SELECT rowid AS key FROM temp.border_text WHERE border_text MATCH ?', [
    termString(terms),
  ])
  database.run('DELETE FROM temp.border_text')
  return found.map(({ key }) => key)
}
