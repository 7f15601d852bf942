import { z } from 'zod'
import { condensePromptProblem } from './condense-prompt.ts'
import { defaultLocalApiPort, isOrigin } from './local-api.ts'

const originSchema = z.string().max(200).refine(isOrigin)

/** What each setting may be. */
const fields = {
  language: z.enum(['system', 'en', 'zh-CN']),
  theme: z.enum(['system', 'light', 'dark']),
  /** Name of the chosen model; null: the first one the server offers. */
  model: z.string().nullable(),
  /** `auto`: where `OLLAMA_HOST` says, else the usual places; or one address of this computer, `http://127.0.0.1:1234`. */
  modelServer: z.string().max(200),
  /** `reference`: 3 passages of at most 512 tokens. `default`: see docs/decisions. `custom`: the next two. */
  preset: z.enum(['default', 'reference', 'custom']),
  passageCount: z.number().int().min(1).max(20),
  passageTokens: z.number().int().min(128).max(2048),
  /** Context that is asked of the model server, in tokens. */
  contextTokens: z.number().int().min(2048).max(131072),
  embedderProcesses: z.number().int().min(1).max(16).nullable(),
  /** Nothing is read or embedded until somebody lets it go on. */
  importPaused: z.boolean(),
  /** How a follow-up is made to stand alone; null: the built-in prompt. */
  condensePrompt: z
    .string()
    .refine((prompt) => condensePromptProblem(prompt) === null)
    .nullable(),
  verboseLog: z.boolean(),
  /** Answers may also rest on what the model knows by itself. */
  generalKnowledge: z.boolean(),
  /** Other programs on this computer may ask, with the token. */
  localApi: z.boolean(),
  localApiPort: z.number().int().min(1024).max(65_535),
  /** Folders that they may add files from; chosen in a dialog of the system, never named by the page. */
  localApiFolders: z.array(z.string()).max(100),
  /** Pages in a browser that may ask as well, as `scheme://host:port`. */
  localApiOrigins: z.array(originSchema).max(20),
}

/** What a person can change. Every field has a default, so that a missing or damaged value never stops the app. */
export const settingsSchema = z.object({
  language: fields.language.default('system').catch('system'),
  theme: fields.theme.default('system').catch('system'),
  model: fields.model.default(null).catch(null),
  modelServer: fields.modelServer.default('auto').catch('auto'),
  preset: fields.preset.default('default').catch('default'),
  passageCount: fields.passageCount.default(6).catch(6),
  passageTokens: fields.passageTokens.default(512).catch(512),
  contextTokens: fields.contextTokens.default(8192).catch(8192),
  embedderProcesses: fields.embedderProcesses.default(null).catch(null),
  importPaused: fields.importPaused.default(false).catch(false),
  condensePrompt: fields.condensePrompt.default(null).catch(null),
  verboseLog: fields.verboseLog.default(false).catch(false),
  generalKnowledge: fields.generalKnowledge.default(false).catch(false),
  localApi: fields.localApi.default(false).catch(false),
  localApiPort: fields.localApiPort.default(defaultLocalApiPort).catch(defaultLocalApiPort),
  localApiFolders: fields.localApiFolders.default([]).catch([]),
  localApiOrigins: fields.localApiOrigins.default([]).catch([]),
})

/**
 * A change of some settings; what it does not name stays as it is. Not `settingsSchema.partial()`: that fills in the defaults,
 * so that choosing a theme would put everything else back.
 */
export const settingsChangeSchema = z
  .object(fields)
  // Only a dialog of the system adds a folder; pausing has a request of its own.
  .omit({ localApiFolders: true, importPaused: true })
  .partial()
  // Why a prompt of a person's own cannot be used is said in a sentence, later.
  .extend({ condensePrompt: z.string().nullable().optional() })
  .strict()
export type Settings = z.infer<typeof settingsSchema>
