import { useRef } from 'react'
import { keepFocus } from './keep-focus.ts'

interface ReturnFocus {
  readonly onOpenAutoFocus: () => void
  readonly onCloseAutoFocus: (event: Event) => void
}

/** For dialogs that no button of their own opened: the focus goes back to where it was, if that is still there and nothing else has it. */
export function useReturnFocus(): ReturnFocus {
  const before = useRef<HTMLElement | null>(null)
  return {
    onOpenAutoFocus: () => {
      before.current = document.activeElement instanceof HTMLElement ? document.activeElement : null
    },
    onCloseAutoFocus: (event) => {
      keepFocus(event)
      if (event.defaultPrevented) return
      event.preventDefault()
      if (before.current?.isConnected === true) before.current.focus()
    },
  }
}
