import { lstat, opendir, realpath, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { FileFacts } from '../ports/files.ts'

/** Folders nobody means when they drop a project. */
const skippedFolders = new Set(['node_modules', '__pycache__', '__MACOSX'])
/** Deeper than any real folder; ends a loop that links cannot make. */
const deepestFolder = 64

/** A path that was given and cannot be listed: the file itself, or the folder. */
export interface UnlistedPath {
  readonly path: string
  readonly cause: unknown
}

export type ScannedPath = { readonly file: FileFacts } | { readonly unlisted: UnlistedPath }

/**
 * Regular files under the given paths, depth first, in directory order. Inside folders hidden entries, `node_modules`
 * and links are left out (a link can lead in circles, or out of the folder); a path that was given itself is followed.
 * Yields what cannot be listed instead of throwing. Abort ends the walk with the signal's reason.
 */
export async function* scanPaths(
  paths: readonly string[],
  { signal }: { readonly signal: AbortSignal },
): AsyncIterable<ScannedPath> {
  for (const given of paths) {
    signal.throwIfAborted()
    const path = resolve(given)
    try {
      const facts = await stat(path)
      if (facts.isDirectory()) yield* scanFolder(await realpath(path), 0, signal)
      else if (facts.isFile())
        yield { file: { path: await realpath(path), sizeBytes: facts.size, modifiedAt: Math.trunc(facts.mtimeMs) } }
      else yield { unlisted: { path, cause: new Error('neither a file nor a folder') } }
    } catch (cause) {
      signal.throwIfAborted()
      yield { unlisted: { path, cause } }
    }
  }
}

async function* scanFolder(folder: string, depth: number, signal: AbortSignal): AsyncIterable<ScannedPath> {
  if (depth > deepestFolder) return
  let entries
  try {
    entries = await opendir(folder)
  } catch (cause) {
    yield { unlisted: { path: folder, cause } }
    return
  }
  for await (const entry of entries) {
    signal.throwIfAborted()
    if (entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (!skippedFolders.has(entry.name)) yield* scanFolder(path, depth + 1, signal)
    } else if (entry.isFile()) {
      try {
        const facts = await lstat(path)
        yield { file: { path, sizeBytes: facts.size, modifiedAt: Math.trunc(facts.mtimeMs) } }
      } catch (cause) {
        yield { unlisted: { path, cause } }
      }
    }
  }
}
