// The ordinary npm client: a person's own mirror, proxy and credentials are theirs to set there.
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Failure } from './failure.mjs'
import { projectRoot } from './places.mjs'
import { reasonIn, runCommand } from './run-command.mjs'

/** Runs npm in the project; install scripts never run, and `npm run -s` does not hide its errors. */
export function runNpm(args, options = {}) {
  const all = [...args, '--ignore-scripts', '--loglevel=error', '--no-update-notifier']
  // npm names its own program when it started us; that needs no shell on Windows.
  const own = process.env.npm_execpath
  if (own?.endsWith('.js')) return runCommand(process.execPath, [own, ...all], { cwd: projectRoot, ...options })
  if (process.platform === 'win32')
    return runCommand('cmd.exe', ['/d', '/s', '/c', 'npm', ...all], { cwd: projectRoot, ...options })
  return runCommand('npm', all, { cwd: projectRoot, ...options })
}

/**
 * Fetches one package's tarball and unpacks it into a temporary folder for `use`; nothing of it is installed or run.
 *
 * @param specification exact, such as `name@1.2.3`
 * @param use receives the folder that holds `package/`
 * @throws Failure when npm cannot fetch it
 */
export async function withNpmPackage(specification, use) {
  const folder = await mkdtemp(join(tmpdir(), 'carrel-npm-'))
  try {
    const packed = await runNpm(['pack', specification, '--pack-destination', folder], { timeoutMs: 20 * 60_000 })
    const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'))
    if (packed.code !== 0 || !tarball) {
      const reason = reasonIn(packed.output)
      throw new Failure(
        `npm could not fetch ${specification} (${reason}): check the network connection, then run this again.`,
        { reason },
      )
    }
    const target = join(folder, 'unpacked')
    await mkdir(target)
    const unpacked = await runCommand('tar', ['-xzf', join(folder, tarball), '-C', target])
    if (unpacked.code !== 0) {
      throw new Failure(
        `${specification} could not be unpacked (${reasonIn(unpacked.output)}): check the free disk space and that "tar" is installed, then run this again.`,
      )
    }
    return await use(target)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
