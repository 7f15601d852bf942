import { z } from 'zod'
import { defaultLocalApiPort, isOrigin } from './local-api.ts'
import { condensePromptProblem } from './condense-prompt.ts'

const originSchema = z.string().max(200).refine(isOrigin)

/** What a person can change. Every field has a default, so that a missing or damaged value never stops the app. */
export const settingsSchema = z.object({
  language: z.enum(['system', 'en', 'zh-CN']).default('system').catch('system'),
  theme: z.enum(['system', 'light', 'dark']).default('system').catch('system'),
  /** Name of the chosen model; null: the first one the server offers. */
  model: z.string().nullable().default(null).catch(null),
  /** `auto`: where `OLLAMA_HOST` says, else the usual places; or one address of this computer, `http://127.0.0.1:1234`. */
  modelServer: z.string().max(200).default('auto').catch('auto'),
  /** `reference`: 3 passages of at most 512 tokens. `default`: see docs/decisions. `custom`: the next two. */
  preset: z.enum(['default', 'reference', 'custom']).default('default').catch('default'),
  passageCount: z.number().int().min(1).max(20).default(6).catch(6),
  passageTokens: z.number().int().min(128).max(2048).default(512).catch(512),
  /** Context that is asked of the model server, in tokens. */
  contextTokens: z.number().int().min(2048).max(131072).default(8192).catch(8192),
  embedderProcesses: z.number().int().min(1).max(16).nullable().default(null).catch(null),
  /** How a follow-up is made to stand alone; null: the built-in prompt. */
  condensePrompt: z
    .string()
    .refine((prompt) => condensePromptProblem(prompt) === null)
    .nullable()
    .default(null)
    .catch(null),
  verboseLog: z.boolean().default(false).catch(false),
  /** Other programs on this computer may ask, with the token. */
  localApi: z.boolean().default(false).catch(false),
  localApiPort: z.number().int().min(1024).max(65_535).default(defaultLocalApiPort).catch(defaultLocalApiPort),
  /** Pages in a browser that may ask as well, as `scheme://host:port`. */
  /** Folders that they may add files from; chosen in a dialog of the system, never named by the page. */
  localApiFolders: z.array(z.string()).max(100).default([]).catch([]),
  localApiOrigins: z.array(originSchema).max(20).default([]).catch([]),
})
export type Settings = z.infer<typeof settingsSchema>
