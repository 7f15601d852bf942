import { posix, win32 } from 'node:path'

/**
 * Where the drive of a file is mounted that can be unplugged, by the customs of the system: `/media/USER/NAME`,
 * `/run/media/USER/NAME`, `/mnt/NAME`, `/Volumes/NAME`, `E:\` or a share. Null for files that are on none.
 * @param path absolute
 */
export function driveOf(path: string, platform: NodeJS.Platform): string | null {
  if (platform === 'win32') {
    const { root } = win32.parse(path)
    return root === '' ? null : root
  }
  const parts = posix.normalize(path).split('/').slice(1)
  const depth = mountDepth(parts, platform)
  // The file itself is no drive.
  return depth === null || parts.length <= depth ? null : `/${parts.slice(0, depth).join('/')}`
}

function mountDepth([first, second]: readonly string[], platform: NodeJS.Platform): number | null {
  if (platform === 'darwin') return first === 'Volumes' ? 2 : null
  if (first === 'mnt') return 2
  if (first === 'media') return 3
  return first === 'run' && second === 'media' ? 4 : null
}
