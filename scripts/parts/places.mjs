// Where things are: the project, its parts, and the cache that outlives a checkout.
import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** A path inside the project. */
export function inProject(...parts) {
  return join(projectRoot, ...parts)
}

/**
 * The folder for what is costly to fetch or build and is the same for every checkout:
 * Electron's fallback, the test Ollama, locks and logs. Deleting it is always safe.
 */
export function cacheFolder(environment = process.env) {
  const base = environment.XDG_CACHE_HOME || join(homedir(), '.cache')
  return join(base, 'carrel-build')
}

/** A short name for this checkout, so that two checkouts do not wait for each other's locks. */
export function projectKey(root = projectRoot) {
  return createHash('sha256').update(root).digest('hex').slice(0, 12)
}
