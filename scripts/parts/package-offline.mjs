// Runs the test of a package where there is no network but loopback: in a network namespace of its own.
import { inProject, projectRoot } from './places.mjs'
import { withSomeDisplay } from './display.mjs'
import { Failure } from './failure.mjs'
import { runCommand } from './run-command.mjs'
import { hasCommand } from './system-packages.mjs'

const limitMs = 10 * 60_000

/** @returns {Promise<boolean>} whether it passed; @throws Failure where there are no network namespaces */
export async function testOffline(packageFolder, progress) {
  if (process.platform !== 'linux')
    throw new Failure('The offline test needs network namespaces, which Linux alone has: run it on Linux.')
  if (!(await hasCommand('unshare')) || !(await hasCommand('ip')))
    throw new Failure('The offline test needs unshare and ip: install util-linux and iproute2, then run this again.')
  const test = inProject('test', 'package', 'offline.test.mjs')
  const inside = await withSomeDisplay(process.execPath, ['--test-reporter=spec', test], progress)
  // Root needs no namespace of users; for everybody else that is what gives the right to make one of networks.
  const asWhom = process.getuid() === 0 ? '-n' : '-rn'
  const script = 'ip link set lo up && exec "$@"'
  const { code } = await runCommand('unshare', [asWhom, 'sh', '-c', script, 'sh', inside.file, ...inside.args], {
    cwd: projectRoot,
    env: { ...process.env, CARREL_PACKAGE: packageFolder },
    output: 'show',
    timeoutMs: limitMs,
  })
  return code === 0
}
