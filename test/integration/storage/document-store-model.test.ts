import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { createCollectionStore } from '../../../src/main/storage/collection-store.ts'
import { openDatabase } from '../../../src/main/storage/database.ts'
import { createDocumentStore } from '../../../src/main/storage/document-store.ts'
import { createLibraryChanges } from '../../../src/main/storage/library-changes.ts'
import { migrations } from '../../../src/main/storage/migrations/index.ts'
import { verifyRecords } from '../../../src/main/storage/verify-records.ts'
import type { CollectionId } from '../../../src/shared/ids.ts'
import { batchOf, collectingLog, sha256, steppedClock } from './storage-fixture.ts'

/** Any order of adding, changing, copying, failing, crashing, removing, stopping and retrying; then the queue is worked off. */
const path = fc.constantFrom('/a', '/b', '/c')
const content = fc.constantFrom('one', 'two', 'three', 'bad')
const step = fc.oneof(
  fc.record({ what: fc.constant('write' as const), path, content }),
  fc.record({ what: fc.constant('read' as const), how: fc.constantFrom('whole', 'cut-off', 'twice', 'unreadable') }),
  fc.record({ what: fc.constant('remove' as const), index: fc.nat(5) }),
  fc.record({ what: fc.constant('retry' as const), index: fc.nat(5) }),
  fc.record({ what: fc.constant('assign' as const), path, collection: fc.nat(1) }),
  fc.record({ what: fc.constant('stop' as const), index: fc.nat(5) }),
  fc.record({ what: fc.constant('want' as const), index: fc.nat(5) }),
  fc.record({ what: fc.constant('not-found' as const) }),
  fc.record({ what: fc.constantFrom('recover' as const, 'purge' as const, 'embed' as const) }),
)
const problem = { code: 'unreadable-file' as const, message: 'Bad.', retryable: false }

