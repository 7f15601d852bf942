import type { IgnoreRules } from '../../../shared/watched-folder.ts'

/** Paths are relative to the watched folder, with `/` between their parts. */
export interface Ignore {
  folder(relativePath: string): boolean
  file(relativePath: string, sizeBytes: number): boolean
}

const bytesPerMegabyte = 1_000_000

interface Pattern {
  /** Folded, without the slashes at its ends; each part a name with `*` and `?`, or `**`. */
  readonly parts: readonly string[]
  readonly isForFolders: boolean
}

/** Decides by rules alone; whether a folder above is left out is for the caller, who does not enter it. */
export function createIgnore(rules: IgnoreRules): Ignore {
  const patterns = rules.patterns.map(toPattern)
  const isLeftOut = (relativePath: string, isFolder: boolean): boolean => {
    const parts = fold(relativePath).split('/')
    if (rules.skipsHidden && parts.at(-1)?.startsWith('.') === true) return true
    return patterns.some((pattern) => (isFolder || !pattern.isForFolders) && matchesParts(pattern.parts, parts))
  }
  return {
    folder: (relativePath) => isLeftOut(relativePath, true),
    file: (relativePath, sizeBytes) =>
      sizeBytes > rules.largestMegabytes * bytesPerMegabyte || isLeftOut(relativePath, false),
  }
}

function toPattern(text: string): Pattern {
  const folded = fold(text).replaceAll('\\', '/')
  const isForFolders = folded.endsWith('/')
  const trimmed = folded.replaceAll(/^\/+|\/+$/g, '')
  const isRooted = folded.startsWith('/') || trimmed.includes('/')
  const parts = trimmed.split('/').filter((part) => part !== '')
  return { parts: isRooted || parts.length === 0 ? parts : ['**', ...parts], isForFolders }
}

/** Names are compared without case and composition, as most file systems do. */
function fold(text: string): string {
  return text.normalize('NFC').toLowerCase()
}

/** As {@link matchesName}, with whole parts for characters and `**` for the star. */
function matchesParts(pattern: readonly string[], parts: readonly string[]): boolean {
  return matchesWithStars(
    pattern.length,
    parts.length,
    (index) => pattern[index] === '**',
    (index, at) => matchesName(pattern[index] ?? '', parts[at] ?? ''),
  )
}

function matchesName(pattern: string, name: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === name
  return matchesWithStars(
    pattern.length,
    name.length,
    (index) => pattern[index] === '*',
    (index, at) => pattern[index] === '?' || pattern[index] === name[at],
  )
}

/**
 * Whether a pattern with stars covers all of a sequence. Only the last star ever needs to be tried again with more, so this
 * takes at most pattern times sequence steps, whatever a person writes.
 */
function matchesWithStars(
  patternLength: number,
  length: number,
  isStar: (index: number) => boolean,
  isEqual: (index: number, at: number) => boolean,
): boolean {
  let index = 0
  let star = -1
  let starAt = 0
  for (let at = 0; at < length;) {
    if (index < patternLength && isStar(index)) {
      star = index
      starAt = at
      index += 1
    } else if (index < patternLength && isEqual(index, at)) {
      index += 1
      at += 1
    } else if (star >= 0) {
      starAt += 1
      at = starAt
      index = star + 1
    } else return false
  }
  while (index < patternLength && isStar(index)) index += 1
  return index === patternLength
}
