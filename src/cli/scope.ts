import { realpath } from 'node:fs/promises'
import type { Carrel } from '../main/compose.ts'
import type { Collection, SearchScope } from '../shared/collection.ts'
import { AppError } from '../shared/errors.ts'
import type { DocumentId } from '../shared/ids.ts'
import type { TypedScope } from './scope-arguments.ts'

/** Documents by id, by the first 8 or more digits of one, or by path; `unknown` names nothing. */
export async function findDocuments(
  carrel: Carrel,
  targets: readonly string[],
): Promise<{ readonly ids: readonly DocumentId[]; readonly unknown: readonly string[] }> {
  const ids = new Set<DocumentId>()
  const unknown: string[] = []
  for (const target of targets) {
    const found = [target, await realpath(target).catch(() => target)].flatMap((name) => carrel.documents.resolve(name))
    for (const id of found) ids.add(id)
    if (found.length === 0) unknown.push(target)
  }
  return { ids: [...ids], unknown }
}

/** @throws AppError `not-found` */
export function requireCollection(carrel: Carrel, idOrName: string): Collection {
  const found = carrel.collections.find(idOrName)
  if (found === null)
    throw new AppError('not-found', `There is no collection “${idOrName}”. See carrel collections for their names.`)
  return found
}

/** With ids for the documents. @throws AppError `not-found` for one that names nothing */
export async function readScope(carrel: Carrel, typed: TypedScope): Promise<SearchScope> {
  const { ids, unknown } = await findDocuments(carrel, typed.documents)
  if (unknown[0] !== undefined)
    throw new AppError('not-found', `There is no document ${unknown[0]}. See carrel list for ids and paths.`)
  return { collections: [...typed.collections], documents: [...ids], kinds: [...typed.kinds] }
}

/** What a search is restricted to; null: nothing. @throws AppError `not-found` `nothing-to-search` */
export async function resolveScope(
  carrel: Carrel,
  typed: TypedScope,
  signal: AbortSignal,
): ReturnType<Carrel['collections']['resolve']> {
  return carrel.collections.resolve(carrel.collections.describe(await readScope(carrel, typed)), { signal })
}
