import type { DocumentSet } from '../../../src/main/ports/collection-store.ts'
import type { Storage } from '../../../src/main/storage/open-storage.ts'
import { type NamedScope, type SearchScopeInput, searchScopeSchema } from '../../../src/shared/collection.ts'

/** A scope as a front end gives it, with its names. */
export function scopeOf({ collections }: Pick<Storage, 'collections'>, scope: SearchScopeInput): NamedScope | null {
  return collections.describe(searchScopeSchema.parse(scope))
}

/** Its document keys. */
export function everythingOf(within: DocumentSet | null): readonly number[] {
  return [...(within?.keys ?? [])]
}
