import { randomUUID } from 'node:crypto'
import { AppError } from '../../shared/errors.ts'
import type { Finding, FindingsEvent, FindingsSummary, FindRequest } from '../../shared/findings.ts'
import type { DocumentId } from '../../shared/ids.ts'
import type { FindDocuments } from './find-documents.ts'

/** Tables that stay open, of those begun last: two windows with one each, and the one before. */
const mostOpen = 4
/** Rows in one reply. */
const rowsPerReply = 60

interface Table {
  readonly events: AsyncIterator<FindingsEvent>
  readonly controller: AbortController
  readonly rows: Map<DocumentId, Finding>
}

/** Tables of findings that pages look at. A table goes on only while its page asks for more, so that one whose page has gone does nothing. */
export interface OpenFindings extends Disposable {
  /** @returns what names the table. The oldest of too many is closed. */
  begin(request: FindRequest): string
  /**
   * The next rows; `summary` with the last of them. One call at a time.
   * @throws AppError `not-found` for a table that was closed or stopped; what the search throws.
   */
  more(id: string): Promise<{
    readonly rows: readonly Finding[]
    /** Of the documents, how much has been looked through; 0..1. */
    readonly share: number
    readonly summary: FindingsSummary | null
  }>
  /** Its rows stay; there will be no more. */
  stop(id: string): void
  /** Its rows of these documents, in their order. @throws AppError `not-found` */
  rowsOf(id: string, documentIds: readonly DocumentId[]): readonly Finding[]
}

export function createOpenFindings(findDocuments: FindDocuments): OpenFindings {
  const tables = new Map<string, Table>()
  const close = (id: string): void => {
    tables.get(id)?.controller.abort()
    tables.delete(id)
  }
  const tableOf = (id: string): Table => {
    const table = tables.get(id)
    if (table === undefined) throw closed()
    return table
  }
  return {
    begin(request) {
      const [oldest] = tables.keys()
      if (tables.size >= mostOpen && oldest !== undefined) close(oldest)
      const id = randomUUID()
      const controller = new AbortController()
      const events = findDocuments(request, { signal: controller.signal })[Symbol.asyncIterator]()
      tables.set(id, { events, controller, rows: new Map() })
      return id
    },
    async more(id) {
      const { events, controller, rows: known } = tableOf(id)
      const rows: Finding[] = []
      let share = 0
      while (rows.length < rowsPerReply) {
        const { value, done } = await events.next()
        controller.signal.throwIfAborted()
        if (done === true) throw closed()
        if (value.type === 'end') return { rows, share: 1, summary: value.summary }
        if (value.type === 'progress') {
          share = value.share
          if (share < 1) break
        } else {
          share = 1
          rows.push(...value.rows)
          for (const row of value.rows) known.set(row.passage.documentId, row)
        }
      }
      return { rows, share, summary: null }
    },
    stop(id) {
      tables.get(id)?.controller.abort()
    },
    rowsOf(id, documentIds) {
      const { rows } = tableOf(id)
      return documentIds.flatMap((documentId) => rows.get(documentId) ?? [])
    },
    [Symbol.dispose]() {
      for (const id of tables.keys()) close(id)
    },
  }
}

function closed(): AppError {
  return new AppError('not-found', 'This list of documents is no longer open. Look for them again.', {
    details: { reason: 'findings-closed' },
  })
}
