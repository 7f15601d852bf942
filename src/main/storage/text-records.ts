import { z } from 'zod'
import { blockSchema, pageSchema, type Box, type TextSlice } from '../../shared/anchor.ts'
import { AppError } from '../../shared/errors.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import type { Database } from './database.ts'
import { lineBoxes } from './line-boxes.ts'
import { decodeRuns, encodeRuns } from './runs-codec.ts'

interface SliceRow {
  readonly ordinal: number
  readonly start_offset: number
  readonly end_offset: number
  readonly page: string | null
  readonly blocks: string
  readonly runs: Uint8Array
  readonly text: string
}

interface TextOwner {
  readonly key: number
  readonly parser_version: number
  readonly slice_count: number
  readonly last_ordinal: number | null
}

const blocksSchema = z.array(blockSchema)

/** Adds slices of a document's canonical text, inside the caller's transaction. */
export function insertSlices(database: Database, documentKey: number, slices: readonly TextSlice[]): void {
  for (const slice of slices) {
    database.run(
      `INSERT INTO text_slice (document_key, ordinal, start_offset, end_offset, page, blocks, runs, text)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        documentKey,
        slice.ordinal,
        slice.start,
        slice.end,
        slice.page === null ? null : JSON.stringify(slice.page),
        JSON.stringify(slice.blocks),
        encodeRuns(slice.runs),
        slice.text,
      ],
    )
  }
}

/** Slices by ordinal, both bounds included, in order. */
export function slicesByOrdinal(
  database: Database,
  documentKey: number,
  first: number,
  last: number,
): readonly TextSlice[] {
  return database
    .all<SliceRow>(
      `SELECT ordinal, start_offset, end_offset, page, blocks, runs, text FROM text_slice
       WHERE document_key = ? AND ordinal BETWEEN ? AND ? ORDER BY ordinal`,
      [documentKey, first, last],
    )
    .map(toSlice)
}

/** Copies slices to another row of the same text, inside the caller's transaction. */
export function copySlices(
  database: Database,
  place: { readonly from: number; readonly to: number; readonly first: number; readonly last: number },
): void {
  database.run(
    `INSERT INTO text_slice (document_key, ordinal, start_offset, end_offset, page, blocks, runs, text)
     SELECT @to, ordinal, start_offset, end_offset, page, blocks, runs, text FROM text_slice
     WHERE document_key = @from AND ordinal BETWEEN @first AND @last`,
    place,
  )
}

/** How many slices a row has. */
export function countSlices(database: Database, documentKey: number): number {
  return (
    database.get<{ count: number }>('SELECT count(*) AS count FROM text_slice WHERE document_key = ?', [documentKey])
      ?.count ?? 0
  )
}

/** Reading the canonical text back, for the evidence pane and its marks. */
export function createTextReader(database: Database): Pick<DocumentStore, 'readSlices' | 'boxes'> {
  return {
    readSlices: (id, { start, end, neighbours }) => {
      const owner = findOwner(database, id)
      if (owner === undefined) throw new AppError('not-found', 'This document is no longer in the library.')
      const touched = touchedOrdinals(database, owner, start, end)
      return {
        slices:
          touched === null
            ? []
            : slicesByOrdinal(database, owner.key, touched.first - neighbours, touched.last + neighbours),
        sliceCount: owner.slice_count,
        parserVersion: owner.parser_version,
      }
    },
    boxes: (documentId, start, end): readonly Box[] => {
      const owner = findOwner(database, documentId)
      const touched = owner === undefined ? null : touchedOrdinals(database, owner, start, end)
      if (owner === undefined || touched === null) return []
      return slicesByOrdinal(database, owner.key, touched.first, touched.last).flatMap((slice) =>
        lineBoxes(slice, start, end),
      )
    },
  }
}

function findOwner(database: Database, id: string): TextOwner | undefined {
  return database.get<TextOwner>(
    `SELECT key, parser_version,
       (SELECT count(*) FROM text_slice WHERE document_key = document.key) AS slice_count,
       (SELECT max(ordinal) FROM text_slice WHERE document_key = document.key) AS last_ordinal
     FROM document WHERE id = ? AND state <> 'removed'`,
    [id],
  )
}

/** An empty range is a point; one behind the end is the end. Null where the document has no text. */
function touchedOrdinals(
  database: Database,
  owner: TextOwner,
  start: number,
  end: number,
): { readonly first: number; readonly last: number } | null {
  const touched = database.get<{ first: number | null; last: number | null }>(
    'SELECT min(ordinal) AS first, max(ordinal) AS last FROM text_slice WHERE document_key = ? AND start_offset < ? AND end_offset > ?',
    [owner.key, Math.max(end, start + 1), start],
  )
  const first = touched?.first ?? owner.last_ordinal
  const last = touched?.last ?? owner.last_ordinal
  return first === null || last === null ? null : { first, last }
}

function toSlice(row: SliceRow): TextSlice {
  return {
    ordinal: row.ordinal,
    start: row.start_offset,
    end: row.end_offset,
    text: row.text,
    page: row.page === null ? null : pageSchema.parse(JSON.parse(row.page)),
    blocks: blocksSchema.parse(JSON.parse(row.blocks)),
    runs: decodeRuns(row.runs),
  }
}
