import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Sizes of all files below a folder, and how many there are. */
export async function folderBytes(folder: string): Promise<{ readonly bytes: number; readonly files: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  )
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), files: sizes.length }
}
