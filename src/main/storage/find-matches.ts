import type { Requirement } from '../../shared/required-terms.ts'
import type { SliceMatches } from '../ports/findings-index.ts'
import type { BorderMatches } from './border-matches.ts'
import type { Database } from './database.ts'
import { liveStates } from './document-records.ts'
import { keysOf } from './keyword-keys.ts'
import { termString } from './match-expression.ts'

/** A stretch of chunks by key, both ends included, and what is looked for in it. At most 30 requirements: one bit each. */
export interface MatchSlice {
  readonly requirements: readonly Requirement[]
  readonly firstChunk: number
  readonly lastChunk: number
}

interface ChunkPlace {
  readonly key: number
  readonly document_key: number
}

/**
 * Which requirements the chunks of a slice hold, by document: not ranked, none left out. Runs in the search thread. What lies
 * across the border of two chunks is held by the first of them.
 */
export function findMatches(
  database: Database,
  acrossBorders: BorderMatches,
  { requirements, firstChunk, lastChunk }: MatchSlice,
): SliceMatches {
  return database.transaction('find matches', () => {
    const borders = acrossBorders(firstChunk, lastChunk)
    const heldByChunk = new Map<number, number>()
    const note = (chunkKey: number, bit: number): void =>
      void heldByChunk.set(chunkKey, (heldByChunk.get(chunkKey) ?? 0) | bit)
    for (const [index, alternatives] of requirements.entries()) {
      const bit = 1 << index
      const inside = keysOf(database, alternatives.map(termString).join(' OR '), firstChunk, lastChunk)
      for (const key of inside) note(key, bit)
      const known = new Set(inside)
      for (const terms of alternatives) for (const key of borders(terms, known)) note(key, bit)
    }
    return byDocument(livePlaces(database, [...heldByChunk.keys()]), heldByChunk, requirements.length)
  })
}

/** In document order. */
function livePlaces(database: Database, chunkKeys: readonly number[]): readonly ChunkPlace[] {
  return database.all<ChunkPlace>(
    `SELECT c.key, c.document_key FROM json_each(?) wanted JOIN chunk c ON c.key = wanted.value
     JOIN document d ON d.key = c.document_key AND d.state IN ${liveStates}
     ORDER BY c.document_key, c.ordinal`,
    [JSON.stringify(chunkKeys)],
  )
}

function byDocument(
  places: readonly ChunkPlace[],
  heldByChunk: ReadonlyMap<number, number>,
  requirementCount: number,
): SliceMatches {
  const all = 2 ** requirementCount - 1
  const documents = new Map<number, { held: number; together: number; bestChunk: number; bestHeld: number }>()
  for (const { key, document_key: documentKey } of places) {
    const held = heldByChunk.get(key) ?? 0
    const document = documents.get(documentKey) ?? { held: 0, together: 0, bestChunk: key, bestHeld: held }
    document.held |= held
    if (held === all) document.together += 1
    if (bitCount(held) > bitCount(document.bestHeld)) {
      document.bestChunk = key
      document.bestHeld = held
    }
    documents.set(documentKey, document)
  }
  const found = [...documents.values()]
  return {
    documentKeys: Int32Array.from(documents.keys()),
    held: Int32Array.from(found, ({ held }) => held),
    together: Int32Array.from(found, ({ together }) => together),
    bestChunks: Int32Array.from(found, ({ bestChunk }) => bestChunk),
    bestHeld: Int32Array.from(found, ({ bestHeld }) => bestHeld),
  }
}

function bitCount(bits: number): number {
  let count = 0
  for (let left = bits; left !== 0; left &= left - 1) count += 1
  return count
}
