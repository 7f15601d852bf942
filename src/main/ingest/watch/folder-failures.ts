import { AppError } from '../../../shared/errors.ts'

function failure(
  reason: string,
  message: string,
  options: { readonly cause?: unknown; readonly details?: Readonly<Record<string, number>> } = {},
): AppError {
  return new AppError('watched-folder', message, {
    retryable: true,
    details: { reason, ...options.details },
    cause: options.cause,
  })
}

export function notAFolder(cause?: unknown): AppError {
  return failure('not-a-folder', 'There is no such folder that Carrel may list. Choose another.', { cause })
}

export function overlaps(): AppError {
  return failure(
    'overlaps',
    'This folder is within one that is already followed, or holds one. Stop following that one first.',
  )
}

export function insideLibrary(): AppError {
  return failure('data-folder', 'This is where Carrel keeps its own library. Choose a folder with your documents.')
}

export function noEvents(cause: unknown): AppError {
  return failure(
    'no-events',
    'The system does not tell of changes in this folder, so it is looked at every two minutes. Watching fewer folders may help.',
    { cause },
  )
}

export function lookFailed(cause: unknown): AppError {
  return failure(
    'look-failed',
    'This folder could not be compared with the library. Rescan it; the log has the details.',
    {
      cause,
    },
  )
}

export function partsUnreadable(count: number): AppError {
  return failure(
    'parts-unreadable',
    `${count} of its files or folders may not be read. Change their permissions, then rescan; what is known of them is kept.`,
    { details: { count } },
  )
}
