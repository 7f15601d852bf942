import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import type { WorkerCrash } from '../ports/workers.ts'

const crashSchema = z.object({
  reason: z.enum(['ended', 'silent', 'slow', 'memory']),
  blame: z.enum(['this', 'another', 'start']),
  part: z.number().optional(),
})

/** What an error says about the end of a worker process; null when it is about something else (Carrel is closing, or rests). */
export function crashOf(error: unknown): WorkerCrash | null {
  if (!(error instanceof AppError) || error.code !== 'worker-crashed') return null
  const parsed = crashSchema.safeParse(error.details)
  if (!parsed.success) return null
  const { reason, blame, part } = parsed.data
  return { reason, blame, ...(part === undefined ? {} : { part }) }
}
