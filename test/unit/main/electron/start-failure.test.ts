import { expect, it } from 'vitest'
import { AppError } from '../../../../src/shared/errors.ts'
import { describeStartFailure } from '../../../../src/main/electron/start-failure.ts'

it('says the sentence of the error in English', () => {
  const failure = describeStartFailure(new AppError('storage-newer', 'Install the newer Carrel.'), 'en-GB')
  expect(failure).toEqual({
    code: 'storage-newer',
    title: 'Carrel could not open the library',
    sentence: 'Install the newer Carrel.',
  })
})

it('says a sentence of its own in Chinese', () => {
  for (const code of ['storage-locked', 'storage-newer', 'storage-corrupt', 'storage-full', 'internal'] as const) {
    expect(describeStartFailure(new AppError(code, 'English.'), 'zh-CN').sentence).toMatch(/^[^.]*。$/u)
  }
})

it('shows nothing of an unknown error', () => {
  const failure = describeStartFailure(new Error('/secret/place: EACCES'), 'en')
  expect(failure.code).toBe('internal')
  expect(failure.sentence).not.toContain('secret')
})
