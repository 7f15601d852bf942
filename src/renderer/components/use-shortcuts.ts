import { useEffect } from 'react'
import { useConversations } from '../features/conversation/conversation-store.ts'
import { streamingTurn } from '../features/conversation/turn-window.ts'
import { useEvidence } from '../features/evidence/evidence-store.ts'
import { useFindings } from '../features/findings/findings-store.ts'
import { chooseAndAdd } from '../features/library/add-documents.ts'
import { useTranslate } from '../i18n/translate.ts'
import { focusComposer, focusNextPane } from './focus.ts'
import { oneColumnBelow, useLayout } from './layout-store.ts'

/** A dialog or menu is open: keys belong to it. */
const isLayered = (): boolean =>
  document.querySelector('[role="dialog"],[role="alertdialog"],[role="menu"],[role="listbox"]') !== null

function onEscape(event: KeyboardEvent): void {
  const findings = useFindings.getState()
  if (findings.isOpen && findings.run?.state === 'running') {
    findings.stop()
    event.preventDefault()
    return
  }
  const { byId, currentId, stop } = useConversations.getState()
  if (streamingTurn(byId.get(currentId)) !== null) stop()
  else if (useEvidence.getState().subject !== null && useLayout.getState().windowWidth < oneColumnBelow)
    useEvidence.getState().close()
  else return
  event.preventDefault()
}

function onAlt(event: KeyboardEvent): boolean {
  const evidence = useEvidence.getState()
  if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
    if (evidence.subject === null) return false
    void evidence.step(event.key === 'ArrowLeft' ? -1 : 1)
    return true
  }
  // By position, not by character: Alt gives other characters on a Mac.
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1]
  if (digit === undefined) return false
  return evidence.openNumbered(Number(digit))
}

/**
 * The keyboard of the whole window. Listens before everything else, so that Esc stops an answer even while a hover card or
 * tooltip would take it; never in the middle of composing a character.
 */
export function useShortcuts(): void {
  const { t } = useTranslate()
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.isComposing || event.defaultPrevented) return
      const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey
      if (event.key === 'Escape') {
        if (!isLayered()) onEscape(event)
        return
      }
      if (event.key === 'F6') focusNextPane(event.shiftKey ? -1 : 1)
      else if (isCommand && event.key.toLowerCase() === 'k')
        useLayout.getState().setPaletteOpen(!useLayout.getState().isPaletteOpen)
      else if (isLayered()) return
      else if (isCommand && event.key.toLowerCase() === 'o') void chooseAndAdd(t, 'files')
      else if (isCommand && event.key.toLowerCase() === 'n') {
        useConversations.getState().startNew()
        focusComposer()
      } else if (isCommand && event.key === ',') useLayout.getState().setSettingsOpen(true)
      else if (!(event.altKey && !event.ctrlKey && !event.metaKey && onAlt(event))) return
      event.preventDefault()
    }
    window.addEventListener('keydown', listen, { capture: true })
    return () => window.removeEventListener('keydown', listen, { capture: true })
  }, [t])
}
