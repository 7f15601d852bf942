import { z } from 'zod'
import { boxSchema, textSliceSchema } from './anchor.ts'
import type { RequestChannel } from './channels.ts'
import { collectionSchema, longestCollectionName, searchScopeSchema } from './collection.ts'
import { conversationHitsSchema } from './conversation-search.ts'
import {
  conversationPageSchema,
  conversationSummarySchema,
  deletedConversationSchema,
  turnSchema,
} from './conversation.ts'
import { documentMapSchema, textRangeSchema } from './document-map.ts'
import { documentStates, documentSummarySchema, serializedErrorSchema } from './document.ts'
import { exportFormatSchema } from './export-format.ts'
import {
  embedderProposalSchema,
  embeddersStatusSchema,
  folderChoicesSchema,
  languageGroups,
  ollamaChoicesSchema,
} from './embedder.ts'
import {
  findingSchema,
  findingsSummarySchema,
  findRequestSchema,
  longestFindQuery,
  mostSummarisedRows,
} from './findings.ts'
import { chunkIdSchema, collectionIdSchema, conversationIdSchema, documentIdSchema, messageIdSchema } from './ids.ts'
import { importProgressSchema } from './import-progress.ts'
import { localApiStatusSchema } from './local-api.ts'
import { modelPullSchema, modelServerStatusSchema, modelWorkSchema } from './model-server.ts'
import { originalStates } from './original-state.ts'
import { passageNowSchema } from './passage-now.ts'
import { explainRequestSchema, passageExplanationSchema } from './passage-explanation.ts'
import { answerBases } from './search-trace.ts'
import { expectationIdSchema, keepExpectationSchema, selfTestStatusSchema } from './self-test.ts'
import { settingsChangeSchema, settingsSchema } from './settings.ts'
import { ignoreRulesSchema, watchedFolderIdSchema, watchedFolderSchema } from './watched-folder.ts'

const nothing = z.object({}).strict()
/** Checked by main, which says what is wrong with it. */
const collectionName = z.string().max(longestCollectionName * 2)
const collectionDocuments = z
  .object({ id: collectionIdSchema, documentIds: z.array(documentIdSchema).min(1).max(10_000) })
  .strict()
const findingsTable = z.object({ id: z.uuid() }).strict()
const watchedFolder = z.object({ id: watchedFolderIdSchema }).strict()

/** A question, as every front end asks it. The conversation is created when its id is new. */
export const askRequestSchema = z
  .object({
    conversationId: conversationIdSchema,
    question: z.string().trim().min(1).max(20_000),
    /** `auto`: written by the model when there is one, else quotations. */
    mode: z.enum(['auto', 'quotes']).default('auto'),
    /** Overrides the remembered model for this answer; an unknown one is an error. */
    model: z.string().min(1).max(200).nullable().default(null),
    /** What is searched for instead, by the reader's own hand: no model rewrites it. */
    condensedQuestion: z.string().trim().min(1).max(2_000).nullable().default(null),
    /** The last answer of the conversation: this one takes its place once it has text. The earlier one is kept. */
    replaces: messageIdSchema.nullable().default(null),
    /** What is searched; null: what the question before it searched, everything at first. `{}`: everything. */
    scope: searchScopeSchema.nullable().default(null),
    /** What the answer may rest on. */
    basis: z.enum(answerBases).default('documents'),
    /** Passages of chosen findings: the model summarises each of them instead, and nothing is searched. */
    summarise: z.array(chunkIdSchema).min(1).max(mostSummarisedRows).nullable().default(null),
  })
  .strict()
export type AskRequest = z.infer<typeof askRequestSchema>
export type AskRequestInput = z.input<typeof askRequestSchema>

export const libraryTotalsSchema = z.object({
  byState: z.record(z.enum(documentStates), z.number().int()),
  documents: z.number().int(),
  chunks: z.number().int(),
  embeddedChunks: z.number().int(),
})
export type LibraryTotals = z.infer<typeof libraryTotalsSchema>

