import { McpServer, ResourceTemplate, type ServerContext } from '@modelcontextprotocol/server'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { collectionSchema } from '../../../shared/collection.ts'
import { documentKinds, documentStates } from '../../../shared/document.ts'
import { citationCheckSchema } from '../../../shared/citation-check.ts'
import { claimRemark, uncitedRemarks } from '../../../shared/claim-remarks.ts'
import { versionRemarks } from '../../../shared/version-remarks.ts'
import { AppError, deserializeError, serializeError } from '../../../shared/errors.ts'
import { conversationIdSchema, documentIdSchema } from '../../../shared/ids.ts'
import { askRequestSchema } from '../../../shared/ipc.ts'
import type { LocalService } from '../local-service.ts'
import { askForResult } from './ask-for-result.ts'
import { documentUri, locationSchema, passageResultSchema, placeOf, toPassageResult } from './location.ts'
import { shortClaimSchema, shortVersionSchema, toShortClaim, toShortVersion } from '../short-source.ts'
import { findForAgent, findInput, findOutput } from './find-tool.ts'
import { readRange, type ReadRange } from './read-range.ts'

/** Text in one result: more fills the context of the agent that asked. */
const mostUnits = 20_000
const mostResources = 500
const mostResourceUnits = 200_000

const readOnly = { readOnlyHint: true, destructiveHint: false, openWorldHint: false } as const

const scopeInput = {
  collections: z
    .array(z.string().min(1).max(200))
    .max(100)
    .default([])
    .describe('Names: only documents in any of them'),
  documentIds: z.array(documentIdSchema).max(1_000).default([]).describe('Only these, beside those of collections'),
  kinds: z.array(z.enum(documentKinds)).max(documentKinds.length).default([]).describe('Only documents of these kinds'),
}

const documentResultSchema = z.object({
  documentId: documentIdSchema,
  name: z.string(),
  title: z.string().nullable(),
  paths: z.array(z.string()),
  state: z.enum(documentStates),
  pageCount: z.number().nullable(),
  uri: z.string(),
})
const rangeResultSchema = z.object({ text: z.string(), location: locationSchema, nextStart: z.int().nullable() })

