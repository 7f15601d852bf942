import { z } from 'zod'
import type { TokenRatioStore, TokenRatios } from '../ports/token-ratio-store.ts'
import type { Database } from './database.ts'

const ratio = z.number().positive()
const ratiosByModelSchema = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown
    } catch (error) {
      context.addIssue({ code: 'custom', message: String(error) })
      return z.NEVER
    }
  })
  .pipe(z.record(z.string(), z.object({ narrow: ratio, wide: ratio })))
const name = 'token-ratios'
/** The models written last; one that is used again is learnt again. */
const modelsKept = 100

/** One row beside the settings: what is known of each model's way of counting. A damaged row counts as empty: it is learnt again. */
export function createTokenRatioStore(database: Database): TokenRatioStore {
  let known: ReadonlyMap<string, TokenRatios> | null = null

  const readAll = (): ReadonlyMap<string, TokenRatios> => {
    const row = database.get<{ value: string }>('SELECT value FROM setting WHERE name = ?', [name])
    const parsed = ratiosByModelSchema.safeParse(row?.value ?? '{}')
    return new Map(Object.entries(parsed.success ? parsed.data : {}))
  }

  return {
    read(model) {
      known ??= readAll()
      return known.get(model) ?? null
    },
    write(model, ratios) {
      const next = new Map(known ?? readAll())
      next.delete(model)
      const kept = new Map([...next, [model, ratios] as const].slice(-modelsKept))
      database.run(
        'INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
        [name, JSON.stringify(Object.fromEntries(kept))],
      )
      known = kept
    },
  }
}
