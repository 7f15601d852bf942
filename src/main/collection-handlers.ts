import type { DocumentId } from '../shared/ids.ts'
import type { Handlers } from './handlers.ts'
import type { CollectionStore } from './ports/collection-store.ts'

type CollectionChannel = Extract<keyof Handlers, `collections:${string}`>

/** Documents moved in one step: a few milliseconds. */
const movedAtOnce = 500

/** What the page does with collections. */
export function createCollectionHandlers({
  collections,
}: {
  readonly collections: CollectionStore
}): Handlers<CollectionChannel> {
  return {
    'collections:list': () => ({ collections: [...collections.list()] }),
    'collections:create': ({ name }) => collections.create(name),
    'collections:rename': ({ id, name }) => {
      collections.rename(id, name)
      return {}
    },
    'collections:delete': ({ id }) => {
      collections.delete(id)
      return {}
    },
    'collections:restore': ({ id }) => {
      collections.restore(id)
      return {}
    },
    'collections:add': async ({ id, documentIds }) => ({
      added: await inSteps(documentIds, (some) => collections.addDocuments(id, some)),
    }),
    'collections:remove': async ({ id, documentIds }) => ({
      removed: await inSteps(documentIds, (some) => collections.removeDocuments(id, some)),
    }),
  }
}

async function inSteps(
  documentIds: readonly DocumentId[],
  step: (some: readonly DocumentId[]) => number,
): Promise<number> {
  let count = 0
  for (let from = 0; from < documentIds.length; from += movedAtOnce) {
    count += step(documentIds.slice(from, from + movedAtOnce))
    await new Promise((resolve) => setImmediate(resolve))
  }
  return count
}
