import { Check, ChevronRight, Folder, FolderPlus } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactElement } from 'react'
import type { DocumentSummary } from '../../../shared/document.ts'
import { menuLine, menuSurface } from '../../components/menu.tsx'
import { useTranslate } from '../../i18n/translate.ts'
import { assign, unassign } from './assign-documents.ts'
import { useCollectionEditing } from './collection-editing-store.ts'
import { useCollections } from './collections-store.ts'

/** In which collections a document is; a click puts it in or takes it out. */
export function CollectionSubmenu({ document }: { readonly document: DocumentSummary }): ReactElement {
  const { t } = useTranslate()
  const list = useCollections((state) => state.list)
  const beginNew = useCollectionEditing((state) => state.beginNew)
  return (
    <DropdownMenu.Sub>
      <DropdownMenu.SubTrigger className={menuLine}>
        <span aria-hidden className="flex w-4 justify-center text-soft">
          <Folder size={14} />
        </span>
        <span className="flex-1">{t('library.collections')}</span>
        <ChevronRight size={13} aria-hidden className="text-soft" />
      </DropdownMenu.SubTrigger>
      <DropdownMenu.Portal>
        <DropdownMenu.SubContent collisionPadding={8} className={`${menuSurface} max-h-80 max-w-72 overflow-y-auto`}>
          {list.map((collection) => {
            const isIn = document.collectionIds.includes(collection.id)
            return (
              <DropdownMenu.CheckboxItem
                key={collection.id}
                checked={isIn}
                className={menuLine}
                onSelect={() => void (isIn ? unassign : assign)(t, collection, [document.id])}
              >
                <span className="w-4 shrink-0">
                  <DropdownMenu.ItemIndicator>
                    <Check size={14} aria-hidden className="text-accent" />
                  </DropdownMenu.ItemIndicator>
                </span>
                <span className="min-w-0 truncate">{collection.name}</span>
              </DropdownMenu.CheckboxItem>
            )
          })}
          {list.length > 0 && <DropdownMenu.Separator className="mx-1 my-1 h-px bg-line" />}
          <DropdownMenu.Item className={menuLine} onSelect={() => beginNew([document.id])}>
            <span aria-hidden className="flex w-4 justify-center text-soft">
              <FolderPlus size={14} />
            </span>
            {t('collections.new')}
          </DropdownMenu.Item>
        </DropdownMenu.SubContent>
      </DropdownMenu.Portal>
    </DropdownMenu.Sub>
  )
}
