import { z } from 'zod'
import { type Collection, collectionSchema } from '../../shared/collection.ts'
import { documentSummarySchema } from '../../shared/document.ts'
import { AppError } from '../../shared/errors.ts'
import { documentIdSchema } from '../../shared/ids.ts'
import { allowedPath } from './allowed-path.ts'
import type { LocalService } from './local-service.ts'
import { bodyParts, readJsonBody } from './request-body.ts'
import { parseOrRefuse, type Route, route } from './route.ts'

const listSchema = z.object({ total: z.number().int(), documents: z.array(documentSummarySchema) })
const addedSchema = z.object({
  queued: z.number().int().describe('Files that are now waiting to be read; 0 when they are known already'),
  documentId: documentIdSchema
    .nullable()
    .describe('Of an uploaded file; it is listed under this id once its bytes are read'),
})
const addPathSchema = z.object({ path: z.string().min(1).max(8192) }).strict()
const collectionName = z.string().min(1).max(200).optional()
const identified = z.object({ id: documentIdSchema })
const unknown = (): AppError => new AppError('not-found', 'This document is not in the library. See GET /v1/documents.')

/** The library: what is in it, more for it, and out of it. */
export function documentsRoutes(service: LocalService): readonly Route[] {
  const { documents, collections, importer, uploads } = service
  const namedCollection = (idOrName: string | undefined): Collection | null => {
    if (idOrName === undefined) return null
    const found = collections.find(idOrName)
    if (found === null)
      throw new AppError('not-found', 'There is no such collection. See GET /v1/collections for their names.')
    return found
  }
  return [
    route({
      method: 'get',
      path: '/v1/documents',
      summary: 'Documents and their states, newest first',
      query: z.object({
        offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
        limit: z.coerce.number().int().min(1).max(500).default(100),
        filter: z.string().max(200).default('').describe('A part of the name'),
        collection: collectionName.describe('Its name or id: of this collection alone'),
      }),
      responses: [
        { status: 200, description: 'One page of the list', content: { 'application/json': listSchema } },
        { status: 404, description: 'There is no such collection' },
      ],
      async serve({ query: { collection, ...query } }) {
        const { total, documents: rows } = documents.list({
          ...query,
          collectionId: namedCollection(collection)?.id ?? null,
        })
        return { status: 200, json: { total, documents: rows } }
      },
    }),
    route({
      method: 'get',
      path: '/v1/collections',
      summary: 'Collections, by name, and how many documents are in each',
      responses: [
        {
          status: 200,
          description: 'All of them',
          content: { 'application/json': z.object({ collections: z.array(collectionSchema) }) },
        },
      ],
      serve: async () => ({ status: 200, json: { collections: collections.list() } }),
    }),
    route({
      method: 'get',
      path: '/v1/documents/{id}',
      summary: 'One document and its state',
      parameters: identified,
      responses: [
        { status: 200, description: 'The document', content: { 'application/json': documentSummarySchema } },
        { status: 404, description: 'It is not in the library' },
      ],
      async serve({ parameters }) {
        const [document] = documents.summaries([parameters.id])
        if (document === undefined) throw unknown()
        return { status: 200, json: document }
      },
    }),
    route({
      method: 'post',
      path: '/v1/documents',
      summary: 'Adds a file: its bytes, or its path in an allowed folder (a folder adds what is in it)',
      query: z.object({
        name: z.string().min(1).max(200).optional().describe('With bytes: the name of the file'),
        collection: collectionName.describe('Its name or id: what is added joins this collection'),
      }),
      body: { 'application/json': addPathSchema, 'application/octet-stream': null },
      responses: [
        { status: 404, description: 'There is no such collection' },
        { status: 202, description: 'It waits to be read', content: { 'application/json': addedSchema } },
        { status: 413, description: 'It is over 200 MB' },
        { status: 415, description: 'The body is neither JSON nor bytes' },
        { status: 422, description: 'It is empty' },
        { status: 507, description: 'The disk is full' },
      ],
      async serve({ incoming, query, signal }) {
        const collection = namedCollection(query.collection)
        const onFile = (file: string): void => {
          if (collection !== null) collections.addPath(collection.id, file)
        }
        if (/^application\/octet-stream\s*(;|$)/i.test(incoming.headers['content-type'] ?? '')) {
          if (query.name === undefined)
            throw new AppError('invalid-request', 'Say what the file is called: POST /v1/documents?name=report.pdf.', {
              details: { field: 'name' },
            })
          const { path, documentId } = await uploads.keep(query.name, bodyParts(incoming))
          return { status: 202, json: { queued: await importer.add([path], { signal, onFile }), documentId } }
        }
        const { path } = parseOrRefuse(addPathSchema, await readJsonBody(incoming))
        const real = await allowedPath(path, service.allowedFolders())
        return { status: 202, json: { queued: await importer.add([real], { signal, onFile }), documentId: null } }
      },
    }),
    route({
      method: 'delete',
      path: '/v1/documents/{id}',
      summary: 'Takes a document out of the library; a file that was uploaded is deleted with it',
      parameters: identified,
      responses: [
        {
          status: 200,
          description: 'It is out of every search',
          content: { 'application/json': z.object({ removed: z.number().int() }) },
        },
        { status: 404, description: 'It is not in the library' },
      ],
      async serve({ parameters }) {
        const removed = documents.remove([parameters.id])
        if (removed === 0) throw unknown()
        importer.wake()
        return { status: 200, json: { removed } }
      },
    }),
  ]
}
