// Step 4: the system libraries that Electron is linked against (Linux only).
import { hasCommand, installOrAsk, systemPackages } from './system-packages.mjs'
import { Failure } from './failure.mjs'
import { runCommand } from './run-command.mjs'

/**
 * Checks that every shared library of the binary is there; as root on Debian or Ubuntu installs what is missing.
 * @throws Failure with the one command to run where it cannot install by itself
 */
export async function ensureSharedLibraries(binary, progress) {
  if (process.platform !== 'linux' || !(await hasCommand('ldd'))) return
  const missing = await listMissing(binary)
  if (missing.length === 0) return
  await installOrAsk(
    systemPackages,
    `Electron needs system libraries that are not here (${missing.slice(0, 4).join(', ')})`,
    progress,
  )
  const stillMissing = await listMissing(binary)
  if (stillMissing.length > 0) {
    throw new Failure(
      `Electron still lacks the system library ${stillMissing[0]}: install the package that contains it, then run this again.`,
    )
  }
}

async function listMissing(binary) {
  const { output } = await runCommand('ldd', [binary])
  return parseMissingLibraries(output)
}

/** The library names that `ldd` could not find, each once, in its order. */
export function parseMissingLibraries(lddOutput) {
  const names = lddOutput.split('\n').map((line) => /^\s*(\S+) => not found/.exec(line)?.[1])
  return [...new Set(names.filter((name) => name !== undefined))]
}
