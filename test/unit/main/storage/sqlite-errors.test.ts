import { expect, test } from 'vitest'
import { translateStorageError } from '../../../../src/main/storage/sqlite-errors.ts'
import { AppError } from '../../../../src/shared/errors.ts'

const driverError = (code: string, message = 'driver words') => Object.assign(new Error(message), { code })

test.each([
  ['SQLITE_FULL', 'storage-full'],
  ['ENOSPC', 'storage-full'],
  ['SQLITE_CORRUPT_VTAB', 'storage-corrupt'],
  ['SQLITE_NOTADB', 'storage-corrupt'],
  ['SQLITE_BUSY', 'storage-locked'],
  ['SQLITE_READONLY_DIRECTORY', 'internal'],
  ['SQLITE_CANTOPEN', 'internal'],
  ['EROFS', 'internal'],
  ['SQLITE_ERROR', 'internal'],
])('%s becomes %s, with the cause and without the driver’s words', (code, expected) => {
  const cause = driverError(code)
  const error = translateStorageError(cause)
  expect(error).toMatchObject({ code: expected, cause })
  expect(error.message).not.toContain('driver words')
})

test('a folder that cannot be written says so', () => {
  for (const code of ['SQLITE_READONLY', 'SQLITE_CANTOPEN', 'EACCES', 'EROFS']) {
    expect(translateStorageError(driverError(code)).message).toContain('cannot write to its data folder')
  }
})

test('LanceDB names a full disk only in words', () => {
  expect(
    translateStorageError(new Error('lance error: LanceError(IO): No space left on device (os error 28)')).code,
  ).toBe('storage-full')
})

test('an AppError passes', () => {
  const error = new AppError('not-found', 'Gone.')
  expect(translateStorageError(error)).toBe(error)
})
