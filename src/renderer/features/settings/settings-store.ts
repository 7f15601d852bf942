import { create } from 'zustand'
import type { SerializedAppError } from '../../../shared/errors.ts'
import type { Settings } from '../../../shared/settings.ts'
import { request } from '../../api.ts'
import { showFailure } from '../../components/notices.ts'

interface SettingsState {
  /** Null until main answered. */
  readonly settings: Settings | null
  readonly error: SerializedAppError | null
  load(): Promise<void>
  /** Shows the change at once and takes it back when main refuses it. */
  change(change: Partial<Settings>): Promise<void>
  receive(settings: Settings): void
}

/** What the person has set; main keeps it. */
export const useSettings = create<SettingsState>()((set, get) => ({
  settings: null,
  error: null,
  load: async () => {
    const result = await request('settings:get', {})
    set(result.ok ? { settings: result.value, error: null } : { error: result.error })
  },
  change: async (change) => {
    const before = get().settings
    if (before !== null) set({ settings: { ...before, ...change } })
    const result = await request('settings:set', change)
    set({ settings: result.ok ? result.value : before })
    if (!result.ok) showFailure(result.error)
  },
  receive: (settings) => set({ settings, error: null }),
}))
