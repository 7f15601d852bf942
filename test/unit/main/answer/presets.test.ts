import { expect, it } from 'vitest'
import { passagePreset } from '../../../../src/main/answer/presets.ts'
import { settingsSchema } from '../../../../src/shared/settings.ts'

it('follows the preset, or the own choice within its bounds', () => {
  const own = { passageCount: 20, passageTokens: 128 }
  expect(passagePreset(settingsSchema.parse({ ...own, preset: 'custom' }))).toEqual(own)
  expect(passagePreset(settingsSchema.parse({ ...own, preset: 'reference' }))).toEqual({
    passageCount: 3,
    passageTokens: 512,
  })
  expect(passagePreset(settingsSchema.parse({ preset: 'custom', passageCount: 21, passageTokens: 4096 }))).toEqual({
    passageCount: 6,
    passageTokens: 512,
  })
})
