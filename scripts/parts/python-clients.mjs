// The Python clients that the local API is tested with, in a virtual environment of their own in the cache.
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { withLock } from './exclusive-lock.mjs'
import { cacheFolder } from './places.mjs'
import { reasonIn, runCommand } from './run-command.mjs'
import { hasCommand } from './system-packages.mjs'

const packages = ['openai==3.57.0', 'httpx==0.28.1', 'httpx-sse==0.4.3']
const installMs = 5 * 60_000

/**
 * Installs them when they are not there.
 * @returns {Promise<{python: string} | {reason: string}>} the Python of that environment, or why there is none
 */
export async function findPythonClients(progress) {
  const name = packages.join('-').replaceAll('==', '-')
  const folder = join(cacheFolder(), 'python-clients', name)
  const python = pythonIn(folder)
  if (existsSync(python)) return { python }
  if (process.platform === 'win32' || !(await hasCommand('python3'))) return { reason: 'there is no python3' }
  return withLock('python-clients', progress, async () => {
    if (existsSync(python)) return { python }
    const part = `${folder}.partial`
    await rm(part, { recursive: true, force: true })
    await mkdir(part, { recursive: true })
    try {
      const problem = await progress.step('Installing the Python clients for tests', () => install(part))
      if (problem !== null) return { reason: problem }
      await rename(part, folder)
      return { python }
    } finally {
      await rm(part, { recursive: true, force: true })
    }
  })
}

/** Into a folder that gets its name when it is whole: its Python is started by path, which survives that. */
async function install(folder) {
  const venv = await runCommand('python3', ['-m', 'venv', folder], { timeoutMs: installMs })
  if (venv.code !== 0) return `python3 -m venv: ${reasonIn(venv.output)}`
  const pip = await runCommand(pythonIn(folder), ['-m', 'pip', 'install', '--quiet', '--no-input', ...packages], {
    timeoutMs: installMs,
  })
  return pip.code === 0 ? null : `pip install: ${reasonIn(pip.output)}`
}

function pythonIn(folder) {
  return join(folder, 'bin', 'python3')
}
