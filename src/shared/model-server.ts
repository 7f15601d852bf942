import { z } from 'zod'
import { serializedErrorSchema } from './document.ts'

/** A model that the local server offers. `contextTokens` null: the server did not say. */
export const modelSummarySchema = z.object({
  name: z.string(),
  sizeBytes: z.number(),
  parameterSize: z.string().nullable(),
  contextTokens: z.number().int().nullable(),
  isLoaded: z.boolean(),
})
export type ModelSummary = z.infer<typeof modelSummarySchema>

/**
 * What Carrel knows of the local model server. `refusedModels` are those the server would run in the cloud; they are
 * named, never used. `chosenModel` is the remembered choice, or the first model when nothing was chosen.
 */
export const modelServerStatusSchema = z.object({
  state: z.enum(['ready', 'unreachable', 'no-model', 'model-missing', 'refused']),
  address: z.string().nullable(),
  triedAddresses: z.array(z.string()),
  version: z.string().nullable(),
  models: z.array(modelSummarySchema),
  refusedModels: z.array(z.string()),
  chosenModel: z.string().nullable(),
  problem: serializedErrorSchema.nullable(),
})
export type ModelServerStatus = z.infer<typeof modelServerStatusSchema>
