// Step 1: the packages of package-lock.json, exactly.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from './failure.mjs'
import { withLock } from './exclusive-lock.mjs'
import { runNpm } from './npm.mjs'
import { inProject, projectKey, projectRoot } from './places.mjs'
import { reasonIn } from './run-command.mjs'

/** Installs with `npm ci` when node_modules is absent or is not what the lock says. */
export async function ensurePackages(progress) {
  if (await arePackagesInstalled()) return
  await withLock(`project-${projectKey()}`, progress, async () => {
    if (await arePackagesInstalled()) return // the launcher we waited for did it
    await progress.step('Installing the locked packages (npm ci, about a minute)', async () => {
      const result = await runNpm(['ci', '--no-audit', '--no-fund'], { timeoutMs: 30 * 60_000 })
      if (result.code !== 0) {
        throw new Failure(
          `Installing the packages failed (${reasonIn(result.output)}): check the network connection and the free disk space, then run this again.`,
        )
      }
    })
  })
}

async function arePackagesInstalled(root = projectRoot) {
  const lock = await readJson(join(root, 'package-lock.json'))
  if (!lock)
    throw new Failure(
      `${inProject('package-lock.json')} is missing or damaged: get it back with "git checkout package-lock.json".`,
    )
  // npm's own stamp: written last, listing what it really installed, so a broken-off install has none.
  const installed = await readJson(join(root, 'node_modules', '.package-lock.json'))
  return installed !== null && isInstalledAsLocked(lock, installed)
}

/**
 * Whether npm's record of what is in node_modules agrees with the lock.
 * An optional package may be absent (another platform's); nothing may differ, and nothing may be left over.
 */
export function isInstalledAsLocked(lock, installed) {
  const isSame = (a, b) => a?.version === b?.version && a?.integrity === b?.integrity
  const wanted = Object.entries(lock.packages).filter(([path]) => path !== '')
  const present = Object.entries(installed.packages)
  return (
    wanted.every(([path, entry]) =>
      installed.packages[path] ? isSame(entry, installed.packages[path]) : entry.optional === true,
    ) && present.every(([path, entry]) => isSame(lock.packages[path], entry))
  )
}

async function readJson(path) {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch {
    return null
  }
}
