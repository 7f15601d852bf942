import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Carrel } from '../main/compose.ts'
import { AppError } from '../shared/errors.ts'
import type { WatchedFolder } from '../shared/watched-folder.ts'
import { type CommandOptions, type ExitCode, exitCodes } from './command-options.ts'

/** One line (or JSON line) a folder. */
export async function listWatchedFolders(carrel: Carrel, options: CommandOptions): Promise<ExitCode> {
  const folders = carrel.watchedFolders.list()
  for (const folder of folders) await tell(folder, options)
  if (folders.length === 0 && !options.isJson)
    await options.output.line('No folder is followed. carrel watch add DIR follows one.')
  return exitCodes.done
}

/** Follows a folder, and waits until all that is in it now is ready. */
export async function addWatchedFolder(
  carrel: Carrel,
  { folder, ignored }: { readonly folder: string; readonly ignored: readonly string[] },
  options: CommandOptions,
): Promise<ExitCode> {
  const { watchedFolders } = carrel
  const { id, rules } = await watchedFolders.add(resolve(folder))
  const patterns = [...new Set([...rules.patterns, ...ignored])]
  if (patterns.length > rules.patterns.length) await watchedFolders.setRules(id, { ...rules, patterns })
  return rescan(carrel, [id], options)
}

/** Compares a folder, or all of them, with the library and waits until what was found is ready. */
export async function rescanFolders(carrel: Carrel, folder: string | null, options: CommandOptions): Promise<ExitCode> {
  const folders = folder === null ? carrel.watchedFolders.list() : [await find(carrel, folder)]
  return rescan(
    carrel,
    folders.map(({ id }) => id),
    options,
  )
}

/** Stops following; the files themselves are never touched. */
export async function removeWatchedFolder(
  carrel: Carrel,
  { folder, keepsDocuments }: { readonly folder: string; readonly keepsDocuments: boolean },
  { output, isJson, signal }: CommandOptions,
): Promise<ExitCode> {
  const { id, path, fileCount } = await find(carrel, folder)
  await carrel.watchedFolders.remove(id, { keepsDocuments })
  if (!keepsDocuments) await carrel.importer.idle({ signal })
  const what = keepsDocuments ? 'stay in the library' : 'have left the library'
  if (isJson) await output.json({ path, fileCount, keepsDocuments })
  else await output.line(`${path} is no longer followed; its ${fileCount} files ${what}`)
  return exitCodes.done
}

async function rescan(carrel: Carrel, ids: readonly WatchedFolder['id'][], options: CommandOptions): Promise<ExitCode> {
  const { watchedFolders, importer } = carrel
  await withAbort(Promise.all(ids.map((id) => watchedFolders.rescan(id))), options.signal)
  await importer.idle({ signal: options.signal })
  // Only now do both agree, and the time of it is written.
  await withAbort(Promise.all(ids.map((id) => watchedFolders.rescan(id))), options.signal)
  const looked = watchedFolders.list().filter(({ id }) => ids.includes(id))
  for (const folder of looked) await tell(folder, options)
  return looked.some(({ state }) => state === 'gone' || state === 'unreadable') ? exitCodes.failed : exitCodes.done
}

async function tell(folder: WatchedFolder, { output, isJson }: CommandOptions): Promise<void> {
  if (isJson) return output.json(folder)
  const { path, state, problem, fileCount, waitingCount, leftOutCount, inStepAt } = folder
  const facts = [
    `${fileCount} files`,
    ...(waitingCount > 0 ? [`${waitingCount} to read`] : []),
    ...(leftOutCount > 0 ? [`${leftOutCount} left out by hand`] : []),
    ...(state === 'at-rest' || state === 'in-step' ? [] : [state === 'gone' ? 'gone or empty, documents kept' : state]),
    inStepAt === null ? 'not in step yet' : `last in step at ${new Date(inStepAt).toLocaleString('sv-SE')}`,
  ]
  await output.line(`${path}  ${facts.join(', ')}`)
  if (problem !== null) output.remark(problem.message)
}

/** @throws AppError `not-found` */
async function find(carrel: Carrel, folder: string): Promise<WatchedFolder> {
  const absolute = resolve(folder)
  const places = [absolute, await realpath(absolute).catch(() => absolute)]
  const found = carrel.watchedFolders.list().find(({ path }) => places.includes(path))
  if (found === undefined)
    throw new AppError('not-found', 'This folder is not followed. carrel watch lists those that are.')
  return found
}

async function withAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const abort = (): void => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
