import { FolderPlus } from 'lucide-react'
import { type ReactElement, useRef } from 'react'
import type { Collection } from '../../../shared/collection.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { classNames } from '../../components/class-names.ts'
import { ErrorNote } from '../../components/error-note.tsx'
import { useTranslate } from '../../i18n/translate.ts'
import { askWithin } from '../conversation/scope-store.ts'
import { useAppStatus } from '../settings/app-status-store.ts'
import { assign, deleteCollection } from './assign-documents.ts'
import { useCollectionEditing } from './collection-editing-store.ts'
import { CollectionNameField } from './collection-name-field.tsx'
import { CollectionRow } from './collection-row.tsx'
import { useCollections } from './collections-store.ts'
import { useDrag } from './drag-store.ts'
import { headingLook } from './heading-look.ts'
import { useLibrary } from './library-store.ts'

/** Everything, then the collections by name: a click lists one, a drop puts documents into it. */
export function CollectionList(): ReactElement {
  const { t } = useTranslate()
  const { list, error, load, create, rename } = useCollections()
  const { editing, documentIds, beginNew, rename: beginRename, end } = useCollectionEditing()
  const { rows, showCollection } = useLibrary()
  const total = useAppStatus((status) => status.status?.totals.documents ?? 0)
  const isDragging = useDrag(({ dragged }) => dragged !== null)
  const listRef = useRef<HTMLUListElement | null>(null)

  /** The row is drawn again before it can take the focus back. */
  const endAt = (name: string | null): void => {
    end()
    requestAnimationFrame(() => {
      if (document.activeElement !== document.body) return
      const found = [...(listRef.current?.querySelectorAll<HTMLElement>('[data-row-button]') ?? [])]
      const row = found.find(({ textContent }) => name !== null && textContent.startsWith(name)) ?? found[0]
      row?.focus()
    })
  }
  const makeNew = async (name: string): ReturnType<typeof create> => {
    const result = await create(name)
    if (!result.ok) return result
    if (documentIds.length > 0) await assign(t, result.value, documentIds)
    else await showCollection(result.value.id)
    return result
  }
  const rowOf = (collection: Collection | null): ReactElement => (
    <CollectionRow
      key={collection?.id ?? 'everything'}
      collection={collection}
      count={collection?.documentCount ?? total}
      isShown={rows.collectionId === (collection?.id ?? null)}
      onShow={() => void showCollection(collection?.id ?? null)}
      onAsk={() => collection !== null && askWithin({ collections: [collection], documents: [], kinds: [] })}
      onRename={() => collection !== null && beginRename(collection.id)}
      onDelete={() => collection !== null && void deleteCollection(t, collection)}
    />
  )
  return (
    <section
      aria-label={t('library.collections')}
      className={classNames('shrink-0', isDragging && 'relative z-61 mx-1.5 rounded-xl bg-paper pb-1.5 shadow-float')}
    >
      <div className="flex items-center justify-between pt-3 pr-3.5 pb-0.5 pl-5">
        <h2 className={headingLook}>{t('library.collections')}</h2>
        <IconButton label={t('collections.new')} onClick={() => beginNew([])}>
          <FolderPlus size={15} aria-hidden />
        </IconButton>
      </div>
      <ul ref={listRef} className="max-h-[30vh] overflow-y-auto px-3">
        {rowOf(null)}
        {editing === 'new' && (
          <li>
            <CollectionNameField name="" onSave={makeNew} onEnd={() => endAt(null)} />
          </li>
        )}
        {list.map((collection) =>
          collection.id === editing ? (
            <li key={collection.id}>
              <CollectionNameField
                name={collection.name}
                onSave={(name) => rename(collection.id, name)}
                onEnd={() => endAt(collection.name)}
              />
            </li>
          ) : (
            rowOf(collection)
          ),
        )}
      </ul>
      {error !== null && (
        <div className="px-3 pt-1">
          <ErrorNote error={error} />
          <Button className="mt-2" onClick={() => void load()}>
            {t('app.retry')}
          </Button>
        </div>
      )}
    </section>
  )
}
