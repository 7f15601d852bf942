import type { Database } from './database.ts'
import type { WeighedString } from './match-expression.ts'

/** From this many chunks on, counts that are a little behind do: an import must not have each search count again. */
const largeLibrary = 2_000
/** A large library may grow by this share before it is counted again. */
const toleratedGrowth = 0.01
/** Below this many chunks BM25's rarities say little. */
const tinyLibrary = 200
/** Chunks that a tiny library is taken to have. */
const assumedChunks = 1_000
/** Terms whose counts are kept: common ones, whose counting costs most, come again and again. */
const keptCounts = 10_000
/** Terms of a query that are asked for however common they are. */
const fewestTerms = 2
/** k1 + 1 of FTS5's BM25: what a term counts at most, beside its rarity. See https://www.sqlite.org/fts5.html#the_bm25_function */
const mostPerTerm = 2.2
/** FTS5's own, for terms that more than half of the chunks hold. */
const leastRarity = 1e-6

/** Says how much a query's terms weigh in this library. */
export interface TermStatistics {
  /**
   * The weighed BM25 that a chunk would have which holds every one of these strings over and over; more than 0 where there is one.
   * Inside the caller's transaction. The first count of a common term takes milliseconds.
   */
  highestScore(strings: readonly WeighedString[]): number
  /**
   * Of these FTS5 strings the rarest ones whose lists together have at most `places` entries, in the order given; two at least, and
   * all that are as rare as those. For what a term costs grows with its list, and what it tells falls with it.
   */
  rarest(phrases: readonly string[], places: number): readonly string[]
  /**
   * In a library of a few chunks every term is in a large part of them, and BM25 calls none of them rare: each chunk's share is then
   * counted by the terms it holds, once each, rare or not as in a library of some size. Null in a larger one; chunks without a term are left out.
   */
  sharesInTiny(strings: readonly WeighedString[]): ReadonlyMap<number, number> | null
}

export function createTermStatistics(database: Database): TermStatistics {
  let version = -1
  let lastKey = 0
  let chunkCount = 0
  const counts = new Map<string, number>()

  const refresh = (): void => {
    const current = database.get<{ data_version: number }>('PRAGMA data_version')?.data_version ?? -1
    if (current === version) return
    version = current
    const key = database.get<{ key: number | null }>('SELECT max(id) AS key FROM keyword_docsize')?.key ?? 0
    if (chunkCount >= largeLibrary && Math.abs(key - lastKey) <= chunkCount * toleratedGrowth) return
    lastKey = key
    chunkCount = database.get<{ count: number }>('SELECT count(*) AS count FROM keyword_docsize')?.count ?? 0
    counts.clear()
  }

  const countOf = (phrase: string): number => {
    const known = counts.get(phrase)
    if (known !== undefined) return known
    const sql = 'SELECT count(*) AS count FROM keyword WHERE keyword MATCH ?'
    const count = database.get<{ count: number }>(sql, [phrase])?.count ?? 0
    if (counts.size >= keptCounts) counts.clear()
    counts.set(phrase, count)
    return count
  }

  return {
    sharesInTiny(strings) {
      refresh()
      if (chunkCount >= tinyLibrary) return null
      const shares = new Map<number, number>()
      let whole = 0
      for (const { string, weight, saturation } of strings) {
        const held = database.all<{ key: number }>('SELECT rowid AS key FROM keyword WHERE keyword MATCH ?', [string])
        const rarity = weight * Math.log(1 + (assumedChunks - held.length + 0.5) / (held.length + 0.5))
        whole += rarity
        for (const { key } of held) shares.set(key, (shares.get(key) ?? 0) + rarity / (1 + saturation))
      }
      return new Map([...shares].map(([key, share]) => [key, share / whole]))
    },
    rarest(phrases, places) {
      refresh()
      if (chunkCount * phrases.length <= places) return phrases
      const byCount = phrases.map((phrase) => countOf(phrase)).toSorted((a, b) => a - b)
      let most = 0
      let sum = 0
      for (const [index, count] of byCount.entries()) {
        sum += count
        if (index >= fewestTerms && sum > places) break
        most = count
      }
      return phrases.filter((phrase) => countOf(phrase) <= most)
    },
    highestScore(strings) {
      refresh()
      return strings.reduce((sum, { string, weight }) => {
        const held = Math.min(countOf(string), chunkCount)
        return sum + weight * mostPerTerm * Math.max(leastRarity, Math.log((chunkCount - held + 0.5) / (held + 0.5)))
      }, 0)
    },
  }
}
