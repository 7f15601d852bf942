// Whether the sources changed since the last build: names, sizes and times, hashed. Contents are not read; 500 files take 10 ms.
import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { projectRoot } from './places.mjs'

const watched = ['src', 'resources', 'electron.vite.config.ts', 'tsconfig.json', 'package.json', 'package-lock.json']
const ignored = new Set(['resources/models'])

/** One hash over everything a build reads; any added, removed, renamed or edited file changes it. */
export async function computeSourceStamp(root = projectRoot) {
  const lines = []
  for (const name of watched) await collect(join(root, name), root, lines)
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex')
}

async function collect(path, root, lines) {
  const name = relative(root, path).split(sep).join('/')
  if (ignored.has(name)) return
  const info = await stat(path).catch(() => null)
  if (info === null) return // absent, or a dangling link: nothing a build could read
  if (info.isDirectory()) {
    for (const entry of await readdir(path)) await collect(join(path, entry), root, lines)
  } else lines.push(`${name}\t${info.size}\t${info.mtimeMs}`)
}
