import { lstat, opendir } from 'node:fs/promises'
import { sep } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DocumentStore } from '../../ports/document-store.ts'
import type { FoundFile, KnownFile } from '../../ports/files.ts'
import type { WatchedFolderRecord, WatchedFolderStore } from '../../ports/watched-folder-store.ts'
import { quietMs, type DueChanges } from './change-collector.ts'
import { compareFiles, looksUnplugged, pairMoves } from './folder-diff.ts'
import { createIgnore } from './ignore-rules.ts'
import { walkFolder, walkPaths, type WalkOptions } from './walk-folder.ts'

/** Records asked for, or written, in one go: a few milliseconds. */
const recordsAtOnce = 500
const writtenAtOnce = 20

export interface LookParts {
  readonly documents: DocumentStore
  readonly folders: WatchedFolderStore
  /** Never entered. */
  readonly forbiddenFolder: string
  readonly now: () => number
}

export type Look =
  | { readonly what: 'gone' | 'unreadable' }
  | {
      readonly what: 'looked'
      /** Files that were queued to be read. */
      readonly queued: number
      readonly moved: number
      /** Followed files that are not there; the library still has them. */
      readonly vanished: readonly KnownFile[]
      /** Being written to right now. */
      readonly unsettled: readonly string[]
      /** Files and folders that the system would not show. */
      readonly unlisted: number
    }

/**
 * Compares what is in a watched folder, or at some paths in it, with the library: renamed files are renamed there, new and
 * changed ones are queued. What is missing is only named: the caller decides when it counts as removed. Walks and writes in
 * slices, so that nothing else waits. The files themselves are never opened. Abort throws the signal's reason.
 */
export async function lookAtFolder(
  folder: WatchedFolderRecord,
  due: DueChanges,
  parts: LookParts,
  { signal }: { readonly signal: AbortSignal },
): Promise<Look> {
  const { documents, folders } = parts
  const root = await lookAtRoot(folder.path)
  if (root.what !== 'folder') return { what: root.what }
  const isSameFolder = folder.fileNumber === null || folder.fileNumber === root.fileNumber
  // Something else stands at the path: single changes say nothing about it.
  const scope = isSameFolder ? due.paths : 'all'

  const options: WalkOptions = {
    root: folder.path,
    ignore: createIgnore(folder.rules),
    forbiddenFolder: parts.forbiddenFolder,
    signal,
  }
  const seen = new Set<string>()
  const unlisted: string[] = []
  const unsettled: string[] = []
  const added: FoundFile[] = []
  const changed: FoundFile[] = []
  const toFollow: FoundFile[] = []
  for await (const slice of scope === 'all' ? walkFolder(folder.path, options) : walkPaths(scope, options)) {
    const paths = slice.files.map(({ path }) => path)
    const difference = compareFiles(slice.files, documents.knownFiles(paths), {
      folderId: folder.id,
      leftOut: folders.leftOut(folder.id, paths),
    })
    for (const path of paths) seen.add(path)
    unlisted.push(...slice.unlisted)
    toFollow.push(...difference.toFollow)
    for (const [files, list] of [
      [difference.added, added],
      [difference.changed, changed],
    ] as const) {
      for (const file of files) {
        if (isBeingWritten(file, parts.now()) && !due.impatient.has(file.path)) unsettled.push(file.path)
        else list.push(file)
      }
    }
  }

  const missing = new Map<string, KnownFile>()
  let followedCount = 0
  const isUnlisted = withinAny(unlisted)
  for await (const known of followedIn(folder, scope, parts, signal)) {
    followedCount += known.length
    for (const file of known) if (!seen.has(file.path) && !isUnlisted(file.path)) missing.set(file.path, file)
  }
  const { moved, toRead, ...diff } = pairMoves({ added, changed, toFollow }, [...missing.values()])
  const presentCount = followedCount - missing.size + moved.length
  if (looksUnplugged({ followedCount, presentCount, isEmpty: root.isEmpty, isSameFolder }) && scope === 'all')
    return { what: 'gone' }
  if (!isSameFolder || folder.fileNumber === null) folders.update(folder.id, { fileNumber: root.fileNumber })

  await inSlices(moved, signal, (slice) => {
    for (const { from, to } of slice) documents.moveFile(from.path, to)
  })
  let queued = 0
  await inSlices(toRead, signal, (slice) => {
    for (const file of slice) if (documents.queueFile(file)) queued += 1
    documents.followFiles(folder.id, slice)
  })
  await inSlices(diff.toFollow, signal, (slice) => {
    documents.followFiles(folder.id, slice)
    folders.bringBack(
      folder.id,
      slice.map(({ path }) => path),
    )
  })
  return {
    what: 'looked',
    queued,
    moved: moved.length,
    vanished: diff.vanished,
    unsettled,
    unlisted: unlisted.length,
  }
}

/** Whether the very folder that is followed stands at its path. */
export async function isFolderThere({ path, fileNumber }: WatchedFolderRecord): Promise<boolean> {
  const facts = await lstat(path).catch(() => null)
  return facts !== null && facts.isDirectory() && (fileNumber === null || facts.ino === fileNumber)
}

async function lookAtRoot(
  path: string,
): Promise<
  | { readonly what: 'gone' | 'unreadable' }
  | { readonly what: 'folder'; readonly fileNumber: number; readonly isEmpty: boolean }
> {
  try {
    const facts = await lstat(path)
    if (!facts.isDirectory()) return { what: 'gone' }
    const entries = await opendir(path)
    try {
      return { what: 'folder', fileNumber: facts.ino, isEmpty: (await entries.read()) === null }
    } finally {
      await entries.close()
    }
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    return { what: code === 'EACCES' || code === 'EPERM' ? 'unreadable' : 'gone' }
  }
}

/** A file from the future was not written a moment ago. */
function isBeingWritten(file: FoundFile, nowMs: number): boolean {
  const ageMs = nowMs - file.modifiedAt
  return ageMs >= 0 && ageMs < quietMs
}

async function* followedIn(
  folder: WatchedFolderRecord,
  scope: readonly string[] | 'all',
  { documents }: LookParts,
  signal: AbortSignal,
): AsyncIterable<readonly KnownFile[]> {
  for (let start = 0; scope !== 'all' && start < scope.length; start += recordsAtOnce) {
    const known = documents.knownFiles(scope.slice(start, start + recordsAtOnce))
    yield known.filter(({ folderId }) => folderId === folder.id)
    await nextTurn()
  }
  for (const under of scope === 'all' ? [folder.path] : scope) {
    let afterPath: string | null = null
    for (;;) {
      signal.throwIfAborted()
      const known: readonly KnownFile[] = documents.followedFiles(folder.id, { under, afterPath, limit: recordsAtOnce })
      if (known.length > 0) yield known
      if (known.length < recordsAtOnce) break
      afterPath = known.at(-1)?.path ?? null
      await nextTurn()
    }
  }
}

function withinAny(places: readonly string[]): (path: string) => boolean {
  return (path) => places.some((place) => path === place || path.startsWith(place + sep))
}

async function inSlices<Item>(
  items: readonly Item[],
  signal: AbortSignal,
  write: (slice: readonly Item[]) => void,
): Promise<void> {
  for (let start = 0; start < items.length; start += writtenAtOnce) {
    signal.throwIfAborted()
    write(items.slice(start, start + writtenAtOnce))
    await nextTurn()
  }
}
