// The electron package's own installer, which checks the archive against its own checksums.
// It has no time-out: behind a firewall that drops packets it would hang for ever.
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inProject } from './places.mjs'
import { reasonIn, runCommand } from './run-command.mjs'

const silenceMs = 10_000

/**
 * Downloads and unpacks the official Electron into node_modules/electron/dist.
 * Progress is seen by bytes arriving on disk; after 10 s without any it gives up.
 *
 * @throws Error with a short reason when it did not work
 */
export async function downloadOfficialElectron({
  installer = inProject('node_modules', 'electron', 'install.js'),
  silence = silenceMs,
} = {}) {
  const temporary = await mkdtemp(join(tmpdir(), 'carrel-electron-'))
  const target = inProject('node_modules', 'electron', 'dist')
  const giveUp = new AbortController()
  let lastBytes = 0
  let lastChangeMs = Date.now()
  const look = async () => {
    const bytes = (await folderBytes(temporary)) + (await folderBytes(target))
    if (bytes !== lastBytes) {
      lastBytes = bytes
      lastChangeMs = Date.now()
    } else if (Date.now() - lastChangeMs > silence) giveUp.abort()
  }
  const watch = setInterval(() => void look(), 500)
  try {
    const env = { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary }
    delete env.ELECTRON_RUN_AS_NODE
    const result = await runCommand(process.execPath, [installer], { env, signal: giveUp.signal })
    if (giveUp.signal.aborted) throw new Error(`no progress for ${silence / 1000} s`)
    if (result.code !== 0) throw new Error(reasonIn(result.output).replace(/^\w*Error: /, ''))
  } finally {
    clearInterval(watch)
    await rm(temporary, { recursive: true, force: true })
  }
}

async function folderBytes(folder) {
  let sum = 0
  // Files come and go while the installer works: what vanished in between counts as nothing.
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) sum += await folderBytes(path)
    else sum += (await stat(path).catch(() => ({ size: 0 }))).size
  }
  return sum
}
