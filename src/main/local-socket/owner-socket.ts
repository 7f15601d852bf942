import { chmod, lstat, mkdir, rm } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { AppError } from '../../shared/errors.ts'
import type { SocketPlace } from './socket-place.ts'

/**
 * Makes the folder of the socket, for its owner alone, and clears what an ended process left. The data folder's lock is held by
 * now: nobody else listens here.
 * @throws AppError `forbidden` when the folder belongs to somebody else, or is a link
 */
export async function prepareSocket({ path, folder }: SocketPlace): Promise<void> {
  if (folder === null) return
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const facts = await lstat(folder)
  if (!facts.isDirectory() || facts.uid !== userInfo().uid)
    throw new AppError(
      'forbidden',
      `The folder ${folder} belongs to somebody else. Remove it, then start Carrel again.`,
    )
  await chmod(folder, 0o700)
  await rm(path, { force: true })
}

/** Once it is there. Until then the folder keeps others out. */
export async function closeToOthers({ path, folder }: SocketPlace): Promise<void> {
  if (folder !== null) await chmod(path, 0o600)
}
