import type { i18n } from 'i18next'
import { Tooltip } from 'radix-ui'
import { type CSSProperties, type ReactElement, useEffect } from 'react'
import { I18nextProvider } from 'react-i18next'
import { Toaster } from 'sonner'
import { CommandPalette } from './components/command-palette.tsx'
import { DropTarget } from './components/drop-target.tsx'
import { useAppearance } from './components/use-appearance.ts'
import { useShortcuts } from './components/use-shortcuts.ts'
import { WindowFrame } from './components/window-frame.tsx'
import { DownloadDialog } from './features/models/download-dialog.tsx'
import { useRecheck } from './features/models/use-recheck.ts'
import { PasswordDialog } from './features/library/password-dialog.tsx'
import { SettingsDialog } from './features/settings/settings-dialog.tsx'
import { connectToMain } from './push-listener.ts'

/** As wide as the left pane's content at its usual width. The library sets its own inline, so it is given inline. */
const noticeWidth = { '--width': '244px' } as CSSProperties

function Window({ theme }: { readonly theme: 'light' | 'dark' }): ReactElement {
  useShortcuts()
  useRecheck()
  return (
    <>
      <WindowFrame />
      <SettingsDialog />
      <DownloadDialog />
      <PasswordDialog />
      <CommandPalette />
      <DropTarget />
      {/* Over the left pane's foot: notices never cover Ask and Stop. */}
      <Toaster
        theme={theme}
        position="bottom-left"
        offset={{ bottom: 42, left: 14 }}
        style={noticeWidth}
        className="carrel-notices"
      />
    </>
  )
}

/** The whole page. */
export function App({ translator }: { readonly translator: i18n }): ReactElement {
  const theme = useAppearance(translator)
  useEffect(() => connectToMain(), [])
  return (
    <I18nextProvider i18n={translator}>
      <Tooltip.Provider delayDuration={500} skipDelayDuration={200}>
        <Window theme={theme} />
      </Tooltip.Provider>
    </I18nextProvider>
  )
}
