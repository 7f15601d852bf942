import { AppError } from '../../shared/errors.ts'

/** The driver's own code (`SQLITE_FULL`) or the system's (`ENOSPC`), or null. */
export function errorCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}

const fullCodes = /^(?:SQLITE_FULL|ENOSPC|EDQUOT)$/
const corruptCodes = /^(?:SQLITE_CORRUPT|SQLITE_NOTADB)/
const notWritableCodes =
  /^(?:SQLITE_READONLY|SQLITE_CANTOPEN|SQLITE_PERM|SQLITE_AUTH|EACCES|EPERM|EROFS|ENOTDIR|EEXIST)/

/** The disk is full: nothing was lost, the transaction was rolled back. */
export function storageFull(cause?: unknown): AppError {
  return new AppError('storage-full', 'The disk is full. Nothing was lost: free some space, then try again.', {
    retryable: true,
    cause,
  })
}

/** The database file is not one, or has damaged pages. */
export function storageCorrupt(cause?: unknown): AppError {
  return new AppError(
    'storage-corrupt',
    'The library’s database is damaged. Put a copy from its folder “backups” in its place, or move the data folder away and import again.',
    { cause },
  )
}

/** Another process has the library open. */
export function storageLocked(cause?: unknown): AppError {
  return new AppError(
    'storage-locked',
    'Another Carrel has this library open. Close it there, or choose another folder with --data.',
    {
      retryable: true,
      cause,
    },
  )
}

/** The data folder was removed or moved while the library was open: nothing that is written now would be kept. */
export function libraryGone(): AppError {
  return new AppError(
    'internal',
    'The data folder is gone: it was removed or moved while Carrel was open. Close Carrel, put it back, and start again.',
    { details: { reason: 'folder-gone' } },
  )
}

/** The library was written by a later version of Carrel. */
export function storageNewer(found: number, known: number): AppError {
  return new AppError(
    'storage-newer',
    'This library was written by a newer Carrel. Install the newer version; nothing was changed.',
    {
      details: { found, known },
    },
  )
}

/**
 * The driver's errors in Carrel's words; an AppError passes as it is. Full disks also arrive as I/O errors whose message
 * names the reason, because LanceDB has no codes.
 */
export function translateStorageError(error: unknown): AppError {
  if (error instanceof AppError) return error
  const code = errorCode(error) ?? ''
  const message = error instanceof Error ? error.message : ''
  if (fullCodes.test(code) || /no space left on device|disk quota exceeded/i.test(message)) return storageFull(error)
  if (corruptCodes.test(code)) return storageCorrupt(error)
  if (/^SQLITE_(?:BUSY|LOCKED)/.test(code)) return storageLocked(error)
  if (notWritableCodes.test(code)) {
    return new AppError(
      'internal',
      'Carrel cannot write to its data folder. Check its permissions, or choose another one with --data.',
      {
        details: { reason: 'folder-not-writable' },
        cause: error,
      },
    )
  }
  return new AppError('internal', 'The library could not be read or written. Try again; the log has the details.', {
    retryable: true,
    cause: error,
  })
}
