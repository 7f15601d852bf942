import { create } from 'zustand'
import type { LocalApiStatus } from '../../../shared/local-api.ts'
import { request } from '../../api.ts'
import { showFailure } from '../../components/notices.ts'
import { useSettings } from './settings-store.ts'

interface LocalApiState {
  /** Null until main answered. */
  readonly status: LocalApiStatus | null
  load(): Promise<void>
  receive(status: LocalApiStatus): void
}

/** The door for other programs, as main has it. */
export const useLocalApi = create<LocalApiState>()((set) => ({
  status: null,
  load: async () => {
    const result = await request('local-api:status', {})
    if (result.ok) set({ status: result.value })
    else showFailure(result.error)
  },
  receive: (status) => set({ status }),
}))

/** Asks for a folder in a dialog of the system; other programs may add files from it. */
export async function allowFolder(): Promise<void> {
  const result = await request('local-api:allow-folder', {})
  if (result.ok) useSettings.getState().receive(result.value)
  else showFailure(result.error)
}

/** Takes the permission back. */
export async function forgetFolder(folder: string): Promise<void> {
  const result = await request('local-api:forget-folder', { folder })
  if (result.ok) useSettings.getState().receive(result.value)
  else showFailure(result.error)
}
