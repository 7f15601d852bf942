import {
  AtSign,
  Check,
  CircleStop,
  Ellipsis,
  FileText,
  FileWarning,
  FolderOpen,
  LockKeyhole,
  RotateCcw,
  Trash2,
} from 'lucide-react'
import type { KeyboardEvent, ReactElement, ReactNode } from 'react'
import type { DocumentSummary } from '../../../shared/document.ts'
import { IconButton } from '../../components/button.tsx'
import { classNames } from '../../components/class-names.ts'
import { Menu, MenuItem } from '../../components/menu.tsx'
import { Tip } from '../../components/tip.tsx'
import { errorText } from '../../i18n/error-text.ts'
import { type Translate, useTranslate } from '../../i18n/translate.ts'
import { askWithin } from '../conversation/scope-store.ts'
import { useAppStatus } from '../settings/app-status-store.ts'
import { CollectionSubmenu } from './collection-submenu.tsx'
import { putDocuments } from './dragged-documents.ts'
import { rowProgressText } from './import-text.ts'
import { noticeText } from './notice-text.ts'
import { ScanLine } from './scan-line.tsx'
import { isLocked, useUnlock } from './unlock-store.ts'

interface DocumentRowProps {
  readonly document: DocumentSummary
  readonly isOpen: boolean
  readonly onOpen: () => void
  readonly onReveal: () => void
  readonly onRetry: () => void
  readonly onScan: (what: 'start' | 'stop') => void
  readonly onStop: () => void
  readonly onRemove: () => void
}

/** Share of the chunks that have a vector, 0..1; null where it says nothing. */
function embeddedShare(document: DocumentSummary): number | null {
  return document.state === 'searchable' &&
    document.problem === null &&
    document.chunkCount > 0 &&
    (document.scan?.waiting ?? 0) === 0
    ? document.embeddedChunkCount / document.chunkCount
    : null
}

function Facts({ document }: { readonly document: DocumentSummary }): ReactNode {
  const { t } = useTranslate()
  if (document.state === 'ready') {
    return (
      <span className="flex items-center gap-1.5">
        {document.pageCount !== null && t('library.pages', { count: document.pageCount })}
        <Check size={13} role="img" aria-label={t('state.ready')} className="text-accent" />
      </span>
    )
  }
  // Those that are worked on say more on a line of their own.
  if (document.state === 'needs-attention' || document.state === 'reading') return null
  if (document.state === 'searchable' && document.problem === null) return null
  return (
    <span
      className={classNames(
        'rounded-full px-2 py-0.5 text-[11px] font-medium',
        document.state === 'searchable' ? 'bg-wash text-accent' : 'bg-track text-soft',
      )}
    >
      {t(`state.${document.state}`)}
    </span>
  )
}

function Details({ document }: { readonly document: DocumentSummary }): ReactElement {
  const { t } = useTranslate()
  return (
    <span className="block wrap-anywhere">
      <span className="block font-medium">{document.title ?? document.name}</span>
      <span className="block opacity-80">{t(`state.${document.state}`)}</span>
      {document.paths.length > 1 && (
        <span className="mt-1 block opacity-80">{t('library.places', { count: document.paths.length })}</span>
      )}
      {document.paths.slice(0, 8).map((path) => (
        <span key={path} className="block opacity-80">
          {path}
        </span>
      ))}
    </span>
  )
}

/** What stopping this document would stop; null where there is nothing to stop. */
function stopText(t: Translate, document: DocumentSummary): string | null {
  if (document.state === 'queued' || document.state === 'reading') return t('row.stop-reading')
  if (document.state !== 'searchable' || document.problem !== null) return null
  return document.embeddedChunkCount < document.chunkCount ? t('row.stop-embedding') : null
}

/** Read by an earlier version, which kept files without a word as ready: they can never be found. */
function isWithoutText({ state, chunkCount, scan }: DocumentSummary): boolean {
  return state === 'ready' && chunkCount === 0 && scan === null
}

/** Moves the focus to the row above or below; rows just out of sight are drawn too, so there always is one. */
function focusNeighbour(row: HTMLElement, by: 1 | -1): void {
  const rows = [...(row.closest('[role="list"]')?.querySelectorAll<HTMLElement>('[data-row-button]') ?? [])]
  rows[rows.indexOf(row) + by]?.focus()
}

