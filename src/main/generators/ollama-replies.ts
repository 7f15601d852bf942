import { z } from 'zod'
import { modelAbilities, type ModelAbility } from '../../shared/model-server.ts'

/** Everything the server says is checked by these, and cut to what Carrel uses. Unknown fields are dropped. */

const maxModels = 1000
const nameSchema = z.string().regex(/^[\p{L}\p{N}._:/@+-]{1,200}$/u)
const countSchema = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional().catch(undefined)
const remoteSchema = z.string().max(1000).optional()

/** One line of POST /api/chat. */
export const chatLineSchema = z.object({
  message: z.object({ content: z.string().default(''), thinking: z.string().nullish() }).optional(),
  done: z.boolean(),
  done_reason: z.string().optional().catch(undefined),
  prompt_eval_count: countSchema,
  eval_count: countSchema,
  remote_host: remoteSchema,
  remote_model: remoteSchema,
})
export type ChatLine = z.infer<typeof chatLineSchema>

/** One model of GET /api/tags or /api/ps. */
export const listedModelSchema = z.object({
  name: nameSchema,
  size: z.number().min(0).max(Number.MAX_SAFE_INTEGER).catch(0),
  digest: z.string().max(200).catch(''),
  details: z
    .object({
      family: z.string().max(100).nullish().catch(null),
      families: z.array(z.string().max(100)).max(100).nullish().catch(null),
      parameter_size: z.string().max(40).nullish().catch(null),
      quantization_level: z.string().max(40).nullish().catch(null),
    })
    .nullish()
    .catch(null),
  capabilities: z.array(z.string().max(100)).max(100).nullish().catch(null),
  // Without a catch: a model whose remote fields cannot be read must not pass as a local one.
  remote_host: remoteSchema,
  remote_model: remoteSchema,
})
export type ListedModel = z.infer<typeof listedModelSchema>

export const versionReplySchema = z.object({ version: z.string().max(100) })

/** GET /api/tags and /api/ps: entries that cannot be read are left out, the rest stays usable. */
export const modelsReplySchema = z.object({
  models: z
    .array(z.unknown())
    .nullable()
    .transform((models) =>
      (models ?? []).slice(0, maxModels).flatMap((model) => {
        const parsed = listedModelSchema.safeParse(model)
        return parsed.success ? [parsed.data] : []
      }),
    ),
})

/** What POST /api/show tells beyond the list. */
export interface ModelDetails {
  readonly contextTokens: number | null
  readonly abilities: readonly ModelAbility[] | null
}

/**
 * POST /api/show: the context length stands under the architecture's name, `llama.context_length`, in tokens; abilities since
 * Ollama 0.6.4, `insert` and unknown ones are left out. Null: not said.
 */
export const modelDetailsSchema = z
  .object({
    model_info: z.record(z.string(), z.unknown()).nullish(),
    capabilities: z.array(z.string().max(100)).max(100).nullish().catch(null),
  })
  .transform(({ model_info: info, capabilities }): ModelDetails => {
    const architecture = info?.['general.architecture']
    const entries = Object.entries(info ?? {}).filter(([key]) => key.endsWith('.context_length'))
    const own = entries.find(([key]) => key === `${String(architecture)}.context_length`) ?? entries[0]
    const value = own?.[1]
    return {
      contextTokens: typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null,
      abilities: capabilities == null ? null : modelAbilities.filter((ability) => capabilities.includes(ability)),
    }
  })

/** One line of POST /api/pull. */
export const pullLineSchema = z.object({
  status: z.string().max(1000).default(''),
  digest: z.string().max(200).optional().catch(undefined),
  total: countSchema,
  completed: countSchema,
})
export type PullLine = z.infer<typeof pullLineSchema>

/** POST /api/generate without a prompt: the model is loaded. */
export const loadReplySchema = z.object({ done: z.boolean() })
