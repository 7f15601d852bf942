import { z } from 'zod'
import { type Finding, findingMatches, findingsSummarySchema, longestFindQuery } from '../../../shared/findings.ts'
import { findingsSentence } from '../../../shared/findings-sentence.ts'
import type { SearchScope } from '../../../shared/collection.ts'
import type { LocalService } from '../local-service.ts'
import { passageResultSchema, placeOf, toPassageResult } from './location.ts'

const mostRows = 200

export const findInput = {
  query: z
    .string()
    .trim()
    .min(1)
    .max(longestFindQuery)
    .describe('Words that a document must hold; parts in quotation marks word for word'),
  limit: z.int().min(1).max(mostRows).default(50).describe('Rows in the result; all documents are counted'),
}

export const findOutput = {
  rows: z.array(
    passageResultSchema.extend({ match: z.enum(findingMatches), passageCount: z.int(), quotation: z.string() }),
  ),
  summary: findingsSummarySchema,
}

/** Every document that mentions something: the first rows, and how many there are. */
export async function findForAgent(
  { findDocuments }: Pick<LocalService, 'findDocuments'>,
  { query, limit, scope }: { readonly query: string; readonly limit: number; readonly scope: SearchScope },
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly structured: Record<string, unknown> }> {
  const rows: Finding[] = []
  for await (const event of findDocuments({ query, scope }, { signal })) {
    if (event.type === 'rows') rows.push(...event.rows.slice(0, limit - rows.length))
    if (event.type !== 'end') continue
    const placed = rows.map(({ passage, match, passageCount, quotation }) => ({
      ...toPassageResult(passage),
      match,
      passageCount,
      quotation: quotation.text,
    }))
    const lines = placed.map(
      ({ location, match, quotation }) =>
        `${placeOf(location)}${match === 'words' ? '' : ` (${match})`} (${location.uri})\n${quotation}`,
    )
    return {
      text: [findingsSentence(event.summary), ...lines].join('\n\n'),
      structured: { rows: placed, summary: event.summary },
    }
  }
  throw new Error('findings ended without a summary')
}
