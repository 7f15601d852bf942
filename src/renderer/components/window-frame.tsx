import { type ReactElement, useEffect } from 'react'
import { Group, type LayoutStorage, Panel, Separator, useDefaultLayout } from 'react-resizable-panels'
import { ConversationPane } from '../features/conversation/conversation-pane.tsx'
import { EvidencePane } from '../features/evidence/evidence-pane.tsx'
import { useEvidence } from '../features/evidence/evidence-store.ts'
import { FindingsPane } from '../features/findings/findings-pane.tsx'
import { useFindings } from '../features/findings/findings-store.ts'
import { StatusBar } from '../features/settings/status-bar.tsx'
import { useTranslate } from '../i18n/translate.ts'
import { LeftPane } from './left-pane.tsx'
import { isLeftShown, oneColumnBelow, useLayout } from './layout-store.ts'

const separatorLook =
  "relative w-px bg-line transition-colors duration-120 outline-none before:absolute before:inset-y-0 before:-left-[3px] before:w-[7px] before:content-[''] data-[separator=hover]:bg-accent data-[separator=active]:bg-accent focus-visible:bg-accent focus-visible:outline-2 focus-visible:outline-offset-0"

/** Pane widths are remembered; where the storage is closed to us they start anew. */
const storage: LayoutStorage = {
  getItem: (key) => {
    try {
      return window.localStorage.getItem(key)
    } catch (error) {
      console.warn('pane widths could not be read', error)
      return null
    }
  },
  setItem: (key, value) => {
    try {
      window.localStorage.setItem(key, value)
    } catch (error) {
      console.warn('pane widths could not be kept', error)
    }
  },
}

/** Keeps the layout store's idea of the window's width true. */
function useWindowWidth(): void {
  const setWindowWidth = useLayout((state) => state.setWindowWidth)
  useEffect(() => {
    const measure = (): void => setWindowWidth(window.innerWidth)
    window.addEventListener('resize', measure)
    return () => window.removeEventListener('resize', measure)
  }, [setWindowWidth])
}

/** Three panes and the status line. Both sides fold and resize; on narrow windows they float over the conversation. */
export function WindowFrame(): ReactElement {
  const { t } = useTranslate()
  const { isLeftOpen, setLeftOpen, windowWidth } = useLayout()
  const subject = useEvidence((state) => state.subject)
  const isFindingsOpen = useFindings((state) => state.isOpen)
  useWindowWidth()
  const isOneColumn = windowWidth < oneColumnBelow
  const hasRight = subject !== null && !isOneColumn
  // Between the two widths there is room for one side: the evidence, while it is open.
  const hasLeft = isLeftShown(isLeftOpen, subject !== null, windowWidth)
  const panelIds = [...(hasLeft ? ['left'] : []), 'middle', ...(hasRight ? ['right'] : [])]
  const layout = useDefaultLayout({ id: 'carrel-panes', panelIds, storage })
  return (
    <div className="flex h-full flex-col">
      <div className="relative min-h-0 flex-1">
        <Group {...layout} orientation="horizontal" className="h-full">
          {hasLeft && (
            <>
              <Panel id="left" defaultSize={272} minSize={220} maxSize={420} groupResizeBehavior="preserve-pixel-size">
                <LeftPane />
              </Panel>
              <Separator id="left-edge" title={t('app.resize-left')} className={separatorLook} />
            </>
          )}
          <Panel id="middle" minSize={360}>
            {isFindingsOpen ? <FindingsPane /> : <ConversationPane />}
          </Panel>
          {hasRight && (
            <>
              <Separator id="right-edge" title={t('app.resize-right')} className={separatorLook} />
              <Panel
                id="right"
                defaultSize={500}
                minSize={420}
                maxSize={windowWidth >= 1600 ? 760 : 560}
                groupResizeBehavior="preserve-pixel-size"
              >
                <EvidencePane subject={subject} />
              </Panel>
            </>
          )}
        </Group>
        {isOneColumn && isLeftOpen && (
          <>
            <div className="fade absolute inset-0 z-20 bg-scrim" onClick={() => setLeftOpen(false)} aria-hidden />
            <div className="appear absolute inset-y-0 left-0 z-30 w-[288px] border-r border-line shadow-float">
              <LeftPane />
            </div>
          </>
        )}
        {isOneColumn && subject !== null && (
          <div className="appear absolute inset-y-0 right-0 z-20 w-[min(520px,calc(100%-64px))] border-l border-line shadow-float">
            <EvidencePane subject={subject} />
          </div>
        )}
      </div>
      <StatusBar />
    </div>
  )
}
