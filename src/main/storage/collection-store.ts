import { randomUUID } from 'node:crypto'
import { type Collection, collectionNameSchema, isEverything, type NamedScope } from '../../shared/collection.ts'
import { AppError } from '../../shared/errors.ts'
import { type CollectionId, collectionIdSchema, type DocumentId } from '../../shared/ids.ts'
import type { Clock } from '../ports/clock.ts'
import type { CollectionStore, DocumentSet } from '../ports/collection-store.ts'
import { insertMembers } from './collection-records.ts'
import type { Database } from './database.ts'
import { foldName } from './document-records.ts'
import type { LibraryChanges } from './library-changes.ts'
import type { SearchThread } from './search-thread.ts'

interface CollectionRow {
  readonly key: number
  readonly id: CollectionId
  readonly name: string
  readonly document_count: number
  readonly deleted_at: number | null
}

const columns = 'key, id, name, document_count, deleted_at'
/** Members deleted in one step: a few milliseconds. */
const membersPerStep = 500

/** Named sets of documents. See {@link CollectionStore}. */
export function createCollectionStore(
  database: Database,
  options: { readonly changes: LibraryChanges; readonly clock: Clock; readonly thread: SearchThread },
): CollectionStore {
  const { changes, clock, thread } = options
  const listeners = new Set<() => void>()
  const told = <Result>(result: Result): Result => {
    for (const listener of listeners) listener()
    return result
  }
  const change = <Result>(name: string, work: () => Result): Result => told(database.transaction(name, work))

  const rowOf = (id: CollectionId): CollectionRow | undefined =>
    database.get<CollectionRow>(`SELECT ${columns} FROM collection WHERE id = ? AND deleted_at IS NOT 0`, [id])
  const present = (id: CollectionId): CollectionRow => {
    const row = rowOf(id)
    if (row === undefined || row.deleted_at !== null) throw unknownCollection()
    return row
  }
  const byName = (name: string): CollectionRow | undefined =>
    database.get<CollectionRow>(`SELECT ${columns} FROM collection WHERE folded_name = ? AND deleted_at IS NULL`, [
      foldName(name.normalize('NFC').trim()),
    ])
  const find = (idOrName: string): CollectionRow | undefined => {
    const id = collectionIdSchema.safeParse(idOrName.toLowerCase())
    return (id.success ? rowOf(id.data) : undefined) ?? byName(idOrName)
  }
  const requireFree = (name: string, except: CollectionId | null): void => {
    const taken = byName(name)
    if (taken !== undefined && taken.id !== except) throw nameTaken(taken.name)
  }

  return {
    list: () =>
      database
        .all<CollectionRow>(`SELECT ${columns} FROM collection WHERE deleted_at IS NULL ORDER BY folded_name`)
        .map(toCollection),

    find: (idOrName) => {
      const row = find(idOrName)
      return row === undefined || row.deleted_at !== null ? null : toCollection(row)
    },

    create: (given) =>
      change('create collection', () => {
        const name = checkedName(given)
        requireFree(name, null)
        const id = collectionIdSchema.parse(randomUUID())
        database.run('INSERT INTO collection (id, name, folded_name) VALUES (?, ?, ?)', [id, name, foldName(name)])
        return { id, name, documentCount: 0 }
      }),

    rename: (id, given) =>
      change('rename collection', () => {
        const name = checkedName(given)
        const { key } = present(id)
        requireFree(name, id)
        database.run('UPDATE collection SET name = ?, folded_name = ? WHERE key = ?', [name, foldName(name), key])
      }),

    delete: (id) =>
      change('delete collection', () => {
        database.run('UPDATE collection SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL', [clock.now(), id])
      }),

    restore: (id) =>
      change('restore collection', () => {
        const row = rowOf(id)
        if (row === undefined) throw unknownCollection()
        requireFree(row.name, id)
        database.run('UPDATE collection SET deleted_at = NULL WHERE key = ?', [row.key])
      }),

    addDocuments: (id, documentIds) => {
      const added = changes.during((note) =>
        database.transaction('add to collection', () => {
          const { key } = present(id)
          const documents = listed(database, documentIds)
          for (const document of documents) note.changed(document.id)
          return insertMembers(database, key, JSON.stringify(documents.map((document) => document.key)))
        }),
      )
      return told(added)
    },

    removeDocuments: (id, documentIds) => {
      const removed = changes.during((note) =>
        database.transaction('take out of collection', () => {
          const { key } = present(id)
          const documents = listed(database, documentIds)
          for (const document of documents) note.changed(document.id)
          return database.run(
            'DELETE FROM collection_document WHERE collection_key = ? AND document_key IN (SELECT value FROM json_each(?))',
            [key, JSON.stringify(documents.map((document) => document.key))],
          ).changes
        }),
      )
      return told(removed)
    },

    addPath: (id, path) => {
      const added = changes.during((note) =>
        database.transaction('add path to collection', () => {
          const row = rowOf(id)
          // Deleted while its files were still being listed: they stay in the library, and in it should it come back.
          if (row === undefined) return 0
          const documents = database.all<{ key: number; id: DocumentId }>(
            `SELECT d.key, d.id FROM location l JOIN document d ON d.key IN (l.document_key, l.next_document_key)
             WHERE l.path = ? AND d.state <> 'removed'`,
            [path],
          )
          for (const document of documents) note.changed(document.id)
          return insertMembers(database, row.key, JSON.stringify(documents.map((document) => document.key)))
        }),
      )
      if (added > 0) told(undefined)
    },

    describe: (scope) => {
      if (isEverything(scope)) return null
      const collections = scope.collections.map((idOrName) => {
        const row = find(idOrName)
        if (row === undefined) throw unknownCollection(idOrName)
        return { id: row.id, name: row.name }
      })
      const names = new Map(listed(database, scope.documents).map(({ id, name }) => [id, name]))
      const documents = scope.documents.map((id) => {
        const name = names.get(id)
        if (name === undefined)
          throw new AppError('not-found', 'A document to search in is not in the library. Choose another.', {
            details: { reason: 'document-gone' },
          })
        return { id, name }
      })
      return { collections: unique(collections), documents: unique(documents), kinds: [...new Set(scope.kinds)] }
    },

    resolve: async (scope, { signal }) => {
      if (scope === null || isEverything(scope)) return null
      const keys = scope.collections.map(({ id, name }) => {
        const row = rowOf(id)
        if (row === undefined || row.deleted_at !== null)
          throw new AppError(
            'not-found',
            `The collection “${name}” was deleted. Choose what to search, then ask again.`,
            {
              details: { reason: 'collection-deleted', collection: name },
            },
          )
        return row.key
      })
      const found: DocumentSet = await thread.ask(
        {
          kind: 'documents-in-scope',
          scope: { collectionKeys: keys, documentIds: scope.documents.map(({ id }) => id), kinds: scope.kinds },
        },
        { signal },
      )
      if (found.keys.length === 0) throw nothingToSearch(scope)
      return found
    },

    expireDeleted: (before) =>
      void database.run('UPDATE collection SET deleted_at = 0 WHERE deleted_at > 0 AND deleted_at < ?', [before]),

    tidy: () =>
      database.transaction('purge collections', () => {
        const row = database.get<{ key: number }>('SELECT key FROM collection WHERE deleted_at = 0 LIMIT 1')
        if (row === undefined) return false
        const { changes: members } = database.run(
          `DELETE FROM collection_document WHERE collection_key = @key AND document_key IN (
             SELECT document_key FROM collection_document WHERE collection_key = @key LIMIT @limit)`,
          { key: row.key, limit: membersPerStep },
        )
        if (members === 0) database.run('DELETE FROM collection WHERE key = ?', [row.key])
        return true
      }),

    onChange: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

function listed(
  database: Database,
  ids: readonly DocumentId[],
): readonly { readonly key: number; readonly id: DocumentId; readonly name: string }[] {
  return ids.length === 0
    ? []
    : database.all(
        "SELECT key, id, name FROM document WHERE id IN (SELECT value FROM json_each(?)) AND state <> 'removed'",
        [JSON.stringify(ids)],
      )
}

function unique<Named extends { readonly id: string }>(named: readonly Named[]): Named[] {
  return [...new Map(named.map((entry) => [entry.id, entry])).values()]
}

function toCollection(row: CollectionRow): Collection {
  return { id: row.id, name: row.name, documentCount: row.document_count }
}

function checkedName(given: string): string {
  const name = collectionNameSchema.safeParse(given)
  if (!name.success)
    throw new AppError('invalid-request', 'A collection needs a name of up to 100 characters. Type another.', {
      details: { reason: 'collection-name' },
    })
  return name.data
}

function nameTaken(name: string): AppError {
  return new AppError('name-taken', `There is a collection “${name}” already. Choose another name.`, {
    details: { name },
  })
}

function unknownCollection(name: string | null = null): AppError {
  return new AppError(
    'not-found',
    name === null
      ? 'This collection is no longer there.'
      : `There is no collection “${name}”. See carrel collections for their names.`,
    { details: { reason: 'collection-unknown', ...(name === null ? {} : { collection: name }) } },
  )
}

function nothingToSearch(scope: NamedScope): AppError {
  const [only, ...more] = scope.collections
  const isOneCollection = only !== undefined && more.length + scope.documents.length + scope.kinds.length === 0
  return isOneCollection
    ? new AppError(
        'nothing-to-search',
        `Nothing in “${only.name}” can be searched yet. Add documents to it, wait until they are read, or search everything.`,
        { details: { collection: only.name } },
      )
    : new AppError(
        'nothing-to-search',
        'Nothing of what was chosen can be searched. Choose more, wait until it is read, or search everything.',
      )
}
