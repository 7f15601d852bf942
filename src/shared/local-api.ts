import { z } from 'zod'
import { serializedErrorSchema } from './document.ts'

/** The door for other programs on this computer. `address` and `token` are there while it is on; `failed`: see `problem`. */
export const localApiStatusSchema = z.object({
  state: z.enum(['off', 'on', 'failed']),
  /** `http://127.0.0.1:PORT` */
  address: z.string().nullable(),
  token: z.string().nullable(),
  problem: serializedErrorSchema.nullable(),
})
export type LocalApiStatus = z.infer<typeof localApiStatusSchema>

/** Below the ports that systems hand out by themselves. */
export const defaultLocalApiPort = 7517

/** The origin of a page: scheme, host and port, nothing else. */
export function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text
}
