// Which packages are made, and what the folder of one is called and holds.
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from './failure.mjs'
import { inProject } from './places.mjs'

const kinds = new Map([
  ['linux-x64', { flag: '--linux', folder: 'linux-unpacked', window: 'carrel-app', terminal: 'carrel' }],
  ['win32-x64', { flag: '--win', folder: 'win-unpacked', window: 'carrel-app.exe', terminal: 'carrel.cmd' }],
  [
    'darwin-arm64',
    {
      flag: '--mac',
      folder: 'mac-arm64',
      window: 'Carrel.app',
      terminal: join('Carrel.app', 'Contents', 'Resources', 'carrel'),
    },
  ],
])

/** @throws Failure for a platform without a package */
export function packageKind(platform = process.platform, architecture = process.arch) {
  const kind = kinds.get(`${platform}-${architecture}`)
  if (kind) return { ...kind, folder: inProject('release', kind.folder) }
  throw new Failure(
    `There are no packages for ${platform} ${architecture}: run this on Linux x64, Windows x64 or macOS arm64, or use "npm start".`,
  )
}

/** The sum of all files in it. */
export async function folderSizeBytes(folder) {
  let sum = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) sum += (await stat(join(entry.parentPath ?? entry.path, entry.name))).size
  }
  return sum
}
