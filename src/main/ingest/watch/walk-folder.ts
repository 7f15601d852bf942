import { lstat, opendir, realpath } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { FoundFile } from '../../ports/files.ts'
import type { Ignore } from './ignore-rules.ts'

/** Deeper than any real folder; ends a loop that links cannot make. */
const deepestFolder = 64
/** Files asked for at once; also how many a slice holds at most. */
const filesAtOnce = 128

/** A slice of what is there. */
export interface WalkedSlice {
  readonly files: readonly FoundFile[]
  /** Files and folders that the system would not show: what is known of them stays as it is. */
  readonly unlisted: readonly string[]
}

export interface WalkOptions {
  /** The watched folder, links resolved. */
  readonly root: string
  readonly ignore: Ignore
  /** Never entered: Carrel's own data folder. */
  readonly forbiddenFolder: string
  readonly signal: AbortSignal
}

/**
 * Regular files below a folder, by the folder's rules. Links are never followed: one can lead in circles, or out of the folder.
 * Yields what cannot be listed instead of throwing; what vanishes meanwhile is left out. Abort throws the signal's reason.
 */
export async function* walkFolder(folder: string, options: WalkOptions): AsyncIterable<WalkedSlice> {
  const { root, ignore, forbiddenFolder, signal } = options
  const folders = [{ path: folder, depth: 0 }]
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    signal.throwIfAborted()
    if (next.path === forbiddenFolder || next.depth > deepestFolder) continue
    let names: string[] = []
    try {
      for await (const entry of await opendir(next.path, { bufferSize: filesAtOnce })) {
        const path = join(next.path, entry.name)
        if (entry.isDirectory()) {
          if (!ignore.folder(relativeTo(root, path))) folders.push({ path, depth: next.depth + 1 })
        } else if (entry.isFile()) names.push(path)
        if (names.length < filesAtOnce) continue
        yield await describe(names, options)
        names = []
        signal.throwIfAborted()
      }
    } catch (cause) {
      signal.throwIfAborted()
      if (!isGone(cause)) yield { files: [], unlisted: [next.path] }
    }
    if (names.length > 0) yield await describe(names, options)
  }
}

/** The same for single paths below the watched folder, files or folders; what is not there is left out. */
export async function* walkPaths(paths: readonly string[], options: WalkOptions): AsyncIterable<WalkedSlice> {
  for (let start = 0; start < paths.length; start += filesAtOnce) {
    options.signal.throwIfAborted()
    const wanted = paths.slice(start, start + filesAtOnce).filter((path) => !isInLeftOutFolder(path, options))
    const places = await Promise.all(wanted.map(lookUp))
    yield {
      files: (await describe(present(places, 'file'), options)).files,
      unlisted: present(places, 'unlisted'),
    }
    for (const folder of present(places, 'folder')) {
      if (!options.ignore.folder(relativeTo(options.root, folder))) yield* walkFolder(folder, options)
    }
  }
}

interface Place {
  readonly what: 'file' | 'folder' | 'unlisted' | 'nothing'
  readonly path: string
}

/** By its name as the file system writes it: where case does not count, an old spelling still opens the renamed file. */
async function lookUp(path: string): Promise<Place> {
  try {
    const facts = await lstat(path)
    if (facts.isDirectory()) return { what: 'folder', path: await realpath(path) }
    if (facts.isFile()) return { what: 'file', path: await realpath(path) }
    return { what: 'nothing', path }
  } catch (cause) {
    return { what: isGone(cause) ? 'nothing' : 'unlisted', path }
  }
}

function present(places: readonly Place[], what: Place['what']): readonly string[] {
  return places.filter((place) => place.what === what).map(({ path }) => path)
}

async function describe(paths: readonly string[], { root, ignore }: WalkOptions): Promise<WalkedSlice> {
  const files: FoundFile[] = []
  const unlisted: string[] = []
  await Promise.all(
    paths.map(async (path) => {
      try {
        const facts = await lstat(path)
        if (!facts.isFile() || ignore.file(relativeTo(root, path), facts.size)) return
        files.push({ path, sizeBytes: facts.size, modifiedAt: Math.trunc(facts.mtimeMs), fileNumber: facts.ino })
      } catch (cause) {
        if (!isGone(cause) || isUnspeakable(path)) unlisted.push(path)
      }
    }),
  )
  return { files, unlisted }
}

function isInLeftOutFolder(path: string, { root, ignore, forbiddenFolder }: WalkOptions): boolean {
  if (path === forbiddenFolder || path.startsWith(forbiddenFolder + sep)) return true
  const parts = relativeTo(root, path).split('/')
  return parts.some((_, index) => index > 0 && ignore.folder(parts.slice(0, index).join('/')))
}

function relativeTo(root: string, path: string): string {
  return relative(root, path).replaceAll(sep, '/')
}

/** A name that is no UTF-8 cannot be asked for by what Node makes of it. */
function isUnspeakable(path: string): boolean {
  return path.includes('\uFFFD')
}

function isGone(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')
}
