import { AppError } from '../../../shared/errors.ts'

/** What a password opened, or that none was needed. */
export interface OpenedByPassword {
  /** Place in the list of passwords that were given; null where the file opens without. */
  readonly passwordUsed: number | null
}

/** @param wasGiven whether there was any password to try. `details.reason` tells the two apart: both can be mended by a password. */
export function passwordNeeded(wasGiven: boolean, cause?: unknown): AppError {
  return wasGiven
    ? new AppError(
        'encrypted-file',
        'The password does not open this file. Enter the right one in the window, or add the file again with "carrel add --password".',
        { details: { reason: 'wrong-password' }, cause },
      )
    : new AppError(
        'encrypted-file',
        'This file is protected by a password. Enter it in the window, or add the file with "carrel add --password".',
        { details: { reason: 'password-needed' }, cause },
      )
}
