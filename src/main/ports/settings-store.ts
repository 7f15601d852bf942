import type { Settings } from '../../shared/settings.ts'

export interface SettingsStore {
  get(): Settings
  set(change: Partial<Settings>): Settings
}