/** One document of the library: quiet when it is ready, telling when it is not. */
export function DocumentRow({
  document,
  isOpen,
  onOpen,
  onReveal,
  onRetry,
  onScan,
  onStop,
  onRemove,
}: DocumentRowProps): ReactElement {
  const { t, language } = useTranslate()
  // As words: progress is told several times a second, and most rows say nothing of it.
  const progressText = useAppStatus((state) =>
    rowProgressText(t, language, document, state.status?.importProgress ?? null),
  )
  const stopWords = stopText(t, document)
  const isHeld = document.state === 'searchable' && document.problem !== null
  const needsAttention = document.state === 'needs-attention'
  const share = embeddedShare(document)
  const canRead = document.state === 'searchable' || document.state === 'ready'
  const isStopped = document.problem?.code === 'import-stopped'
  const isFile = document.paths.length > 0
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.key === 'ArrowDown') focusNeighbour(event.currentTarget, 1)
    else if (event.key === 'ArrowUp') focusNeighbour(event.currentTarget, -1)
    else if (event.key === 'Delete' || (event.key === 'Backspace' && event.metaKey)) onRemove()
    else return
    event.preventDefault()
  }
  const askForPassword = useUnlock((state) => state.ask)
  const locked = isLocked(document)
  const Icon = locked ? LockKeyhole : needsAttention ? FileWarning : FileText
  return (
    <div
      data-testid="document-row"
      draggable
      onDragStart={(event) => putDocuments(event.dataTransfer, [document.id])}
      data-state={document.state}
      className={classNames(
        'group/row relative rounded-md hover:bg-hover has-[[data-state=open]]:bg-hover',
        isOpen && 'bg-wash hover:bg-wash',
      )}
    >
      <Tip side="right" label={<Details document={document} />}>
        <button
          type="button"
          data-row-button
          aria-current={isOpen ? 'true' : undefined}
          aria-keyshortcuts="Delete"
          onClick={canRead ? onOpen : undefined}
          onKeyDown={onKeyDown}
          className={classNames(
            'flex w-full items-start gap-2.5 rounded-md py-1.5 pr-2.5 pl-2.5 text-left focus-visible:-outline-offset-2',
            !canRead && 'cursor-default',
          )}
        >
          <Icon
            size={14}
            aria-hidden
            className={classNames('mt-[3px] shrink-0', needsAttention ? 'text-warning' : 'text-soft')}
          />
          <span className="min-w-0 flex-1">
            <span className="flex items-baseline gap-2">
              <span className="file-name min-w-0 flex-1 truncate leading-5">{document.name}</span>
              <span className="tabular shrink-0 text-[12px] text-soft group-focus-within/row:invisible group-hover/row:invisible">
                <Facts document={document} />
              </span>
            </span>
            {progressText !== null && (
              <span className="tabular block text-[12px] leading-4 text-soft">{progressText}</span>
            )}
            {document.notices.map((notice) => (
              <span key={notice.code} className="block text-[12px] leading-4 text-warning">
                {noticeText(t, notice)}
              </span>
            ))}
            {isWithoutText(document) && (
              <span className="block text-[12px] leading-4 text-warning">{t('library.no-text')}</span>
            )}
            {document.problem !== null && (
              <span className="mt-0.5 block pr-1 text-[12px] leading-[17px] text-warning">
                {errorText(t, document.problem)}
              </span>
            )}
          </span>
        </button>
      </Tip>
      {share !== null && (
        <div
          role="progressbar"
          aria-label={t('library.progress', { name: document.name })}
          aria-valuemin={0}
          aria-valuemax={document.chunkCount}
          aria-valuenow={document.embeddedChunkCount}
          className="-mt-0.5 mr-2.5 mb-2 ml-[34px] h-[3px] overflow-hidden rounded-full bg-track"
        >
          <div
            className="h-full rounded-full bg-accent transition-[width] duration-150"
            style={{ width: `${share * 100}%` }}
          />
        </div>
      )}
      <ScanLine document={document} onScan={onScan} />
      {locked && (
        <button
          type="button"
          onClick={() => askForPassword(document)}
          className="mb-1 ml-[30px] inline-flex h-6 items-center px-1 gap-1 rounded-md text-[12px] font-medium text-accent hover:underline"
        >
          <LockKeyhole size={11} aria-hidden />
          {t('library.unlock')}
        </button>
      )}
      {document.problem?.retryable === true && !locked && (
        <button
          type="button"
          onClick={onRetry}
          className="mb-1 ml-[30px] inline-flex h-6 items-center px-1 gap-1 rounded-md text-[12px] font-medium text-accent hover:underline"
        >
          <RotateCcw size={11} aria-hidden />
          {t(isStopped && isHeld ? 'row.go-on' : 'library.retry')}
        </button>
      )}
      <div className="absolute top-0.5 right-1 opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100 has-[[data-state=open]]:opacity-100">
        <Menu
          trigger={
            <IconButton label={t('library.row-menu', { name: document.name })}>
              <Ellipsis size={15} aria-hidden />
            </IconButton>
          }
        >
          {canRead && (
            <MenuItem icon={<FileText size={14} />} onSelect={onOpen}>
              {t('library.open-text')}
            </MenuItem>
          )}
          {canRead && (
            <MenuItem
              icon={<AtSign size={14} />}
              onSelect={() =>
                askWithin({ collections: [], documents: [{ id: document.id, name: document.name }], kinds: [] })
              }
            >
              {t('collections.ask-document')}
            </MenuItem>
          )}
          <CollectionSubmenu document={document} />
          {isFile && (
            <MenuItem icon={<FolderOpen size={14} />} onSelect={onReveal}>
              {t('library.reveal')}
            </MenuItem>
          )}
          {locked && (
            <MenuItem icon={<LockKeyhole size={14} />} onSelect={() => askForPassword(document)}>
              {t('library.unlock')}
            </MenuItem>
          )}
          {(needsAttention || isHeld) && !locked && (
            <MenuItem icon={<RotateCcw size={14} />} onSelect={onRetry}>
              {t(isStopped && isHeld ? 'row.go-on' : 'library.retry')}
            </MenuItem>
          )}
          {stopWords !== null && (
            <MenuItem icon={<CircleStop size={14} />} onSelect={onStop}>
              {stopWords}
            </MenuItem>
          )}
          <MenuItem icon={<Trash2 size={14} />} isDangerous onSelect={onRemove}>
            {t('library.remove')}
          </MenuItem>
        </Menu>
      </div>
    </div>
  )
}
