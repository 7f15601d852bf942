import type { Settings } from '../../shared/settings.ts'

/** How many passages an answer is given, and how long one may be after neighbours were joined (embedder's tokens). */
export interface PassagePreset {
  readonly passageCount: number
  readonly passageTokens: number
}

/** `reference` is the classic setting other tools are measured by; `default` gives a small model more to stand on. */
const passagePresets: Readonly<Record<Exclude<Settings['preset'], 'custom'>, PassagePreset>> = {
  default: { passageCount: 6, passageTokens: 512 },
  reference: { passageCount: 3, passageTokens: 512 },
}

/** What the settings ask for. */
export function passagePreset(settings: Pick<Settings, 'preset' | 'passageCount' | 'passageTokens'>): PassagePreset {
  const { preset, passageCount, passageTokens } = settings
  return preset === 'custom' ? { passageCount, passageTokens } : passagePresets[preset]
}
