import { create } from 'zustand'

interface LayoutState {
  readonly leftTab: 'library' | 'conversations'
  readonly isLeftOpen: boolean
  readonly isSettingsOpen: boolean
  readonly isPaletteOpen: boolean
  /** Below 1,000 pixels the left pane floats over the conversation; below 1,200 the evidence does. */
  readonly windowWidth: number
  showTab(tab: 'library' | 'conversations'): void
  setLeftOpen(isOpen: boolean): void
  setSettingsOpen(isOpen: boolean): void
  setPaletteOpen(isOpen: boolean): void
  setWindowWidth(width: number): void
}

/** Narrower than this, there is one column: the left pane floats. Pixels. */
export const oneColumnBelow = 1000
/** Narrower than this, three panes leave the answer too little room: the evidence floats. Pixels. */
export const threePanesFrom = 1200

/** Which parts of the window are open. */
export const useLayout = create<LayoutState>()((set) => ({
  leftTab: 'library',
  isLeftOpen: window.innerWidth >= oneColumnBelow,
  isSettingsOpen: false,
  isPaletteOpen: false,
  windowWidth: window.innerWidth,
  showTab: (leftTab) => set({ leftTab }),
  setLeftOpen: (isLeftOpen) => set({ isLeftOpen }),
  setSettingsOpen: (isSettingsOpen) => set({ isSettingsOpen }),
  setPaletteOpen: (isPaletteOpen) => set({ isPaletteOpen }),
  setWindowWidth: (windowWidth) =>
    set((state) => {
      const wasOneColumn = state.windowWidth < oneColumnBelow
      const isOneColumn = windowWidth < oneColumnBelow
      return { windowWidth, ...(wasOneColumn === isOneColumn ? {} : { isLeftOpen: !isOneColumn }) }
    }),
}))
