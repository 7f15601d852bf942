import { join } from 'node:path'
import { closeEnoughAmong } from '../../src/main/answer/refusal.ts'
import type { Carrel } from '../../src/main/compose.ts'
import type { DocumentId } from '../../src/shared/ids.ts'
import type { JudgedLibrary } from './judged-library.ts'

/** What a question is asked of: its own document, when the library has it, among others. */
export interface ScopedQuestion {
  readonly text: string
  /** The set's id of a document that answers it; null: none does. */
  readonly answeredBy: string | null
}

/**
 * Closeness of the best passage when only `size` documents are searched: the one that answers the question and others of the
 * library, drawn by `random`; and what is close enough there.
 */
export async function askFew(
  carrel: Pick<Carrel, 'search' | 'collections' | 'documents'>,
  library: JudgedLibrary & { readonly ids: readonly string[] },
  question: ScopedQuestion,
  { size, limit, random }: { readonly size: number; readonly limit: number; readonly random: () => number },
): Promise<{ readonly closeness: number; readonly threshold: number }> {
  const { signal } = new AbortController()
  const numbers = new Set<number>()
  if (question.answeredBy !== null) numbers.add(library.ids.indexOf(question.answeredBy))
  while (numbers.size < Math.min(size, library.ids.length)) numbers.add(Math.floor(random() * library.ids.length))
  const documents = [...numbers].map((number) => documentAt(carrel, join(library.documentsFolder, `${number}.txt`)))
  const within = await carrel.collections.resolve({ collections: [], documents, kinds: [] }, { signal })
  const found = await carrel.search(question.text, { limit, within, signal })
  return {
    closeness: Math.max(0, ...found.map(({ closeness }) => closeness)),
    threshold: closeEnoughAmong(carrel.documents.searchableChunkCount(within?.keys ?? null)),
  }
}

function documentAt({ documents }: Pick<Carrel, 'documents'>, path: string): { id: DocumentId; name: string } {
  const [id] = documents.resolve(path)
  if (id === undefined) throw new Error(`${path} is not in the library`)
  return { id, name: '' }
}