/** The library for agents: read-only tools, documents as resources, a place in every result. One for each connection. */
export function createMcpServer(
  service: LocalService,
  {
    frontEnd,
    clientSignal,
  }: {
    readonly frontEnd: string
    /** Aborts when the client of the call that is being served has gone; null: the transport itself tells. */
    readonly clientSignal: () => AbortSignal | null
  },
): McpServer {
  const signalOf = ({ mcpReq }: ServerContext): AbortSignal => {
    const client = clientSignal()
    return client === null ? mcpReq.signal : AbortSignal.any([mcpReq.signal, client])
  }
  const { documents, collections, search } = service
  const server = new McpServer(
    { name: 'carrel', title: 'Carrel', version: service.version },
    {
      instructions:
        'Documents on this computer. Call search for passages, find for every document that mentions something, read_passage or read_document to see them in context, ask for an answer with citations. Cite name and page.',
    },
  )

  server.registerTool(
    'search',
    {
      title: 'Search the library',
      description: 'Finds passages in the documents, best first, by meaning and by keywords, in English and Chinese.',
      inputSchema: z.object({
        query: z.string().trim().min(1).max(20_000),
        limit: z.int().min(1).max(50).default(8),
        ...scopeInput,
      }),
      outputSchema: z.object({ passages: z.array(passageResultSchema) }),
      annotations: readOnly,
    },
    ({ query, limit, collections: names, documentIds, kinds }, context) =>
      asToolResult(async () => {
        const signal = signalOf(context)
        const scope = collections.describe({ collections: names, documents: documentIds, kinds })
        const remarks: string[] = []
        const found = await search(query, {
          limit,
          within: await collections.resolve(scope, { signal }),
          signal,
          onKeywordsOnly: ({ message }) => void remarks.push(`Searched by keywords only. ${message}`),
        })
        const passages = found.map(({ passage }) => toPassageResult(passage))
        const lines = passages.map(
          ({ location, text }, index) =>
            `${index + 1}. ${placeOf(location)} (document ${location.documentId}, ${location.start}-${location.end})\n${text}`,
        )
        return { text: [...remarks, lines.join('\n\n') || 'Nothing found.'].join('\n\n'), structured: { passages } }
      }),
  )

  server.registerTool(
    'find',
    {
      title: 'Find every document',
      description:
        'Every document that mentions something, not only the nearest: one row each with a quotation, how many there are, and what could not be read. Use it for "which", "list all" and "how many".',
      inputSchema: z.object({ ...findInput, ...scopeInput }),
      outputSchema: z.object(findOutput),
      annotations: readOnly,
    },
    ({ query, limit, collections: names, documentIds, kinds }, context) =>
      asToolResult(() =>
        findForAgent(
          service,
          { query, limit, scope: { collections: names, documents: documentIds, kinds } },
          signalOf(context),
        ),
      ),
  )

  server.registerTool(
    'read_passage',
    {
      title: 'Read a passage in context',
      description: 'The text of a place that search or ask named, with the text around it.',
      inputSchema: z.object({
        documentId: documentIdSchema,
        start: z.int().min(0),
        end: z.int().min(0),
        around: z.int().min(0).max(5_000).default(500).describe('UTF-16 units before and after'),
      }),
      outputSchema: rangeResultSchema,
      annotations: readOnly,
    },
    ({ documentId, start, end, around }) =>
      asToolResult(async () => {
        const from = Math.max(0, start - around)
        return rangeResult(
          readRange(documents, documentId, { start: from, end: Math.min(end + around, from + mostUnits) }),
        )
      }),
  )

  server.registerTool(
    'read_document',
    {
      title: 'Read a document',
      description: `The text of a document, ${mostUnits} UTF-16 units at once, pages marked; nextStart says where to read on.`,
      inputSchema: z.object({ documentId: documentIdSchema, start: z.int().min(0).default(0) }),
      outputSchema: rangeResultSchema,
      annotations: readOnly,
    },
    ({ documentId, start }) =>
      asToolResult(async () => rangeResult(readRange(documents, documentId, { start, end: start + mostUnits }))),
  )

  server.registerTool(
    'list_documents',
    {
      title: 'List documents',
      description: 'Documents in the library, newest first.',
      inputSchema: z.object({
        filter: z.string().max(200).default('').describe('A part of the name'),
        collection: z.string().min(1).max(200).optional().describe('Its name: of this collection alone'),
        offset: z.int().min(0).default(0),
        limit: z.int().min(1).max(200).default(50),
      }),
      outputSchema: z.object({ total: z.int(), documents: z.array(documentResultSchema) }),
      annotations: readOnly,
    },
    ({ collection, ...query }) =>
      asToolResult(async () => {
        const found = collection === undefined ? null : collections.find(collection)
        if (collection !== undefined && found === null)
          throw new AppError('not-found', 'There is no such collection. See list_collections for their names.')
        const { total, documents: rows } = documents.list({ ...query, collectionId: found?.id ?? null })
        const listed = rows.map(({ id, name, title, paths, state, pageCount }) => ({
          documentId: id,
          name,
          title,
          paths,
          state,
          pageCount,
          uri: documentUri(id),
        }))
        const lines = listed.map(({ documentId, name, state }) => `${name} (${state}), document ${documentId}`)
        return { text: [`${total} documents`, ...lines].join('\n'), structured: { total, documents: listed } }
      }),
  )

  server.registerTool(
    'list_collections',
    {
      title: 'List collections',
      description: 'Named sets of documents; search and ask can be restricted to them.',
      inputSchema: z.object({}),
      outputSchema: z.object({ collections: z.array(collectionSchema) }),
      annotations: readOnly,
    },
    () =>
      asToolResult(async () => {
        const list = collections.list()
        const lines = list.map(({ name, documentCount }) => `${name}: ${documentCount} documents`)
        return { text: lines.join('\n') || 'There are no collections.', structured: { collections: list } }
      }),
  )

  server.registerTool(
    'ask',
    {
      title: 'Ask the library',
      description:
        'An answer from the documents, written by the local model (or quotations where there is none), with [n] citations and their places. It may take minutes.',
      inputSchema: z.object({
        question: askRequestSchema.shape.question,
        conversationId: conversationIdSchema.optional().describe('From an earlier result: asks a follow-up'),
        ...scopeInput,
        basis: askRequestSchema.shape.basis.describe(
          'documents: says so when nothing is close enough; anyway: answers from the nearest passages all the same; general: also from what the model knows',
        ),
      }),
      outputSchema: z.object({
        answer: z.string(),
        conversationId: z.string(),
        sources: z.array(
          passageResultSchema.extend({
            number: z.int(),
            cited: z.boolean(),
            versions: z.array(shortVersionSchema),
            claims: z.array(shortClaimSchema),
          }),
        ),
        check: citationCheckSchema,
      }),
      annotations: readOnly,
    },
    ({ question, conversationId, basis, collections: names, documentIds, kinds }, context) =>
      asToolResult(async () => {
        const request = askRequestSchema.parse({
          question,
          basis,
          conversationId: conversationId ?? randomUUID(),
          // A follow-up that names nothing is asked of what the question before it was asked of.
          scope:
            names.length + documentIds.length + kinds.length === 0
              ? null
              : { collections: names, documents: documentIds, kinds },
        })
        const { answer, sources, check, ...result } = await askForResult(
          service.streamAnswer(request, { signal: signalOf(context), frontEnd }),
          progressOf(context),
        )
        const placed = sources.map((source) => ({
          ...toPassageResult(source),
          number: source.number,
          cited: source.isCited,
          versions: source.versions.map(toShortVersion),
          claims: source.claims.map(toShortClaim),
        }))
        const lines = placed
          .filter(({ cited }) => cited)
          .flatMap(({ number, location, versions, claims }) => [
            `[${number}] ${placeOf(location)} (${location.uri})`,
            ...versionRemarks(versions),
            ...claims.flatMap((claim) => claimRemark(answer, claim)),
          ])
        return {
          text: [answer.trim(), ...lines, ...uncitedRemarks(answer, check)].join('\n'),
          structured: { answer, conversationId: result.conversationId, sources: placed, check },
        }
      }),
  )

  server.registerResource(
    'document',
    new ResourceTemplate('carrel://document/{documentId}', {
      list: () => ({
        resources: documents
          .list({ offset: 0, limit: mostResources, filter: '' })
          .documents.filter(({ state }) => state === 'ready' || state === 'searchable')
          .map(({ id, name, title }) => ({
            uri: documentUri(id),
            name,
            ...(title === null ? {} : { title }),
            mimeType: 'text/plain',
          })),
      }),
    }),
    { title: 'A document of the library', description: 'Its text, pages marked', mimeType: 'text/plain' },
    (uri, { documentId }) => {
      const range = readRange(documents, documentIdSchema.parse(documentId), { start: 0, end: mostResourceUnits })
      const rest = range.nextStart === null ? '' : `\n[the rest: read_document from ${range.nextStart}]\n`
      return { contents: [{ uri: uri.href, mimeType: 'text/plain', text: `${range.markedText}${rest}` }] }
    },
  )
  return server
}

