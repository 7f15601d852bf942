import { z } from 'zod'
import { documentKinds } from './document.ts'
import { collectionIdSchema, documentIdSchema } from './ids.ts'

/** Longest name of a collection, in UTF-16 units. */
export const longestCollectionName = 100

/** As a person types it: one line, nothing invisible at its ends. */
export const collectionNameSchema = z
  .string()
  .transform((name) =>
    name
      .normalize('NFC')
      .replaceAll(/[\p{Cc}\s]+/gu, ' ')
      .trim(),
  )
  .pipe(z.string().min(1).max(longestCollectionName))

/** A named set of documents. A document may be in several; `documentCount` counts those that the library lists, in any state. */
export const collectionSchema = z.object({
  id: collectionIdSchema,
  name: z.string(),
  documentCount: z.number().int(),
})
export type Collection = z.infer<typeof collectionSchema>

/**
 * What a search is restricted to: documents that are in one of the collections or are named themselves, and of one of the
 * kinds. An empty list restricts nothing; collections go by id or by name, whatever its case.
 */
export const searchScopeSchema = z
  .object({
    collections: z.array(z.string().min(1).max(200)).max(100).default([]),
    documents: z.array(documentIdSchema).max(1_000).default([]),
    kinds: z.array(z.enum(documentKinds)).max(documentKinds.length).default([]),
  })
  .strict()
export type SearchScope = z.infer<typeof searchScopeSchema>
export type SearchScopeInput = z.input<typeof searchScopeSchema>

/** The same with its names, as it is kept with a question: what it names may be gone later. */
export const namedScopeSchema = z.object({
  collections: z.array(z.object({ id: collectionIdSchema, name: z.string() })),
  documents: z.array(z.object({ id: documentIdSchema, name: z.string() })),
  kinds: z.array(z.enum(documentKinds)),
})
export type NamedScope = z.infer<typeof namedScopeSchema>

/** True when nothing is restricted. */
export function isEverything(scope: {
  readonly collections: readonly unknown[]
  readonly documents: readonly unknown[]
  readonly kinds: readonly unknown[]
}): boolean {
  return scope.collections.length + scope.documents.length + scope.kinds.length === 0
}
