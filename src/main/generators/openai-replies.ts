import { z } from 'zod'

/** Everything such a server says is checked by these, and cut to what Carrel uses. Unknown fields are dropped. */

const maxModels = 1000
const idSchema = z.string().regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,200}$/u)
const tokensSchema = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER).nullish().catch(null)
const bytesSchema = z.number().min(1).max(Number.MAX_SAFE_INTEGER).nullish().catch(null)
const wordSchema = z.string().max(100).nullish().catch(null)

/** Entries that cannot be read are left out, the rest stays usable. */
function listOf<Schema extends z.ZodType>(entry: Schema) {
  return z.object({
    data: z.array(z.unknown()).transform((entries) =>
      entries.slice(0, maxModels).flatMap((value): z.output<Schema>[] => {
        const parsed = entry.safeParse(value)
        return parsed.success ? [parsed.data] : []
      }),
    ),
  })
}

/** One model of GET /v1/models; `max_model_len` is vLLM's, `meta` and `status` are llama.cpp's. */
const listedSchema = z.object({
  id: idSchema,
  owned_by: wordSchema,
  max_model_len: tokensSchema,
  meta: z.object({ size: bytesSchema, n_params: bytesSchema, n_ctx: tokensSchema }).nullish().catch(null),
  status: z.object({ value: wordSchema }).nullish().catch(null),
})
export const openAiModelsSchema = listOf(listedSchema)
export type OpenAiModel = z.infer<typeof listedSchema>

/** One model of LM Studio's GET /api/v0/models. */
const lmStudioModelSchema = z.object({
  id: idSchema,
  type: z.string().max(40),
  state: z.enum(['loaded', 'not-loaded', 'loading']),
  quantization: wordSchema,
  max_context_length: tokensSchema,
  loaded_context_length: tokensSchema,
  capabilities: z.array(z.string().max(100)).max(100).nullish().catch(null),
})
export const lmStudioModelsSchema = listOf(lmStudioModelSchema)
export type LmStudioModel = z.infer<typeof lmStudioModelSchema>

/** llama.cpp's GET /props: the context of one slot. */
export const llamaCppPropsSchema = z
  .object({
    default_generation_settings: z.object({ n_ctx: tokensSchema }).nullish().catch(null),
    build_info: wordSchema,
  })
  .transform((props) => ({
    contextTokens: props.default_generation_settings?.n_ctx ?? null,
    version: props.build_info ?? null,
  }))

/** llama.cpp's GET /slots: true while any of them works. */
export const llamaCppSlotsSchema = z
  .array(z.object({ is_processing: z.boolean() }))
  .max(1000)
  .transform((slots) => slots.some((slot) => slot.is_processing))

const textSchema = z.string().nullish()

/** The data of one event of POST /v1/chat/completions with `stream: true`. */
export const chatChunkSchema = z.object({
  choices: z
    .array(
      z.object({
        delta: z.object({ content: textSchema, reasoning_content: textSchema, reasoning: textSchema }).nullish(),
        finish_reason: textSchema,
      }),
    )
    .max(100)
    .nullish(),
  usage: z
    .object({ prompt_tokens: z.number().int().min(0), completion_tokens: z.number().int().min(0) })
    .nullish()
    .catch(null),
})
export type ChatChunk = z.infer<typeof chatChunkSchema>
