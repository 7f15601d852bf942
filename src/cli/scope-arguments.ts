import { type DocumentKind, documentKinds } from '../shared/document.ts'
import { oneText, UsageError } from './usage-error.ts'

/** What a command is restricted to, as it was typed: names or ids of collections, ids or paths of documents. */
export interface TypedScope {
  readonly collections: readonly string[]
  readonly documents: readonly string[]
  readonly kinds: readonly DocumentKind[]
}

export const everything: TypedScope = { collections: [], documents: [], kinds: [] }

/** What is done to a collection; `collection` is its name or id. */
export type CollectionAction =
  | { readonly action: 'list' }
  | { readonly action: 'create' | 'delete' | 'restore'; readonly collection: string }
  | { readonly action: 'rename'; readonly collection: string; readonly newName: string }
  | { readonly action: 'add' | 'remove'; readonly collection: string; readonly targets: readonly string[] }

interface ScopeValues {
  readonly collection?: string[] | undefined
  readonly document?: string[] | undefined
  readonly kind?: string[] | undefined
}

/** @throws UsageError where the command takes no such option */
export function refuseForeignScope(command: string | undefined, values: ScopeValues): void {
  const takesScope = command === 'search' || command === 'find' || command === 'ask' || command === 'list'
  if (!takesScope && command !== 'add' && values.collection !== undefined)
    throw new UsageError('--collection belongs to search, find, ask, list and add.')
  if (!takesScope && (values.document !== undefined || values.kind !== undefined))
    throw new UsageError('--document and --kind belong to search, find, ask and list.')
}

/** @throws UsageError for an empty name or a kind that does not exist */
export function scopeOf({ collection = [], document = [], kind = [] }: ScopeValues): TypedScope {
  return {
    collections: collection.map((name) => oneText([name], '--collection needs a name.')),
    documents: document.map((name) => oneText([name], '--document needs an id or a path.')),
    kinds: kind.map((name) => {
      const known = documentKinds.find((other) => other === name)
      if (known === undefined) throw new UsageError(`--kind takes one of ${documentKinds.join(', ')}.`)
      return known
    }),
  }
}

/** The words after `collections`. @throws UsageError */
export function collectionAction([action, collection, ...more]: readonly string[]): CollectionAction {
  if (action === undefined) return { action: 'list' }
  if (collection === undefined) throw new UsageError(`collections ${action} needs the name of a collection.`)
  switch (action) {
    case 'create':
    case 'delete':
    case 'restore':
      if (more.length > 0) throw new UsageError(`collections ${action} takes one name; put it in quotes.`)
      return { action, collection }
    case 'rename': {
      const [newName, ...rest] = more
      if (newName === undefined || rest.length > 0)
        throw new UsageError('collections rename takes the old name and the new one, each in quotes.')
      return { action, collection, newName }
    }
    case 'add':
    case 'remove':
      if (more.length === 0) throw new UsageError(`collections ${action} needs at least one document id or path.`)
      return { action, collection, targets: more }
    default:
      throw new UsageError('collections takes create, rename, delete, restore, add or remove.')
  }
}
