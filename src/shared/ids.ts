import { z } from 'zod'

/**
 * SHA-256 of the file's bytes, 64 lower-case hex digits: the same bytes at two paths are one document. A file whose
 * bytes were not read yet (queued) or cannot be read (vanished, no permission) is listed as `file-<location number>`.
 */
export const documentIdSchema = z
  .string()
  .regex(/^(?:[0-9a-f]{64}|file-[0-9]{1,15})$/)
  .brand<'DocumentId'>()
export type DocumentId = z.infer<typeof documentIdSchema>

/** `<first 16 hex digits of the document's id>-<ordinal of the chunk>`: equal for equal bytes, parser and chunker. */
export const chunkIdSchema = z
  .string()
  .regex(/^[0-9a-f]{16}-[0-9]{1,9}$/)
  .brand<'ChunkId'>()
export type ChunkId = z.infer<typeof chunkIdSchema>

/** Conversations, messages and answers are named by random UUIDs, made where they are first written. */
export const conversationIdSchema = z.uuid().brand<'ConversationId'>()
export type ConversationId = z.infer<typeof conversationIdSchema>

/** Collections are named by random UUIDs; their names can change. */
export const collectionIdSchema = z.uuid().brand<'CollectionId'>()
export type CollectionId = z.infer<typeof collectionIdSchema>

export const messageIdSchema = z.uuid().brand<'MessageId'>()
export type MessageId = z.infer<typeof messageIdSchema>
