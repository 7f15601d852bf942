import { z } from 'zod'

/**
 * A command line that runs in the app, as lines of JSON in both directions of one HTTP exchange. What the terminal sends: what
 * was typed first, then its standard input, and Ctrl-C.
 */
export const terminalFrameSchema = z.union([
  z.object({ words: z.array(z.string()).max(20_000), folder: z.string() }).strict(),
  z.object({ input: z.string() }).strict(),
  z.object({ end: z.literal(true) }).strict(),
  z.object({ stop: z.literal(true) }).strict(),
])
export type TerminalFrame = z.infer<typeof terminalFrameSchema>

/** What the app sends: text for standard output, progress and remarks for standard error, and the exit code, last. */
export const appFrameSchema = z.union([
  z.object({ write: z.string() }).strict(),
  z.object({ progress: z.string() }).strict(),
  z.object({ remark: z.string() }).strict(),
  z.object({ exit: z.int() }).strict(),
])
export type AppFrame = z.infer<typeof appFrameSchema>

export const commandPath = '/v1/command'
