import { Command } from 'cmdk'
import {
  FilePlus2,
  FileText,
  FolderPlus,
  MessageSquare,
  Pause,
  Play,
  RotateCcw,
  Search,
  Settings,
  SquarePen,
  TextSearch,
} from 'lucide-react'
import { Dialog } from 'radix-ui'
import { type ReactElement, type ReactNode, useCallback, useEffect, useState } from 'react'
import type { MarkedText } from '../../shared/conversation-search.ts'
import type { DocumentSummary } from '../../shared/document.ts'
import type { ConversationId } from '../../shared/ids.ts'
import { request } from '../api.ts'
import { useConversationList } from '../features/conversation/conversation-list-store.ts'
import { MarkedWords } from '../features/conversation/marked-words.tsx'
import { useConversationSearch } from '../features/conversation/use-conversation-search.ts'
import { useConversations } from '../features/conversation/conversation-store.ts'
import { useEvidence } from '../features/evidence/evidence-store.ts'
import { useFindings } from '../features/findings/findings-store.ts'
import { chooseAndAdd } from '../features/library/add-documents.ts'
import { retryFailed, setImportPaused } from '../features/library/import-actions.ts'
import { useAppStatus } from '../features/settings/app-status-store.ts'
import { useTranslate } from '../i18n/translate.ts'
import { focusComposer } from './focus.ts'
import { useLayout } from './layout-store.ts'
import { menuLine } from './menu.tsx'
import { useReturnFocus } from './use-return-focus.ts'

/** Enough to choose from; the library pane is there for more. */
const documentsShown = 8
const conversationsShown = 6
/** Typing pauses this long before main is asked. */
const findDelayMs = 80

/**
 * Documents whose names hold `text`, asked of main so that all of a large library is searched. `onFound` hears of each
 * list as it arrives.
 */