test.prop([fc.array(step, { maxLength: 40 })], { numRuns: 150 })(
  'whatever happens to files, the library ends up as they are',
  (steps) => {
    using database = openDatabase(':memory:', { isReadOnly: false, log: collectingLog() })
    for (const migration of migrations) migration.apply(database)
    const changes = createLibraryChanges(collectingLog())
    const clock = steppedClock()
    const documents = createDocumentStore(database, {
      parserVersion: 1,
      chunkerVersion: 1,
      clock,
      log: collectingLog(),
      changes,
    })
    const thread = { ask: () => Promise.reject(new Error('not here')), [Symbol.asyncDispose]: async () => undefined }
    const collections = createCollectionStore(database, { changes, clock, thread })
    const collectionIds = ['A', 'B'].map((name) => collections.create(name).id)
    const assigned = new Map<string, Set<CollectionId>>()
    const files = new Map<string, { readonly content: string; readonly modifiedAt: number }>()
    const listedPaths = (): readonly string[] => list().flatMap(({ paths }) => paths)
    const list = () => documents.list({ offset: 0, limit: 100, filter: '' }).documents
    let time = 0

    const readNext = (how: string): boolean => {
      const queued = documents.nextQueuedFile()
      const text = files.get(queued?.path ?? '')?.content
      if (queued === null || text === undefined) return false
      if (how === 'unreadable') {
        documents.failFile(queued.locationKey, problem)
        return true
      }
      const hash = sha256(text)
      for (const attempt of how === 'twice' ? [1, 2] : [2]) {
        const identified = documents.identifyFile(queued.locationKey, hash)
        if (identified.action === 'known') return true
        documents.appendBatch(identified.documentKey, batchOf(hash, [`${text} part `]))
        if (how === 'cut-off' || attempt === 1) continue
        documents.appendBatch(identified.documentKey, batchOf(hash, ['end'], { first: 1, start: text.length + 6 }))
        if (text === 'bad') documents.failDocument(identified.documentKey, problem)
        else
          documents.finishReading(identified.documentKey, {
            kind: 'text',
            title: null,
            pageCount: null,
            notices: [],
            hash,
          })
      }
      return true
    }
    const embed = (): void => {
      documents.markEmbedded(documents.pendingChunks(100).map(({ chunkKey }) => chunkKey))
      documents.confirmReady(documents.embeddedDocuments(100).map(({ documentKey }) => documentKey))
    }
    const purge = (): void => {
      for (let keys = documents.removedDocumentKeys(100); keys.length > 0; keys = documents.removedDocumentKeys(100))
        documents.purgeRemoved(keys)
    }

    for (const action of steps) {
      const id = 'index' in action ? list()[action.index]?.id : undefined
      if (action.what === 'write') {
        time += 1
        files.set(action.path, { content: action.content, modifiedAt: time })
        documents.queueFile({ path: action.path, sizeBytes: 1, modifiedAt: time })
      } else if (action.what === 'read') readNext(action.how)
      else if (action.what === 'remove' && id !== undefined) documents.remove([id])
      else if (action.what === 'retry' && id !== undefined) documents.retry(id)
      else if (action.what === 'assign') {
        const collectionId = collectionIds[action.collection]
        const isListed = list().some(({ paths }) => paths.includes(action.path))
        if (collectionId !== undefined) collections.addPath(collectionId, action.path)
        if (collectionId !== undefined && isListed)
          assigned.set(action.path, (assigned.get(action.path) ?? new Set<CollectionId>()).add(collectionId))
      } else if (action.what === 'stop' && id !== undefined) documents.stopImport([id])
      else if (action.what === 'want' && id !== undefined) documents.want([id])
      else if (action.what === 'not-found') {
        for (const { documentKey } of documents.embeddedDocuments(1)) documents.holdDocument(documentKey, problem)
      } else if (action.what === 'recover') documents.recover()
      else if (action.what === 'purge') purge()
      else if (action.what === 'embed') embed()
      expect(list().filter(({ paths }) => paths.length === 0)).toEqual([])
      for (const gone of assigned.keys()) if (!listedPaths().includes(gone)) assigned.delete(gone)
      expect(documents.totals().documents).toBe(list().length)
    }

    // A restart, then everything is read, whole.
    documents.recover()
    while (readNext('whole')) continue
    for (const { id } of list().filter(({ state }) => state === 'needs-attention')) documents.retry(id)
    for (const { id } of list().filter(({ problem: found }) => found !== null)) documents.retry(id)
    while (readNext('whole')) continue
    embed()
    purge()

    expect(verifyRecords(database).problems).toEqual([])
    // Whatever its bytes became, a file is where it was put.
    for (const { paths, collectionIds: memberOf } of list())
      for (const listedPath of paths)
        expect(memberOf).toEqual(expect.arrayContaining([...(assigned.get(listedPath) ?? [])]))
    for (const document of list()) {
      expect(['ready', 'needs-attention']).toContain(document.state)
      for (const path of document.paths) {
        // A file whose new bytes cannot be read is also shown with what was read of it before.
        const text = files.get(path)?.content ?? ''
        if (text !== 'bad')
          expect(document).toMatchObject({ id: sha256(text), state: 'ready', chunkCount: 2, embeddedChunkCount: 2 })
      }
    }
    expect(new Set(listedPaths()).size).toBeLessThanOrEqual(files.size)
    const rows = database.get<{ chunks: number; keywords: number; removed: number }>(
      `SELECT (SELECT count(*) FROM chunk) AS chunks, (SELECT count(*) FROM keyword_docsize) AS keywords,
       (SELECT count(*) FROM document WHERE state = 'removed') AS removed`,
    )
    expect(rows).toEqual({ chunks: documents.totals().chunks, keywords: documents.totals().chunks, removed: 0 })

    // Whatever was removed can be added again.
    for (const [removedPath, { modifiedAt }] of files)
      documents.queueFile({ path: removedPath, sizeBytes: 1, modifiedAt }, { wantedAt: 1 })
    while (readNext('whole')) continue
    expect(new Set(listedPaths())).toEqual(new Set(files.keys()))
  },
)