export const appStatusSchema = z.object({
  version: z.string(),
  dataFolder: z.string(),
  embedderProcesses: z.number().int(),
  /** TCP connections of main that went beyond loopback (must stay 0), and requests of the page that were refused. */
  connectionsOutside: z.number().int(),
  connectionsBlocked: z.number().int(),
  activeAnswers: z.number().int(),
  /** What keeps import from going on, such as a full disk; it is tried again by itself. */
  importProblem: serializedErrorSchema.nullable(),
  importProgress: importProgressSchema,
  totals: libraryTotalsSchema,
})
export type AppStatus = z.infer<typeof appStatusSchema>

/** Around one passage: the slices that hold `[start, end)` and their neighbours, in document order. */
export const documentViewSchema = z.object({
  document: documentSummarySchema,
  parserVersion: z.number().int(),
  sliceCount: z.number().int(),
  slices: z.array(textSliceSchema),
})
export type DocumentView = z.infer<typeof documentViewSchema>

/** Every request of the page: main checks `request`, answers `response`, both ways wrapped in a `Result`. */
export const ipc = {
  'app:status': { request: nothing, response: appStatusSchema },
  'app:open-data-folder': { request: nothing, response: nothing },
  'library:list': {
    request: z
      .object({
        offset: z.number().int().min(0),
        limit: z.number().int().min(1).max(500),
        filter: z.string().max(200),
        /** Of this collection alone. */
        collectionId: collectionIdSchema.nullable().default(null),
        /** Only those that need attention or are held. */
        onlyAttention: z.boolean().default(false),
      })
      .strict(),
    response: z.object({ total: z.number().int(), documents: z.array(documentSummarySchema) }),
  },
  /** From the preload only: paths of dropped files and folders; also into a collection. */
  'library:add-paths': {
    request: z
      .object({
        paths: z.array(z.string().min(1).max(8192)).min(1).max(10_000),
        collectionId: collectionIdSchema.nullable().default(null),
      })
      .strict(),
    response: z.object({ queued: z.number().int() }),
  },
  'library:choose': {
    request: z
      .object({ what: z.enum(['files', 'folder']), collectionId: collectionIdSchema.nullable().default(null) })
      .strict(),
    response: z.object({ queued: z.number().int() }),
  },
  'library:add-samples': {
    request: nothing,
    response: z.object({ queued: z.number().int(), questions: z.array(z.string()) }),
  },
  'library:remove': {
    request: z.object({ documentIds: z.array(documentIdSchema).min(1).max(10_000) }).strict(),
    response: z.object({ removed: z.number().int() }),
  },
  /** Pages without text that wait for recognition: not read; and what was stopped or failed: read after all. */
  'library:stop-scan': { request: z.object({ documentId: documentIdSchema }).strict(), response: nothing },
  'library:start-scan': { request: z.object({ documentId: documentIdSchema }).strict(), response: nothing },
  'library:retry': { request: z.object({ documentId: documentIdSchema }).strict(), response: nothing },
  /** The password is tried at once; where it opens the document, that is read next. It is kept in memory until Carrel ends. */
  'library:unlock': {
    request: z.object({ documentId: documentIdSchema, password: z.string().min(1).max(1_024) }).strict(),
    response: z.object({ opens: z.boolean() }),
  },
  'collections:list': { request: nothing, response: z.object({ collections: z.array(collectionSchema) }) },
  'collections:create': { request: z.object({ name: collectionName }).strict(), response: collectionSchema },
  'collections:rename': {
    request: z.object({ id: collectionIdSchema, name: collectionName }).strict(),
    response: nothing,
  },
  /** Its documents stay in the library; it can be brought back. */
  'collections:delete': { request: z.object({ id: collectionIdSchema }).strict(), response: nothing },
  'collections:restore': { request: z.object({ id: collectionIdSchema }).strict(), response: nothing },
  'collections:add': { request: collectionDocuments, response: z.object({ added: z.number().int() }) },
  'collections:remove': { request: collectionDocuments, response: z.object({ removed: z.number().int() }) },
  'watched:list': { request: nothing, response: z.object({ folders: z.array(watchedFolderSchema) }) },
  /** Main asks which folders, in a dialog of the system, and follows them. `added`: how many. */
  'watched:choose': { request: nothing, response: z.object({ added: z.number().int() }) },
  'watched:rescan': { request: watchedFolder, response: nothing },
  'watched:pause': {
    request: z.object({ id: watchedFolderIdSchema, isPaused: z.boolean() }).strict(),
    response: nothing,
  },
  'watched:set-rules': {
    request: z.object({ id: watchedFolderIdSchema, rules: ignoreRulesSchema }).strict(),
    response: nothing,
  },
  /** Files whose documents were removed by hand are read again. */
  'watched:bring-back': { request: watchedFolder, response: nothing },
  'watched:remove': {
    request: z.object({ id: watchedFolderIdSchema, keepsDocuments: z.boolean() }).strict(),
    response: nothing,
  },
  'watched:reveal': { request: watchedFolder, response: nothing },
  /** Whatever failed for a reason that may have passed. */
  'library:retry-failed': { request: nothing, response: z.object({ retried: z.number().int() }) },
  /** Stops reading or embedding these; they stay in the list, and can be taken up again. */
  'library:stop': {
    request: z.object({ documentIds: z.array(documentIdSchema).min(1).max(500) }).strict(),
    response: z.object({ stopped: z.number().int() }),
  },
  /** All of import; remembered. */
  'library:pause': { request: z.object({ isPaused: z.boolean() }).strict(), response: nothing },
  'document:read': {
    request: z
      .object({
        documentId: documentIdSchema,
        start: z.number().int().min(0),
        end: z.number().int().min(0),
        /** Slices wanted before and after the range. */
        neighbours: z.number().int().min(0).max(20),
      })
      .strict(),
    response: documentViewSchema,
  },
  /** Where `[start, end)` stands on the pages of a PDF; empty for other kinds. */
  'document:boxes': {
    request: z
      .object({ documentId: documentIdSchema, start: z.number().int().min(0), end: z.number().int().min(0) })
      .strict(),
    response: z.object({ boxes: z.array(boxSchema) }),
  },
  /** Of what is shown from its stored text: where it may be cut, its headings and tables. */
  'document:map': { request: z.object({ documentId: documentIdSchema }).strict(), response: documentMapSchema },
  /** Where words stand in the stored text, in order. `isCut`: there are more. */
  'document:find': {
    request: z.object({ documentId: documentIdSchema, query: z.string().max(200) }).strict(),
    response: z.object({ matches: z.array(textRangeSchema), isCut: z.boolean() }),
  },
  /** Why an answer did not find a place in a document: the stage that lost it. */
  'document:explain': { request: explainRequestSchema, response: passageExplanationSchema },
  /** What opens the file behind a document in this session, for showing its pages; null where that is not known. */
  'document:password': {
    request: z.object({ documentId: documentIdSchema }).strict(),
    response: z.object({ password: z.string().nullable() }),
  },
  /** In the system's own program for such files. */
  'document:open': { request: z.object({ documentId: documentIdSchema }).strict(), response: nothing },
  'document:reveal': { request: z.object({ documentId: documentIdSchema }).strict(), response: nothing },
  /** What became of the file behind a document; the first time it is read to its end. */
  'document:original': {
    request: z.object({ documentId: documentIdSchema }).strict(),
    response: z.object({ state: z.enum(originalStates) }),
  },
  /** Of a passage as an answer keeps it; `path` is only looked up in the library's records. */
  'document:passage-now': {
    request: z
      .object({
        documentId: documentIdSchema,
        path: z.string().max(8192),
        start: z.number().int().min(0),
        text: z.string().min(1).max(100_000),
      })
      .strict(),
    response: passageNowSchema,
  },
  /** The file behind a document has changed: its places are read again. */
  'document:read-again': {
    request: z.object({ documentId: documentIdSchema }).strict(),
    response: z.object({ queued: z.number().int() }),
  },
  'conversations:list': {
    request: z.object({ offset: z.number().int().min(0), limit: z.number().int().min(1).max(500) }).strict(),
    response: z.object({ total: z.number().int(), conversations: z.array(conversationSummarySchema) }),
  },
  /** Some turns at a place: the newest, those on one side of a turn's key, or those around it. */
  'conversations:turns': {
    request: z
      .object({
        id: conversationIdSchema,
        at: z.union([
          z.literal('newest'),
          z.object({ before: z.number().int() }).strict(),
          z.object({ after: z.number().int() }).strict(),
          z.object({ around: z.number().int() }).strict(),
        ]),
        limit: z.number().int().min(1).max(50),
      })
      .strict(),
    response: conversationPageSchema,
  },
  /** While somebody types: every word by its beginning. `beforeKey`: the page after `nextKey`. */
  'conversations:search': {
    request: z
      .object({
        query: z.string().max(1_000),
        beforeKey: z.number().int().nullable(),
        limit: z.number().int().min(1).max(100),
      })
      .strict(),
    response: conversationHitsSchema,
  },
  'conversations:rename': {
    request: z.object({ id: conversationIdSchema, title: z.string().trim().min(1).max(200) }).strict(),
    response: nothing,
  },
  /** It can be brought back. An answer that is being written in it is stopped. */
  'conversations:delete': { request: z.object({ id: conversationIdSchema }).strict(), response: nothing },
  /** Brings back another answer to the last question; the one that stood there is kept in its turn. */
  'conversations:choose-answer': {
    request: z.object({ answerId: messageIdSchema }).strict(),
    response: turnSchema,
  },
  /** Main asks where to, and writes it there: the whole conversation, or one answer of it. `isSaved` false: they chose nothing. */
  'conversations:export': {
    request: z
      .object({
        id: conversationIdSchema,
        answerId: messageIdSchema.nullable(),
        format: exportFormatSchema,
        language: z.enum(['en', 'zh-CN']),
      })
      .strict(),
    response: z.object({ isSaved: z.boolean() }),
  },
  /** Markdown of an answer as HTML for the clipboard, as a word processor takes it. */
  'conversations:as-html': {
    request: z.object({ markdown: z.string().min(1).max(2_000_000) }).strict(),
    response: z.object({ html: z.string() }),
  },
  'conversations:restore': { request: z.object({ id: conversationIdSchema }).strict(), response: nothing },
  'conversations:deleted': {
    request: nothing,
    response: z.object({ conversations: z.array(deletedConversationSchema) }),
  },
  /** Of the deleted conversations one, or all (null). */
  'conversations:delete-for-ever': {
    request: z.object({ id: conversationIdSchema.nullable() }).strict(),
    response: nothing,
  },
  /** Begins a table of every document that mentions something; its rows are asked for by `findings:more`. */
  'findings:begin': { request: findRequestSchema, response: z.object({ id: z.uuid() }) },
  'findings:more': {
    request: findingsTable,
    response: z.object({
      rows: z.array(findingSchema),
      /** Of the documents, how much has been looked through; 0..1. */
      share: z.number(),
      /** With the last rows. */
      summary: findingsSummarySchema.nullable(),
    }),
  },
  /** The rows that are there stay. */
  'findings:stop': { request: findingsTable, response: nothing },
  /** Main asks where to, and writes these rows there in this order, as CSV. `isSaved` false: they chose nothing. */
  'findings:export': {
    request: z
      .object({
        id: z.uuid(),
        documentIds: z.array(documentIdSchema).max(100_000),
        title: z.string().max(longestFindQuery),
        language: z.enum(['en', 'zh-CN']),
      })
      .strict(),
    response: z.object({ isSaved: z.boolean() }),
  },
  'models:status': { request: nothing, response: modelServerStatusSchema },
  'models:choose': {
    request: z.object({ name: z.string().min(1).max(200) }).strict(),
    response: modelServerStatusSchema,
  },
  /** The status with context and abilities of every model: asks the server for each one it was not asked for before. */
  'models:details': { request: nothing, response: modelServerStatusSchema },
  'models:activity': {
    request: nothing,
    response: z.object({
      pull: modelPullSchema.nullable(),
      work: modelWorkSchema.nullable(),
      /** Of this computer. */
      memoryBytes: z.number(),
    }),
  },
  /** `auto`, or an address as a person writes it; refused with a sentence when it is not of this computer. */
  'models:use-server': {
    request: z.object({ address: z.string().max(200) }).strict(),
    response: modelServerStatusSchema,
  },
  /** A conversation was opened: the chosen model may be loaded. Resolves at once. */
  'models:warm-up': { request: nothing, response: nothing },
  /** Starts a download; its progress comes as pushes. A download that runs: `busy`. */
  'models:pull': { request: z.object({ name: z.string().max(200) }).strict(), response: modelPullSchema },
  'models:cancel-pull': { request: nothing, response: nothing },
  'embedders:status': { request: nothing, response: embeddersStatusSchema },
  /** Main asks for a folder and looks at it; it stays the one that `add-folder` means. Null: they chose nothing. */
  'embedders:choose-folder': {
    request: nothing,
    response: z.object({ proposal: embedderProposalSchema.nullable() }),
  },
  /** Copies it into the data folder and tries it. */
  'embedders:add-folder': { request: folderChoicesSchema, response: embeddersStatusSchema },
  'embedders:ollama-models': {
    request: nothing,
    response: z.object({ models: z.array(z.object({ name: z.string(), isMadeForIt: z.boolean() })) }),
  },
  'embedders:add-ollama': { request: ollamaChoicesSchema, response: embeddersStatusSchema },
  'embedders:remove': { request: z.object({ id: z.string().max(100) }).strict(), response: embeddersStatusSchema },
  /** Begins a new index by this embedder; its progress comes as pushes. */
  'embedders:use': {
    request: z.object({ group: z.enum(languageGroups), id: z.string().max(100) }).strict(),
    response: embeddersStatusSchema,
  },
  'embedders:cancel': {
    request: z.object({ group: z.enum(languageGroups) }).strict(),
    response: embeddersStatusSchema,
  },
  'self-test:status': { request: nothing, response: selfTestStatusSchema },
  /** This question should find that place. `isNew` false: it was kept already. */
  'self-test:keep': { request: keepExpectationSchema, response: z.object({ isNew: z.boolean() }) },
  'self-test:remove': { request: z.object({ id: expectationIdSchema }).strict(), response: selfTestStatusSchema },
  /** Questions out of the documents' own sentences, in place of those made before; then all are tested. */
  'self-test:generate': {
    request: z.object({ count: z.number().int().min(1).max(500) }).strict(),
    response: z.object({ made: z.number().int() }),
  },
  /** Its progress and its result come as pushes. */
  'self-test:start': { request: nothing, response: selfTestStatusSchema },
  'self-test:cancel': { request: nothing, response: nothing },
  'settings:get': { request: nothing, response: settingsSchema },
  'local-api:allow-folder': { request: nothing, response: settingsSchema },
  'local-api:forget-folder': { request: z.object({ folder: z.string().max(8192) }).strict(), response: settingsSchema },
  'local-api:status': { request: nothing, response: localApiStatusSchema },
  'settings:set': {
    request: settingsChangeSchema,
    response: settingsSchema,
  },
} satisfies Record<RequestChannel, { request: z.ZodType; response: z.ZodType }>

export type IpcRequest<C extends RequestChannel> = z.input<(typeof ipc)[C]['request']>
export type IpcParsedRequest<C extends RequestChannel> = z.output<(typeof ipc)[C]['request']>
export type IpcResponse<C extends RequestChannel> = z.output<(typeof ipc)[C]['response']>