function useFoundDocuments(
  text: string,
  isOpen: boolean,
  onFound: (documents: readonly DocumentSummary[]) => void,
): readonly DocumentSummary[] {
  const [found, setFound] = useState<readonly DocumentSummary[]>([])
  useEffect(() => {
    if (!isOpen) return
    let isCurrent = true
    const find = async (): Promise<void> => {
      const result = await request('library:list', { offset: 0, limit: documentsShown, filter: text })
      if (!isCurrent || !result.ok) return
      setFound(result.value.documents)
      onFound(result.value.documents)
    }
    const timer = setTimeout(() => void find(), findDelayMs)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [text, isOpen, onFound])
  return found
}

interface FoundConversation {
  readonly key: string
  readonly id: ConversationId
  readonly title: string
  /** Where it was said; without it the conversation opens at its end. */
  readonly turnKey?: number
  readonly excerpt?: MarkedText
}

/** Ctrl/Cmd K: documents, conversations and commands in one field. */
export function CommandPalette(): ReactElement {
  const { t } = useTranslate()
  const { isPaletteOpen, setPaletteOpen, setSettingsOpen } = useLayout()
  const isPaused = useAppStatus((state) => state.status?.importProgress.isPaused ?? false)
  const attention = useAppStatus((state) => state.status?.totals.byState['needs-attention'] ?? 0)
  const returnFocus = useReturnFocus()
  const [text, setText] = useState('')
  const [selected, setSelected] = useState('')
  // Documents arrive after the rest; the best of them is what Enter opens.
  const selectFirst = useCallback(([first]: readonly DocumentSummary[]) => {
    if (first !== undefined) setSelected(`document ${first.id}`)
  }, [])
  const documents = useFoundDocuments(text, isPaletteOpen, selectFirst)
  const conversations = useConversationList((state) => state.conversations)
  const folded = text.trim().toLocaleLowerCase()
  const run = (action: () => void) => () => {
    setPaletteOpen(false)
    setText('')
    action()
  }
  const line = (value: string, icon: ReactNode, words: ReactNode, action: () => void): ReactElement => (
    <Command.Item
      key={value}
      value={value}
      onSelect={run(action)}
      className={`${menuLine} data-[selected=true]:bg-wash`}
    >
      <span aria-hidden className="text-soft">
        {icon}
      </span>
      <span className="truncate">{words}</span>
    </Command.Item>
  )
  const commands = [
    {
      id: 'new',
      words: t('conversations.new'),
      icon: <SquarePen size={15} />,
      action: () => (useConversations.getState().startNew(), focusComposer()),
    },
    {
      id: 'findings',
      words: t('findings.title'),
      icon: <TextSearch size={15} />,
      action: () => useFindings.getState().open(text.trim() === '' ? null : text, null),
    },
    {
      id: 'files',
      words: t('library.add-files'),
      icon: <FilePlus2 size={15} />,
      action: () => void chooseAndAdd(t, 'files'),
    },
    {
      id: 'folder',
      words: t('library.add-folder'),
      icon: <FolderPlus size={15} />,
      action: () => void chooseAndAdd(t, 'folder'),
    },
    {
      id: 'pause',
      words: t(isPaused ? 'import.resume' : 'import.pause'),
      icon: isPaused ? <Play size={15} /> : <Pause size={15} />,
      action: () => void setImportPaused(!isPaused),
    },
    ...(attention > 0
      ? [
          {
            id: 'retry-failed',
            words: t('import.retry-failed-command'),
            icon: <RotateCcw size={15} />,
            action: () => void retryFailed(t),
          },
        ]
      : []),
    { id: 'settings', words: t('settings.open'), icon: <Settings size={15} />, action: () => setSettingsOpen(true) },
  ].filter(({ words }) => words.toLocaleLowerCase().includes(folded))
  const { hits } = useConversationSearch(isPaletteOpen ? text.trim() : '', conversationsShown)
  const found: readonly FoundConversation[] = (
    text.trim() === ''
      ? conversations.map(({ id, title }) => ({ key: id, id, title }))
      : [
          ...(hits?.titles ?? []).map(({ conversation: { id, title } }) => ({ key: id, id, title })),
          ...(hits?.turns ?? []).map(({ key, conversationId: id, title, excerpt }) => ({
            key: `${key}`,
            id,
            title,
            turnKey: key,
            excerpt,
          })),
        ]
  ).slice(0, conversationsShown)
  const groupLook =
    '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-[12px] [&_[cmdk-group-heading]]:text-soft'
  return (
    <Dialog.Root open={isPaletteOpen} onOpenChange={setPaletteOpen}>
      <Dialog.Portal>
        <Dialog.Overlay className="fade fixed inset-0 z-40 bg-scrim" />
        <Dialog.Content
          {...returnFocus}
          aria-describedby={undefined}
          className="appear fixed top-[14vh] left-1/2 z-50 w-[min(600px,calc(100vw-48px))] -translate-x-1/2 overflow-hidden rounded-xl border border-line bg-raised shadow-float"
        >
          <Dialog.Title className="sr-only">{t('palette.title')}</Dialog.Title>
          <Command label={t('palette.title')} shouldFilter={false} loop value={selected} onValueChange={setSelected}>
            <div className="flex items-center gap-2.5 border-b border-line px-4">
              <Search size={16} aria-hidden className="text-soft" />
              <Command.Input
                value={text}
                onValueChange={setText}
                placeholder={t('palette.placeholder')}
                className="selectable h-12 flex-1 bg-transparent text-[15px] outline-none"
              />
            </div>
            <Command.List className="max-h-[52vh] overflow-y-auto p-1.5">
              <Command.Empty className="px-3 py-4 text-soft">{t('palette.none')}</Command.Empty>
              {documents.length > 0 && (
                <Command.Group heading={t('library.documents')} className={groupLook}>
                  {documents.map(({ id, name }) =>
                    line(
                      `document ${id}`,
                      <FileText size={15} />,
                      name,
                      () => void useEvidence.getState().openDocument(id, name),
                    ),
                  )}
                </Command.Group>
              )}
              {found.length > 0 && (
                <Command.Group heading={t('tab.conversations')} className={groupLook}>
                  {found.map(({ key, id, title, turnKey, excerpt }) =>
                    line(
                      `conversation ${key}`,
                      <MessageSquare size={15} />,
                      excerpt === undefined ? (
                        title
                      ) : (
                        <>
                          {title} <span className="text-soft">· {<MarkedWords {...excerpt} />}</span>
                        </>
                      ),
                      () => void useConversations.getState().open(id, turnKey),
                    ),
                  )}
                </Command.Group>
              )}
              {commands.length > 0 && (
                <Command.Group heading={t('palette.commands')} className={groupLook}>
                  {commands.map(({ id, words, icon, action }) => line(`command ${id}`, icon, words, action))}
                </Command.Group>
              )}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
