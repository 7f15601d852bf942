import { create } from 'zustand'

interface LayoutState {
  readonly leftTab: 'library' | 'conversations'
  readonly isLeftOpen: boolean
  readonly isSettingsOpen: boolean
  readonly isPaletteOpen: boolean
  /** The view to download a model in, with a name in it or none. */
  readonly download: { readonly name: string } | null
  /** Below 1,000 pixels both sides float over the conversation. */
  readonly windowWidth: number
  showTab(tab: 'library' | 'conversations'): void
  setLeftOpen(isOpen: boolean): void
  setSettingsOpen(isOpen: boolean): void
  setPaletteOpen(isOpen: boolean): void
  showDownload(download: { readonly name: string } | null): void
  setWindowWidth(width: number): void
}

/** Narrower than this, there is one column: both sides float over it. Pixels. */
export const oneColumnBelow = 1000
/** Narrower than this, three panes leave the answer too little room: the evidence takes the left pane's place. Pixels. */
const threePanesFrom = 1200

/** Whether the left pane stands beside the conversation. */
export function isLeftShown(isLeftOpen: boolean, isEvidenceOpen: boolean, windowWidth: number): boolean {
  return isLeftOpen && windowWidth >= oneColumnBelow && !(isEvidenceOpen && windowWidth < threePanesFrom)
}

/** Which parts of the window are open. */
export const useLayout = create<LayoutState>()((set) => ({
  leftTab: 'library',
  isLeftOpen: window.innerWidth >= oneColumnBelow,
  isSettingsOpen: false,
  isPaletteOpen: false,
  download: null,
  windowWidth: window.innerWidth,
  showTab: (leftTab) => set({ leftTab }),
  setLeftOpen: (isLeftOpen) => set({ isLeftOpen }),
  setSettingsOpen: (isSettingsOpen) => set({ isSettingsOpen }),
  setPaletteOpen: (isPaletteOpen) => set({ isPaletteOpen }),
  showDownload: (download) => set({ download }),
  setWindowWidth: (windowWidth) =>
    set((state) => {
      const wasOneColumn = state.windowWidth < oneColumnBelow
      const isOneColumn = windowWidth < oneColumnBelow
      return { windowWidth, ...(wasOneColumn === isOneColumn ? {} : { isLeftOpen: !isOneColumn }) }
    }),
}))
