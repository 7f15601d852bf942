import { queryTerms } from '../../shared/keyword-terms.ts'
import type { Database } from './database.ts'
import { type MatchExpression, matchExpression, type WeighedString } from './match-expression.ts'
import { type TermKind, termKinds } from './term-kinds.ts'
import { relativeLengths } from './term-lengths.ts'
import type { TermStatistics } from './term-statistics.ts'

/** Places of the query's terms that are read to rank: so many take some 30 ms. */
const mostPlaces = 100_000
/** FTS5's own k1 and b, which cannot be set. */
const builtIn = { saturation: 1.2, lengthShare: 0.75 }

/** What a query asks of the keyword index; null: nothing. */
export function keywordMatch(query: string, statistics: TermStatistics): MatchExpression | null {
  return matchExpression(queryTerms(query), {
    choose: (terms) => statistics.rarest(terms, mostPlaces),
    kindOf: termKinds(query),
  })
}

/**
 * How much of a query each of these chunks holds: BM25 (k1 and b by the kind of term), each term by its weight, as a share of what a chunk
 * would have that holds every term over and over: 0..1. Chunks that hold no term, or lack a phrase that must be there, are left out.
 * Takes a millisecond for each 50,000 places of the terms, however many chunks are asked about.
 */
export function coverageOf(
  database: Database,
  statistics: TermStatistics,
  { query, chunkKeys }: { readonly query: string; readonly chunkKeys: readonly number[] },
): readonly (readonly [number, number])[] {
  return database.transaction('keyword coverage', () => {
    const match = keywordMatch(query, statistics)
    if (match === null) return []
    const held = holdingAll(database, match.required, chunkKeys)
    const tiny = statistics.sharesInTiny(match.expected)
    if (tiny !== null) return held.flatMap((key) => (tiny.has(key) ? [[key, tiny.get(key) ?? 0] as const] : []))
    const highest = statistics.highestScore(match.expected) || 1
    return [...scoresOf(database, match, held)].map(([key, score]) => [key, Math.min(1, Math.max(0, score) / highest)])
  })
}

function scoresOf(
  database: Database,
  { options }: MatchExpression,
  chunkKeys: readonly number[],
): ReadonlyMap<number, number> {
  const keys = JSON.stringify(chunkKeys)
  const lengths = relativeLengths(database, chunkKeys)
  const scores = new Map<number, number>()
  for (const { expression, kind } of groupsOf(options)) {
    // `+` keeps SQLite from asking FTS5 for one row after another, and from ranking any other.
    const rows = database.all<{ key: number; rank: number }>(
      `SELECT rowid AS key, bm25(keyword, json_extract(@factors, '$.' || rowid)) AS rank FROM keyword
       WHERE keyword MATCH @expression AND +rowid IN (SELECT value FROM json_each(@keys))`,
      { factors: JSON.stringify(occurrenceFactors(chunkKeys, lengths, kind)), expression, keys },
    )
    for (const { key, rank } of rows) scores.set(key, (scores.get(key) ?? 0) - kind.weight * rank)
  }
  return scores
}

function holdingAll(database: Database, required: readonly string[], chunkKeys: readonly number[]): readonly number[] {
  if (required.length === 0) return chunkKeys
  return database
    .all<{ key: number }>(
      'SELECT rowid AS key FROM keyword WHERE keyword MATCH ? AND +rowid IN (SELECT value FROM json_each(?))',
      [required.join(' AND '), JSON.stringify(chunkKeys)],
    )
    .map(({ key }) => key)
}

/**
 * What an occurrence has to count in each chunk, so that FTS5's formula, f · 2.2 / (f + 1.2 · (0.25 + 0.75 · length)), saturates as
 * one with the k1 and b of this kind does: both only say how many occurrences are half as good as endlessly many.
 */
function occurrenceFactors(
  chunkKeys: readonly number[],
  lengths: ReadonlyMap<number, number>,
  kind: TermKind,
): Readonly<Record<number, number>> {
  const halfway = ({ saturation, lengthShare }: Omit<TermKind, 'weight'>, length: number): number =>
    saturation * (1 - lengthShare + lengthShare * length)
  return Object.fromEntries(
    chunkKeys.map((key) => {
      const length = lengths.get(key) ?? 1
      return [key, halfway(builtIn, length) / halfway(kind, length)]
    }),
  )
}

interface WeighedGroup {
  readonly expression: string
  readonly kind: TermKind
}

/** Strings of one kind are ranked together. */
function groupsOf(strings: readonly WeighedString[]): readonly WeighedGroup[] {
  const groups = Map.groupBy(strings, ({ weight, saturation, lengthShare }) =>
    [weight, saturation, lengthShare].join(' '),
  )
  return [...groups.values()].flatMap((group) => {
    const [kind] = group
    return kind === undefined ? [] : [{ expression: group.map(({ string }) => string).join(' OR '), kind }]
  })
}
