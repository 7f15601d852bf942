import type { Schema, Table } from 'apache-arrow'
import { createRequire } from 'node:module'
import type { IndexHit, VectorRow } from '../ports/indexes.ts'

// LanceDB loads Arrow's CommonJS copy. `import` would load the other one, whose classes LanceDB rebuilds and then refuses.
const arrow = createRequire(import.meta.url)('apache-arrow') as typeof import('apache-arrow')
const { Field, FixedSizeList, Float32, Int32, makeData, RecordBatch, Struct } = arrow

/** Columns of a vector table. Keys are AUTOINCREMENT integers of SQLite and fit 32 bits for two thousand million chunks. */
export function vectorSchema(dimensions: number): Schema {
  return new arrow.Schema([
    new Field('chunk_key', new Int32(), false),
    new Field('document_key', new Int32(), false),
    new Field('vector', new FixedSizeList(dimensions, new Field('item', new Float32(), true)), false),
  ])
}

/** Rows as one Arrow batch, built from typed arrays: converting row by row would hold up the main thread. */
export function toArrowTable(rows: readonly VectorRow[], dimensions: number): Table {
  const schema = vectorSchema(dimensions)
  const chunkKeys = new Int32Array(rows.length)
  const documentKeys = new Int32Array(rows.length)
  const values = new Float32Array(rows.length * dimensions)
  rows.forEach((row, index) => {
    if (row.vector.length !== dimensions)
      throw new Error(`a vector of ${row.vector.length} dimensions, not ${dimensions}`)
    chunkKeys[index] = row.chunkKey
    documentKeys[index] = row.documentKey
    values.set(row.vector, index * dimensions)
  })
  const list = new FixedSizeList(dimensions, new Field('item', new Float32(), true))
  const children = [
    makeData({ type: new Int32(), data: chunkKeys }),
    makeData({ type: new Int32(), data: documentKeys }),
    makeData({ type: list, length: rows.length, nullCount: 0, child: makeData({ type: new Float32(), data: values }) }),
  ]
  return new arrow.Table(
    schema,
    new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: rows.length, nullCount: 0, children })),
  )
}

type ReadTable = Pick<Table, 'numRows' | 'getChild'>

/** Best first, equal scores by key. Cosine distance runs 0..2. */
export function toHits(found: ReadTable): readonly IndexHit[] {
  const [chunkKeys, documentKeys, distances] = ['chunk_key', 'document_key', '_distance'].map((name) =>
    found.getChild(name),
  )
  return Array.from({ length: found.numRows }, (_, index) => ({
    chunkKey: Number(chunkKeys?.get(index)),
    documentKey: Number(documentKeys?.get(index)),
    score: 1 - Number(distances?.get(index)),
  })).toSorted((a, b) => b.score - a.score || a.chunkKey - b.chunkKey)
}

/** By chunk key. Copies: the batch's own memory would stay as long as one vector of it is held. */
export function toVectors(found: ReadTable): ReadonlyMap<number, Float32Array> {
  const [keys, values] = [found.getChild('chunk_key'), found.getChild('vector')]
  return new Map(
    Array.from({ length: found.numRows }, (_, index) => [
      Number(keys?.get(index)),
      Float32Array.from(values?.get(index).toArray() as Float32Array),
    ]),
  )
}
