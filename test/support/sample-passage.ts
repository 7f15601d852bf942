import type { Passage, Source } from '../../src/shared/passage.ts'
import { chunkIdSchema, documentIdSchema } from '../../src/shared/ids.ts'

/** A passage for tests: chunk `ordinal` of the document named by one hex digit. */
export function samplePassage(
  overrides: Partial<Passage> & { readonly document?: string; readonly ordinal?: number } = {},
): Passage {
  const { document = 'a', ordinal = 0, ...rest } = overrides
  const text = rest.text ?? `Passage ${document}${ordinal}.`
  const start = rest.start ?? ordinal * 100
  return {
    id: chunkIdSchema.parse(`${document.repeat(16)}-${ordinal}`),
    documentId: documentIdSchema.parse(document.repeat(64)),
    documentName: `${document}.md`,
    title: null,
    path: `${document}.md`,
    kind: 'markdown',
    parserVersion: 1,
    page: null,
    lastPage: null,
    headingPath: [],
    start,
    end: start + text.length,
    text,
    language: 'en',
    rank: ordinal + 1,
    score: 1 / (ordinal + 1),
    vectorRank: ordinal + 1,
    keywordRank: null,
    modifiedAt: null,
    versions: [],
    ...rest,
  }
}

export function sampleSource(number: number): Source {
  return { ...samplePassage({ ordinal: number - 1 }), number, isCited: true, boxes: [], claims: [] }
}
