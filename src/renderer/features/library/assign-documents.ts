import type { Collection } from '../../../shared/collection.ts'
import type { CollectionId, DocumentId } from '../../../shared/ids.ts'
import { showFailure, showNotice, showUndo } from '../../components/notices.ts'
import type { Translate } from '../../i18n/translate.ts'
import { useCollections } from './collections-store.ts'
import { useLibrary } from './library-store.ts'

/** Puts documents into a collection, and says so. */
export async function assign(
  t: Translate,
  { id, name }: Collection,
  documentIds: readonly DocumentId[],
): Promise<void> {
  const { addDocuments, removeDocuments } = useCollections.getState()
  const result = await addDocuments(id, documentIds)
  if (!result.ok) return showFailure(result.error)
  if (result.value.added === 0) return showNotice(t('collections.already', { name }))
  showUndo(t('collections.added', { count: result.value.added, name }), {
    id: `collection-${id}`,
    onUndo: () => void removeDocuments(id, documentIds).then((undone) => !undone.ok && showFailure(undone.error)),
  })
}

/** Takes documents out of a collection; they stay in the library, and it can be taken back. */
export async function unassign(
  t: Translate,
  { id, name }: Collection,
  documentIds: readonly DocumentId[],
): Promise<void> {
  const { addDocuments, removeDocuments } = useCollections.getState()
  const result = await removeDocuments(id, documentIds)
  if (!result.ok) return showFailure(result.error)
  showUndo(t('collections.taken-out', { count: result.value.removed, name }), {
    id: `collection-${id}`,
    onUndo: () => void addDocuments(id, documentIds).then((undone) => !undone.ok && showFailure(undone.error)),
  })
}

/** Deletes a collection; its documents stay, and it can be brought back. */
export async function deleteCollection(t: Translate, { id, name }: Collection): Promise<void> {
  const { remove, restore } = useCollections.getState()
  const result = await remove(id)
  if (!result.ok) return showFailure(result.error)
  const { rows, showCollection } = useLibrary.getState()
  if (rows.collectionId === id) await showCollection(null)
  showUndo(t('collections.deleted', { name }), {
    id: `collection-${id}`,
    onUndo: () => void restore(id).then((restored) => !restored.ok && showFailure(restored.error)),
  })
}

/** The collection with this id, as it is listed. */
export function listedCollection(id: CollectionId | null): Collection | null {
  return useCollections.getState().list.find((collection) => collection.id === id) ?? null
}
