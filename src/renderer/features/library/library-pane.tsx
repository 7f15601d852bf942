import { FilePlus2, FolderPlus, FolderSync, Plus, Search, X } from 'lucide-react'
import { type ReactElement, useEffect, useState } from 'react'
import { Button, IconButton } from '../../components/button.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { useLayout } from '../../components/layout-store.ts'
import { Menu, MenuItem } from '../../components/menu.tsx'
import { shortcutText } from '../../components/shortcut-text.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { useAppStatus } from '../settings/app-status-store.ts'
import { chooseAndAdd } from './add-documents.ts'
import { CollectionList } from './collection-list.tsx'
import { useCollections } from './collections-store.ts'
import { DocumentList } from './document-list.tsx'
import { collectionAttribute } from './drag-store.ts'
import { headingLook } from './heading-look.ts'
import { ImportPanel } from './import-panel.tsx'
import { useLibrary } from './library-store.ts'
import { useWatchFolder } from './use-watch-folder.ts'
import { WatchedFolderList } from './watched-folder-list.tsx'

/** Typing pauses this long before the list is asked for again. */
const filterDelayMs = 120

function FindField(): ReactElement {
  const { t } = useTranslate()
  const load = useLibrary((state) => state.load)
  const known = useLibrary((state) => state.rows.filter)
  const setPaletteOpen = useLayout((state) => state.setPaletteOpen)
  const [text, setText] = useState('')
  useEffect(() => {
    if (text === known) return
    const timer = setTimeout(() => void load(text), filterDelayMs)
    return () => clearTimeout(timer)
  }, [text, known, load])
  return (
    <div className="mx-3.5 mt-3 flex h-[34px] items-center gap-2 rounded-lg border border-edge bg-raised pr-1.5 pl-2.5 field">
      <Search size={14} aria-hidden className="shrink-0 text-soft" />
      <input
        type="text"
        role="searchbox"
        data-pane-focus
        aria-label={t('library.find')}
        placeholder={t('library.find')}
        maxLength={200}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && setText('')}
        className="selectable h-full min-w-0 flex-1 bg-transparent outline-none"
      />
      {text === '' ? (
        <button
          type="button"
          aria-label={`${t('palette.title')}, ${shortcutText('K', window.api.platform)}`}
          onClick={() => setPaletteOpen(true)}
          className="rounded px-1.5 text-[12px] text-soft hover:bg-hover hover:text-ink"
        >
          {shortcutText('K', window.api.platform)}
        </button>
      ) : (
        <button
          type="button"
          aria-label={t('library.find-clear')}
          onClick={() => setText('')}
          className="rounded p-1 text-soft hover:bg-hover hover:text-ink"
        >
          <X size={13} aria-hidden />
        </button>
      )}
    </div>
  )
}

/** The library: what it holds, how each document stands, and how to add more. */
export function LibraryPane(): ReactElement {
  const { t } = useTranslate()
  const { rows, state, error, load, showAttention } = useLibrary()
  const shown = useCollections(({ list }) => list.find(({ id }) => id === rows.collectionId) ?? null)
  const importProblem = useAppStatus((status) => status.status?.importProblem ?? null)
  const watchFolder = useWatchFolder()
  const isEmpty = state === 'ready' && rows.order.length === 0
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <FindField />
      <CollectionList />
      <WatchedFolderList />
      <div className="flex items-center justify-between pt-3 pr-3.5 pb-0.5 pl-5">
        {rows.onlyAttention ? (
          <>
            <h2 className="min-w-0 flex-1 truncate font-semibold text-warning">{t('library.attention')}</h2>
            <IconButton label={t('library.show-all')} onClick={() => void showAttention(false)}>
              <X size={15} aria-hidden />
            </IconButton>
          </>
        ) : shown === null ? (
          <h2 className={headingLook}>{t('library.documents')}</h2>
        ) : (
          <h2
            aria-label={t('collections.documents-of', { name: shown.name })}
            className="min-w-0 truncate font-semibold"
          >
            {shown.name}
          </h2>
        )}
        <Menu
          trigger={
            <IconButton label={t('library.add')}>
              <Plus size={15} aria-hidden />
            </IconButton>
          }
        >
          <MenuItem icon={<FilePlus2 size={14} />} onSelect={() => void chooseAndAdd(t, 'files')}>
            {t('library.add-files')}
          </MenuItem>
          <MenuItem icon={<FolderPlus size={14} />} onSelect={() => void chooseAndAdd(t, 'folder')}>
            {t('library.add-folder')}
          </MenuItem>
          <MenuItem icon={<FolderSync size={14} />} onSelect={() => void watchFolder()}>
            {t('watched.add')}
          </MenuItem>
        </Menu>
      </div>
      <ImportPanel />
      {state === 'loading' && <p className="late px-5 text-soft">{t('app.loading')}</p>}
      {error !== null && (
        <div className="px-3 pb-2">
          <ErrorNote error={error} />
          <Button className="mt-2" onClick={() => void load(rows.filter)}>
            {t('app.retry')}
          </Button>
        </div>
      )}
      {importProblem !== null && (
        <div className="px-3 pb-2" data-testid="import-problem">
          <ErrorNote title={t('library.import-waits')} error={importProblem} />
        </div>
      )}
      {isEmpty && (
        <p className="px-5 py-1 text-soft">
          {rows.filter !== ''
            ? t('library.none-found', { filter: rows.filter })
            : rows.onlyAttention
              ? t('library.no-attention')
              : shown === null
                ? t('library.none-yet')
                : t('collections.empty', { name: shown.name })}
        </p>
      )}
      <div
        className="flex min-h-0 flex-1 flex-col"
        {...(rows.collectionId === null ? {} : { [collectionAttribute]: rows.collectionId })}
      >
        {rows.order.length > 0 && <DocumentList />}
      </div>
      <button
        type="button"
        onClick={() => void chooseAndAdd(t, 'files')}
        className="m-3.5 mt-1.5 shrink-0 rounded-lg border border-dashed border-edge py-2.5 text-[12.5px] text-soft transition-colors duration-120 hover:border-accent hover:text-ink"
      >
        {t('library.drop-hint')}
      </button>
    </div>
  )
}
