import { z } from 'zod'
import { textSliceSchema } from '../../shared/anchor.ts'
import { documentKinds, documentNoticeSchema, serializedErrorSchema } from '../../shared/document.ts'
import { chunkIdSchema, documentIdSchema } from '../../shared/ids.ts'

/**
 * Messages between main and a worker process. Both sides check what they receive: a worker works on foreign bytes.
 * Main sends `request`, then may send `cancel`; a worker says `ready` once, then per request any number of `progress` (which
 * part of the document it begins) and of `batch` (the next only after `batch-taken`), and one `result` or `error`.
 */
export const workerProtocolVersion = 2

const requestId = z.number().int().min(1)
const embedderIdSchema = z.enum(['all-MiniLM-L6-v2', 'bge-small-zh-v1.5'])

const part = z.number().int().min(0)

/** Which parts of a document are read: all but some, or (to see whether it is the one that ends the process) one alone. */
export const partsToReadSchema = z.union([z.object({ leaveOut: z.array(part) }), z.object({ only: part })])
const passwordSchema = z.string().min(1).max(1_024)

export const parseInputSchema = z.object({
  path: z.string().min(1),
  documentId: documentIdSchema,
  parts: partsToReadSchema,
  /** Tried in this order where the file asks for one. */
  passwords: z.array(passwordSchema).max(32),
})
export type ParseInput = z.infer<typeof parseInputSchema>

export const unlockInputSchema = z.object({ path: z.string().min(1), password: passwordSchema })
export type UnlockInput = z.infer<typeof unlockInputSchema>
export const unlockedSchema = z.object({ opens: z.boolean() })

export const recogniseInputSchema = z.object({
  path: z.string().min(1),
  documentId: documentIdSchema,
  passwords: z.array(passwordSchema).max(32),
  page: z.number().int().min(1),
  start: z.number().int().min(0),
  sliceOrdinal: z.number().int().min(0),
  chunkOrdinal: z.number().int().min(0),
})
export type RecogniseInput = z.infer<typeof recogniseInputSchema>

const cutStateSchema = z.object({
  headings: z.array(z.object({ level: z.number().int(), start: z.number().int(), text: z.string() })),
  nextOrdinal: z.number().int().min(0),
  embedder: embedderIdSchema.nullable(),
  letters: z.number(),
  unknownLetters: z.number(),
})

export const cutInputSchema = z.object({
  documentId: documentIdSchema,
  slices: z.array(textSliceSchema),
  state: cutStateSchema.nullable(),
})
export type CutInput = z.infer<typeof cutInputSchema>

/** What a worker can be asked to do. */
export const workerMethods = ['parse', 'cut', 'unlock', 'recognise', 'embed'] as const
export type WorkerMethod = (typeof workerMethods)[number]

/** An embedder of the person's own, see embedder-models.ts. */
const addedModelSchema = z.object({
  folder: z.string().min(1),
  fileHash: z.string(),
  name: z.string(),
  pooling: z.enum(['mean', 'cls', 'last']),
  dimensions: z.number().int().nullable(),
  limitTokens: z.number().int().min(1),
  prefixes: z.array(z.string()).max(2).readonly(),
})

/** One text a message: texts are embedded singly (architecture, fact 7). `embedder`: one on board, or one that was added. */
export const embedInputSchema = z.object({ embedder: z.union([embedderIdSchema, addedModelSchema]), text: z.string() })
export type EmbedInput = z.infer<typeof embedInputSchema>

export const toWorkerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('request'), id: requestId, method: z.enum(workerMethods), input: z.unknown() }),
  z.object({ type: z.literal('cancel'), id: requestId }),
  z.object({ type: z.literal('batch-taken'), id: requestId }),
  /** End by yourself, now. */
  z.object({ type: z.literal('stop') }),
])
export type ToWorker = z.infer<typeof toWorkerSchema>

export const fromWorkerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), protocolVersion: z.number().int(), models: z.array(z.string()) }),
  z.object({ type: z.literal('progress'), id: requestId, part }),
  z.object({ type: z.literal('batch'), id: requestId, value: z.unknown() }),
  z.object({ type: z.literal('result'), id: requestId, value: z.unknown() }),
  z.object({ type: z.literal('error'), id: requestId, error: serializedErrorSchema }),
])
export type FromWorker = z.infer<typeof fromWorkerSchema>

const chunkSchema = z.object({
  id: chunkIdSchema,
  ordinal: z.number().int().min(0),
  start: z.number().int().min(0),
  end: z.number().int().min(0),
  page: z.number().int().nullable(),
  lastPage: z.number().int().nullable(),
  headingPath: z.array(z.string()),
  text: z.string(),
  embeddingText: z.string(),
  keywordText: z.string(),
  language: z.string(),
  embedder: embedderIdSchema,
  tokenCount: z.number().int().min(0),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
})

export const parsedBatchSchema = z.object({
  slices: z.array(textSliceSchema),
  chunks: z.array(chunkSchema),
  pageCount: z.number().int().nullable().optional(),
})

export const cutSchema = z.object({ chunks: z.array(chunkSchema), state: cutStateSchema })

export const recognisedSchema = z.object({
  slice: textSliceSchema.nullable(),
  chunks: z.array(chunkSchema),
  confidence: z.number().min(0).max(100),
})

export const parsedDocumentSchema = z.object({
  kind: z.enum(documentKinds),
  title: z.string().nullable(),
  pageCount: z.number().int().nullable(),
  notices: z.array(documentNoticeSchema),
  scanPages: z.array(z.number().int().min(1)).optional(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  passwordUsed: z.number().int().min(0).nullable(),
})

export const vectorSchema = z.instanceof(Float32Array)
