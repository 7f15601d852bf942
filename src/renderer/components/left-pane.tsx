import { PanelLeftClose, Settings } from 'lucide-react'
import { Tabs } from 'radix-ui'
import type { ReactElement } from 'react'
import { ConversationsTab } from '../features/conversation/conversations-tab.tsx'
import { LibraryPane } from '../features/library/library-pane.tsx'
import { useTranslate } from '../i18n/translate.ts'
import { IconButton } from './button.tsx'
import { useLayout } from './layout-store.ts'
import { Logo } from './logo.tsx'
import { SegmentedTabs } from './segmented.tsx'

/** The left pane: library and conversations, one at a time. */
export function LeftPane(): ReactElement {
  const { t } = useTranslate()
  const { leftTab, showTab, setLeftOpen, setSettingsOpen } = useLayout()
  return (
    <nav
      data-pane="left"
      tabIndex={-1}
      aria-label={t('app.left-pane')}
      className="flex h-full min-w-0 flex-col bg-paper outline-none"
    >
      <header className="flex h-[52px] shrink-0 items-center gap-2 pr-2.5 pl-5">
        <Logo />
        <p className="flex-1 text-[15px] font-semibold">{t('app.name')}</p>
        <IconButton label={t('settings.open')} onClick={() => setSettingsOpen(true)}>
          <Settings size={15} aria-hidden />
        </IconButton>
        <IconButton label={t('app.fold-left')} onClick={() => setLeftOpen(false)}>
          <PanelLeftClose size={15} aria-hidden />
        </IconButton>
      </header>
      <Tabs.Root
        value={leftTab}
        onValueChange={(value) => showTab(value === 'conversations' ? 'conversations' : 'library')}
        className="flex min-h-0 flex-1 flex-col"
      >
        <div className="px-3.5">
          <SegmentedTabs
            label={t('app.left-pane')}
            tabs={[
              { value: 'library', text: t('tab.library') },
              { value: 'conversations', text: t('tab.conversations') },
            ]}
          />
        </div>
        <Tabs.Content value="library" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
          <LibraryPane />
        </Tabs.Content>
        <Tabs.Content value="conversations" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
          <ConversationsTab />
        </Tabs.Content>
      </Tabs.Root>
    </nav>
  )
}
