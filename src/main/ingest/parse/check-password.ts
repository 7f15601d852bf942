import { AppError } from '../../../shared/errors.ts'
import { isEncryptedOffice, openEncryptedOffice } from './office-encryption.ts'
import type { ParserResources } from './parser-resources.ts'
import { openPdf } from './pdf-document.ts'

/** Whether a password opens a document; nothing of it is read. @throws AppError `unreadable-file` where it is damaged */
export async function opensWith(
  bytes: Uint8Array,
  options: { readonly password: string; readonly resources: ParserResources },
): Promise<boolean> {
  const { password, resources } = options
  try {
    if (isEncryptedOffice(bytes)) openEncryptedOffice(bytes, [password])
    else await (await openPdf(bytes, { resources, passwords: [password] })).close()
    return true
  } catch (error) {
    if (error instanceof AppError && error.code === 'encrypted-file') return false
    throw error
  }
}