function rangeResult(range: ReadRange): {
  readonly text: string
  readonly structured: z.infer<typeof rangeResultSchema>
} {
  const { document, start, end, page, lastPage, nextStart } = range
  const location = {
    documentId: document.id,
    documentName: document.name,
    path: document.paths[0] ?? '',
    page,
    lastPage,
    headingPath: [],
    start,
    end,
    uri: documentUri(document.id, page),
  }
  const more = nextStart === null ? '' : `\n[read on from ${nextStart}]`
  return {
    text: `${placeOf(location)} (${start}-${end})\n${range.markedText}${more}`,
    structured: { text: range.text, location, nextStart },
  }
}

/** Tells the client how far it is, if it asked to be told: each stage by its name, each piece of text as it is written. */
function progressOf({ mcpReq }: ServerContext): (message: string) => Promise<void> {
  const progressToken = mcpReq._meta?.progressToken
  let progress = 0
  return async (message) => {
    if (progressToken === undefined) return
    await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress: ++progress, message } })
  }
}

/** A failure is a result that says so: the agent reads the sentence and its next step. */
async function asToolResult(
  work: () => Promise<{ readonly text: string; readonly structured: Record<string, unknown> }>,
): Promise<{
  content: { type: 'text'; text: string }[]
  structuredContent?: Record<string, unknown>
  isError?: boolean
}> {
  try {
    const { text, structured } = await work()
    return { content: [{ type: 'text', text }], structuredContent: structured }
  } catch (error) {
    if (!(error instanceof AppError)) throw deserializeError(serializeError(error))
    return { content: [{ type: 'text', text: error.message }], isError: true }
  }
}
