import { AtSign, Ellipsis, Folder, Library, Pencil, Trash2 } from 'lucide-react'
import type { KeyboardEvent, ReactElement } from 'react'
import type { Collection } from '../../../shared/collection.ts'
import { IconButton } from '../../components/button.tsx'
import { classNames } from '../../components/class-names.ts'
import { Menu, MenuItem } from '../../components/menu.tsx'
import { formatCount } from '../../i18n/format.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { collectionAttribute, useDrag } from './drag-store.ts'

/** Moves the focus to the row above or below. */
function focusNeighbour(row: HTMLElement, by: 1 | -1): void {
  const rows = [...(row.closest('ul')?.querySelectorAll<HTMLElement>('[data-row-button]') ?? [])]
  rows[rows.indexOf(row) + by]?.focus()
}

/** All documents of the library, or a collection of them; a click lists them. */
export function CollectionRow({
  collection,
  count,
  isShown,
  onShow,
  onAsk,
  onRename,
  onDelete,
}: {
  /** Null: everything. */
  readonly collection: Collection | null
  readonly count: number
  readonly isShown: boolean
  readonly onShow: () => void
  readonly onAsk: () => void
  readonly onRename: () => void
  readonly onDelete: () => void
}): ReactElement {
  const { t, language } = useTranslate()
  const isOver = useDrag(({ overId }) => collection !== null && overId === collection.id)
  const isDragging = useDrag(({ dragged }) => dragged !== null)
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.key === 'ArrowDown') focusNeighbour(event.currentTarget, 1)
    else if (event.key === 'ArrowUp') focusNeighbour(event.currentTarget, -1)
    else if (collection !== null && event.key === 'F2') onRename()
    else if (collection !== null && (event.key === 'Delete' || (event.key === 'Backspace' && event.metaKey))) onDelete()
    else return
    event.preventDefault()
  }
  const Icon = collection === null ? Library : Folder
  return (
    <li
      data-testid="collection-row"
      {...(collection === null ? {} : { [collectionAttribute]: collection.id })}
      className={classNames(
        'group/row relative rounded-md hover:bg-hover has-[[data-state=open]]:bg-hover',
        isShown && 'bg-wash hover:bg-wash',
        isDragging && collection !== null && !isOver && 'outline-1 -outline-offset-1 outline-edge outline-dashed',
        isOver && 'bg-wash outline-2 -outline-offset-2 outline-accent outline-solid',
      )}
    >
      <button
        type="button"
        data-row-button
        aria-current={isShown ? 'true' : undefined}
        aria-keyshortcuts={collection === null ? undefined : 'F2 Delete'}
        onClick={onShow}
        onDoubleClick={collection === null ? undefined : onRename}
        onKeyDown={onKeyDown}
        className="flex h-8 w-full items-center gap-2.5 rounded-md px-2.5 text-left focus-visible:-outline-offset-2"
      >
        <Icon
          size={14}
          aria-hidden
          className={classNames('shrink-0', isShown || isOver ? 'text-accent' : 'text-soft')}
        />
        <span className="min-w-0 flex-1 truncate">{collection?.name ?? t('library.everything')}</span>
        <span
          className={classNames(
            'tabular shrink-0 text-[12px] text-soft',
            collection !== null && 'group-focus-within/row:invisible group-hover/row:invisible',
          )}
        >
          {formatCount(count, language)}
        </span>
      </button>
      {collection !== null && (
        <div className="absolute top-0.5 right-1 opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100 has-[[data-state=open]]:opacity-100">
          <Menu
            trigger={
              <IconButton label={t('library.row-menu', { name: collection.name })}>
                <Ellipsis size={15} aria-hidden />
              </IconButton>
            }
          >
            <MenuItem icon={<AtSign size={14} />} onSelect={onAsk}>
              {t('collections.ask')}
            </MenuItem>
            <MenuItem icon={<Pencil size={14} />} onSelect={onRename}>
              {t('collections.rename')}
            </MenuItem>
            <MenuItem icon={<Trash2 size={14} />} isDangerous onSelect={onDelete}>
              {t('collections.delete')}
            </MenuItem>
          </Menu>
        </div>
      )}
    </li>
  )
}
