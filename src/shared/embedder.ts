import { z } from 'zod'
import { serializedErrorSchema } from './document.ts'

/**
 * Each passage belongs to one of two language groups by its script; each group has one embedder. What Carrel brings is one
 * for Chinese and one for everything else; a person can put another in their place.
 */
export const languageGroups = ['chinese', 'other'] as const
export type LanguageGroup = (typeof languageGroups)[number]

/** Where an embedder comes from: on board, a folder that was copied into the data folder, or a model of the user's Ollama. */
export const embedderSources = ['board', 'folder', 'ollama'] as const

/** How token vectors become one: their mean, the first, the last; `server`: the model server does it. */
export const poolings = ['mean', 'cls', 'last', 'server'] as const

/** What the person says an embedder is good for. */
export const embedderLanguages = ['english', 'chinese', 'many'] as const
export type EmbedderLanguages = (typeof embedderLanguages)[number]

export const embedderIdPattern = /^[a-z0-9][a-z0-9.-]{0,99}$/i
const idSchema = z.string().regex(embedderIdPattern)
export const embedderNameSchema = z.string().trim().min(1).max(100)
const prefixSchema = z.string().max(200)
const limitSchema = z.number().int().min(16).max(32_768)

/**
 * All that a vector depends on besides the text. It is recorded with every table of vectors: vectors of two identities never
 * stand in one table. `fileHash`: SHA-256 of the model's and the tokenizer's files, or the digest that Ollama gives.
 */
export const embedderIdentitySchema = z.object({
  source: z.enum(embedderSources),
  name: z.string(),
  fileHash: z.string(),
  pooling: z.enum(poolings),
  questionPrefix: z.string(),
  passagePrefix: z.string(),
  dimensions: z.number().int().min(1).max(8192),
  limitTokens: z.number().int().min(1),
})
export type EmbedderIdentity = z.infer<typeof embedderIdentitySchema>

/** An embedder that can be used for a language group. */
export const embedderRecordSchema = z.object({
  id: idSchema,
  identity: embedderIdentitySchema,
  languages: z.enum(embedderLanguages),
  /** On disk; 0 where the server has the files. */
  sizeBytes: z.number().min(0),
  /** One process, measured when it was added. */
  millisecondsPerToken: z.number().min(0),
})
export type EmbedderRecord = z.infer<typeof embedderRecordSchema>

/** What is read from a folder before it is added. Null: its configuration does not say, so the person is asked. */
export const embedderProposalSchema = z.object({
  name: z.string(),
  pooling: z.enum(poolings).exclude(['server']).nullable(),
  questionPrefix: z.string(),
  passagePrefix: z.string(),
  limitTokens: z.number().int().nullable(),
  languages: z.enum(embedderLanguages).nullable(),
  sizeBytes: z.number(),
})
export type EmbedderProposal = z.infer<typeof embedderProposalSchema>

/** What the person decided about a folder. */
export const folderChoicesSchema = z
  .object({
    name: embedderNameSchema,
    pooling: z.enum(poolings).exclude(['server']),
    questionPrefix: prefixSchema,
    passagePrefix: prefixSchema,
    limitTokens: limitSchema,
    languages: z.enum(embedderLanguages),
  })
  .strict()
export type FolderChoices = z.infer<typeof folderChoicesSchema>

/** What the person decided about a model of their Ollama. */
export const ollamaChoicesSchema = z
  .object({
    model: z.string().trim().min(1).max(200),
    questionPrefix: prefixSchema,
    passagePrefix: prefixSchema,
    languages: z.enum(embedderLanguages),
  })
  .strict()
export type OllamaChoices = z.infer<typeof ollamaChoicesSchema>

/** An index that is being built beside the one that answers. */
export const reindexProgressSchema = z.object({
  embedderId: idSchema,
  donePassages: z.number().int(),
  totalPassages: z.number().int(),
  /** Null: too early to say. */
  secondsLeft: z.number().nullable(),
  /** Why it does not go on; it is tried again by itself. */
  problem: serializedErrorSchema.nullable(),
})
export type ReindexProgress = z.infer<typeof reindexProgressSchema>

export const groupStatusSchema = z.object({
  group: z.enum(languageGroups),
  /** Whose vectors answer now. */
  embedderId: idSchema,
  passages: z.number().int(),
  averageTokens: z.number(),
  next: reindexProgressSchema.nullable(),
  /** Languages (ISO 639-1) of passages that this embedder was not made for, with their share of the group, 0..1; null: it fits. */
  misfit: z.object({ languages: z.array(z.string()), share: z.number(), passages: z.number().int() }).nullable(),
})
export type GroupStatus = z.infer<typeof groupStatusSchema>

export const embeddersStatusSchema = z.object({
  embedders: z.array(embedderRecordSchema),
  groups: z.array(groupStatusSchema),
  /** Processes that embed at once. */
  processes: z.number().int(),
})
export type EmbeddersStatus = z.infer<typeof embeddersStatusSchema>

/** What a new index would take: bytes on disk, and seconds of embedding, roughly. */
export function estimateReindex(
  group: Pick<GroupStatus, 'passages' | 'averageTokens'>,
  embedder: EmbedderRecord,
  processes: number,
): { readonly sizeBytes: number; readonly seconds: number } {
  const tokens = group.passages * group.averageTokens
  const atOnce = embedder.identity.source === 'ollama' ? 1 : Math.max(1, processes)
  return {
    sizeBytes: group.passages * embedder.identity.dimensions * 4,
    seconds: (tokens * embedder.millisecondsPerToken) / atOnce / 1000,
  }
}

/** Fewer passages, or a smaller share, are not worth a word. */
const fewestMisfits = 20
const smallestShare = 0.1

/**
 * Whether an embedder fits the languages of its group. `und` (too short or too mixed to tell) counts for nothing.
 * @param passages by ISO 639-1 language, of the whole library
 */
export function findMisfit(
  group: LanguageGroup,
  languages: EmbedderLanguages,
  passages: ReadonlyMap<string, number>,
): GroupStatus['misfit'] {
  if (languages === 'many') return null
  const own = [...passages].filter(([language]) => language !== 'und' && (language === 'zh') === (group === 'chinese'))
  const known = languages === 'english' ? 'en' : 'zh'
  const foreign = own.filter(([language]) => language !== known).toSorted((a, b) => b[1] - a[1])
  const total = own.reduce((sum, [, count]) => sum + count, 0)
  const count = foreign.reduce((sum, [, one]) => sum + one, 0)
  if (count < fewestMisfits || count < total * smallestShare) return null
  return { languages: foreign.map(([language]) => language), share: count / total, passages: count }
}
