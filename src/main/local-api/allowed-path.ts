import { realpath } from 'node:fs/promises'
import { isAbsolute, relative, sep } from 'node:path'
import { AppError } from '../../shared/errors.ts'

/**
 * The real place of a path that other programs name, when it lies in a folder that the person allowed: links are followed
 * first, on both sides, so that neither `..` nor a link leads out. What is read later is this real path.
 * @throws AppError `forbidden`, also for what is not there: who may not read a folder does not learn what is in it.
 */
export async function allowedPath(path: string, allowedFolders: readonly string[]): Promise<string> {
  const refusal = new AppError(
    'forbidden',
    'Other programs may add files from allowed folders only. Allow the folder in Settings, or send the file itself.',
  )
  if (!isAbsolute(path) || path.includes('\0')) throw refusal
  const real = await realpath(path).catch(() => null)
  if (real === null) throw refusal
  for (const folder of allowedFolders) {
    const realFolder = await realpath(folder).catch(() => null)
    if (realFolder !== null && isInside(real, realFolder)) return real
  }
  throw refusal
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}
