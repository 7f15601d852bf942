// Packages of the system: installed by root on Debian and Ubuntu, otherwise asked for by their one command.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Failure } from './failure.mjs'
import { reasonIn, runCommand } from './run-command.mjs'

/** What Electron, a virtual display and Chinese text in a window need. */
export const systemPackages = ['xvfb', 'xauth', 'libgtk-3-0', 'libnss3', 'libgbm1', 'libasound2', 'fonts-noto-cjk']

/**
 * Installs packages, saying so first.
 * @param reason the first half of a sentence: why they are needed
 * @throws Failure where this cannot or must not be done without the person
 */
export async function installOrAsk(names, reason, progress) {
  const packages = (await hasCommand('apt-cache')) ? await presentNames(names) : names
  const isRoot = process.getuid?.() === 0
  if (!isRoot || !(await hasCommand('apt-get'))) {
    const command = `sudo apt-get install -y ${packages.join(' ')}`
    const next = (await hasCommand('apt-get')) ? `run "${command}"` : `install what Debian calls ${packages.join(' ')}`
    throw new Failure(`${reason}: ${next}, then run this again.`)
  }
  progress.say(`  ${reason}; installing ${packages.join(' ')}`)
  await progress.step('Installing system packages (apt-get)', async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const install = async () =>
      runCommand('apt-get', ['install', '-y', '--no-install-recommends', ...(await presentNames(names))], { env })
    await runCommand('apt-get', ['update'], { env }) // a failing mirror shows in the installation, where it matters
    const result = await install()
    if (result.code === 0) return
    throw new Failure(
      `apt-get could not install ${packages.join(' ')} (${reasonIn(result.output)}): install them by hand, then run this again.`,
    )
  })
}

// Since Ubuntu 24.04 and Debian 13 some libraries carry a t64 suffix, and the old name is not always installable.
async function presentNames(names) {
  const candidates = names.filter((name) => name.startsWith('lib')).map((name) => `${name}t64`)
  const { output } = await runCommand('apt-cache', ['policy', ...candidates])
  return names.map((name) => (isInstallable(`${name}t64`, output) ? `${name}t64` : name))
}

/** Whether `apt-cache policy` output offers a version of the package. */
export function isInstallable(name, policyOutput) {
  const lines = policyOutput.split('\n')
  const start = lines.indexOf(`${name}:`)
  return start >= 0 && /Candidate: (?!\(none\))\S/.test(lines.slice(start + 1, start + 3).join('\n'))
}

/** Whether a program is on PATH. */
export async function hasCommand(name, environment = process.env) {
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd', '.bat', ''] : ['']
  const folders = (environment.PATH ?? '').split(delimiter).filter(Boolean)
  return folders.some((folder) => suffixes.some((suffix) => existsSync(join(folder, name + suffix))))
}
