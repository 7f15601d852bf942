import { isEverything, type NamedScope, type SearchScopeInput } from '../../../shared/collection.ts'
import type { DocumentKind } from '../../../shared/document.ts'
import type { Translate } from '../../i18n/translate.ts'

const everything: NamedScope = { collections: [], documents: [], kinds: [] }

/** One thing that a scope names. */
export type ScopePart =
  | { readonly type: 'collection'; readonly part: NamedScope['collections'][number] }
  | { readonly type: 'document'; readonly part: NamedScope['documents'][number] }
  | { readonly type: 'kind'; readonly part: DocumentKind }

/** In the order they are shown. */
export function partsOf(scope: NamedScope | null): readonly ScopePart[] {
  const { collections, documents, kinds } = scope ?? everything
  return [
    ...collections.map((part) => ({ type: 'collection' as const, part })),
    ...documents.map((part) => ({ type: 'document' as const, part })),
    ...kinds.map((part) => ({ type: 'kind' as const, part })),
  ]
}

export function partKey({ type, part }: ScopePart): string {
  return `${type} ${typeof part === 'string' ? part : part.id}`
}

export function partName(t: Translate, scopePart: ScopePart): string {
  return scopePart.type === 'kind' ? t(`kind.${scopePart.part}`) : scopePart.part.name
}

/** Null: everything. */
export function withPart(scope: NamedScope | null, part: ScopePart): NamedScope {
  const others = partsOf(scope).filter((other) => partKey(other) !== partKey(part))
  return fromParts([...others, part])
}

export function withoutPart(scope: NamedScope | null, part: ScopePart): NamedScope | null {
  const left = fromParts(partsOf(scope).filter((other) => partKey(other) !== partKey(part)))
  return isEverything(left) ? null : left
}

function fromParts(parts: readonly ScopePart[]): NamedScope {
  return {
    collections: parts.flatMap(({ type, part }) => (type === 'collection' ? [part] : [])),
    documents: parts.flatMap(({ type, part }) => (type === 'document' ? [part] : [])),
    kinds: parts.flatMap(({ type, part }) => (type === 'kind' ? [part] : [])),
  }
}

/** As main is asked; everything is said as such, so that it does not take over the question before. */
export function toSearchScope(scope: NamedScope | null): SearchScopeInput {
  const { collections, documents, kinds } = scope ?? everything
  return { collections: collections.map(({ id }) => id), documents: documents.map(({ id }) => id), kinds: [...kinds] }
}
