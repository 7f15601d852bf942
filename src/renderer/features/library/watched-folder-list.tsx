import {
  CirclePause,
  CirclePlay,
  Ellipsis,
  EyeOff,
  FolderOpen,
  FolderPlus,
  FolderSync,
  FolderX,
  RotateCcw,
  Undo2,
} from 'lucide-react'
import { type ReactElement, useState } from 'react'
import type { WatchedFolder } from '../../../shared/watched-folder.ts'
import { IconButton } from '../../components/button.tsx'
import { classNames } from '../../components/class-names.ts'
import { Menu, MenuItem } from '../../components/menu.tsx'
import { showNotice } from '../../components/notices.ts'
import { Tip } from '../../components/tip.tsx'
import { formatCount } from '../../i18n/format.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { IgnoreRulesDialog } from './ignore-rules-dialog.tsx'
import { StopWatchingDialog } from './stop-watching-dialog.tsx'
import {
  bringBackLeftOut,
  pauseFolder,
  rescanFolder,
  revealFolder,
  stopWatching,
  useWatchedFolders,
} from './watched-folder-store.ts'
import { folderName, folderProblemText, folderStateText } from './watched-folder-text.ts'
import { useWatchFolder } from './use-watch-folder.ts'

/** The folders that the library follows: how each stands, and what can be done with it. Nothing when there are none. */
export function WatchedFolderList(): ReactElement | null {
  const { t } = useTranslate()
  const folders = useWatchedFolders((state) => state.folders)
  const watchFolder = useWatchFolder()
  const [ruled, setRuled] = useState<WatchedFolder | null>(null)
  const [leaving, setLeaving] = useState<WatchedFolder | null>(null)
  if (folders.length === 0) return null
  const leave = async (folder: WatchedFolder, keepsDocuments: boolean): Promise<void> => {
    setLeaving(null)
    if (await stopWatching(folder.id, keepsDocuments))
      showNotice(t(keepsDocuments ? 'watched.stopped-kept' : 'watched.stopped', { name: folderName(folder.path) }))
  }
  return (
    <section aria-label={t('watched.title')}>
      <div className="flex items-center justify-between pt-3 pr-3.5 pb-0.5 pl-5">
        <h2 className="text-[11.5px] font-semibold tracking-wide text-soft uppercase">{t('watched.title')}</h2>
        <IconButton label={t('watched.add')} onClick={() => void watchFolder()}>
          <FolderPlus size={15} aria-hidden />
        </IconButton>
      </div>
      <ul className="max-h-56 overflow-y-auto px-3">
        {folders.map((folder) => (
          <FolderRow
            key={folder.id}
            folder={folder}
            onRules={() => setRuled(folder)}
            onStop={() => setLeaving(folder)}
          />
        ))}
      </ul>
      {ruled !== null && <IgnoreRulesDialog key={ruled.id} folder={ruled} onClose={() => setRuled(null)} />}
      <StopWatchingDialog
        folder={leaving}
        onChoose={(keepsDocuments) => leaving !== null && void leave(leaving, keepsDocuments)}
        onClose={() => setLeaving(null)}
      />
    </section>
  )
}

function FolderRow({
  folder,
  onRules,
  onStop,
}: {
  readonly folder: WatchedFolder
  readonly onRules: () => void
  readonly onStop: () => void
}): ReactElement {
  const { t, language } = useTranslate()
  const [now, setNow] = useState(() => Date.now())
  const { id, path, state, fileCount, leftOutCount } = folder
  const name = folderName(path)
  const problem = folderProblemText(t, folder)
  const isPaused = state === 'paused'
  const isBusy = state === 'looking' || state === 'reading'
  return (
    <li
      data-testid="watched-folder"
      data-state={state}
      className="group flex items-start gap-0.5 rounded-md py-1 pr-1 pl-2.5 hover:bg-hover"
    >
      <FolderSync
        size={14}
        aria-hidden
        className={classNames(
          'mt-[3px] mr-2 shrink-0',
          problem !== null ? 'text-warning' : isBusy ? 'text-accent' : 'text-soft',
        )}
      />
      <Tip side="right" label={<span className="wrap-anywhere">{path}</span>}>
        <div
          tabIndex={0}
          role="group"
          aria-label={name}
          className="min-w-0 flex-1 rounded-sm"
          onPointerEnter={() => setNow(Date.now())}
        >
          <p className="flex items-baseline gap-2">
            <span className="min-w-0 flex-1 truncate">{name}</span>
            <span className="tabular text-[12px] text-soft">{formatCount(fileCount, language)}</span>
          </p>
          <p className="tabular text-[12px] leading-4 text-soft">{folderStateText(t, language, folder, now)}</p>
          {problem !== null && <p className="pt-0.5 text-[12px] leading-[17px] text-warning">{problem}</p>}
        </div>
      </Tip>
      <Menu
        trigger={
          <IconButton label={t('library.row-menu', { name })}>
            <Ellipsis size={15} aria-hidden />
          </IconButton>
        }
      >
        <MenuItem icon={<RotateCcw size={14} />} onSelect={() => void rescanFolder(id)}>
          {t('watched.rescan')}
        </MenuItem>
        <MenuItem
          icon={isPaused ? <CirclePlay size={14} /> : <CirclePause size={14} />}
          onSelect={() => void pauseFolder(id, !isPaused)}
        >
          {t(isPaused ? 'watched.resume' : 'watched.pause')}
        </MenuItem>
        <MenuItem icon={<EyeOff size={14} />} onSelect={onRules}>
          {t('watched.rules')}
        </MenuItem>
        {leftOutCount > 0 && (
          <MenuItem icon={<Undo2 size={14} />} onSelect={() => void bringBackLeftOut(id)}>
            {t('watched.bring-back', { count: leftOutCount })}
          </MenuItem>
        )}
        <MenuItem icon={<FolderOpen size={14} />} onSelect={() => void revealFolder(id)}>
          {t('watched.open')}
        </MenuItem>
        <MenuItem icon={<FolderX size={14} />} isDangerous onSelect={onStop}>
          {t('watched.stop')}
        </MenuItem>
      </Menu>
    </li>
  )
}
