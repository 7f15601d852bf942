import type { FoundFile, KnownFile } from '../../ports/files.ts'

/** What has to happen so that the library knows what is there. Nothing is named twice. */
export interface FolderDiff {
  /** The same file at another path. */
  readonly moved: readonly { readonly from: KnownFile; readonly to: FoundFile }[]
  /** New, or another file, or with another size or time. */
  readonly toRead: readonly FoundFile[]
  /** As they were, but not yet noted as files of this folder. */
  readonly toFollow: readonly FoundFile[]
  readonly vanished: readonly KnownFile[]
}

/** Files of one slice that need something, and how each differs. */
export interface Difference {
  readonly added: readonly FoundFile[]
  readonly changed: readonly FoundFile[]
  readonly toFollow: readonly FoundFile[]
}

/** Compares a slice of what is there with what the library knows of these paths. Equal size and time: the same bytes. */
export function compareFiles(
  found: readonly FoundFile[],
  known: readonly KnownFile[],
  options: { readonly folderId: number; readonly leftOut: ReadonlySet<string> },
): Difference {
  const byPath = new Map(known.map((file) => [file.path, file]))
  const added: FoundFile[] = []
  const changed: FoundFile[] = []
  const toFollow: FoundFile[] = []
  for (const file of found) {
    const before = byPath.get(file.path)
    if (before === undefined) {
      if (!options.leftOut.has(file.path)) added.push(file)
    } else if (before.sizeBytes !== file.sizeBytes || before.modifiedAt !== file.modifiedAt || isReplaced(before, file))
      changed.push(file)
    else if (before.folderId !== options.folderId || before.fileNumber === null) toFollow.push(file)
  }
  return { added, changed, toFollow }
}

/** Another file under the same name, be it as large and as old: it may be one that is missing elsewhere. */
function isReplaced(before: KnownFile, file: FoundFile): boolean {
  return before.fileNumber !== null && before.fileNumber !== file.fileNumber
}

/**
 * Pairs what is missing with what is new: a renamed file keeps its number, size and time. One that was moved over another
 * file counts as moved as well. What has no pair is to be read, or has vanished.
 */
export function pairMoves(difference: Difference, missing: readonly KnownFile[]): FolderDiff {
  const byNumber = new Map(missing.flatMap((file) => (file.fileNumber === null ? [] : [[identityOf(file), file]])))
  const moved: { from: KnownFile; to: FoundFile }[] = []
  const toRead: FoundFile[] = []
  for (const file of [...difference.added, ...difference.changed]) {
    const from = byNumber.get(identityOf(file))
    if (from === undefined) toRead.push(file)
    else {
      // A second hard link to the same bytes is a file of its own.
      byNumber.delete(identityOf(file))
      moved.push({ from, to: file })
    }
  }
  const movedFrom = new Set(moved.map(({ from }) => from.path))
  return {
    moved,
    toRead,
    toFollow: difference.toFollow,
    vanished: missing.filter(({ path }) => !movedFrom.has(path)),
  }
}

function identityOf(file: FoundFile | KnownFile): string {
  return `${file.fileNumber}:${file.sizeBytes}:${file.modifiedAt}`
}

/**
 * True when the folder is there and yet is not the one that was followed: none of its files is, and it is empty, or another
 * folder stands at its path. That is a drive that was unplugged, never a reason to remove everything.
 */
export function looksUnplugged(folder: {
  readonly followedCount: number
  /** Followed files that are still there, moved ones included. */
  readonly presentCount: number
  readonly isEmpty: boolean
  readonly isSameFolder: boolean
}): boolean {
  return folder.followedCount > 0 && folder.presentCount === 0 && (folder.isEmpty || !folder.isSameFolder)
}
