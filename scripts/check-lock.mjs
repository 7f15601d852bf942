// node scripts/check-lock.mjs [FILE]: is package-lock.json complete and free of machine-specific addresses?
// npm leaves out, without a word, optional platform packages that were not published (yet); `npm ci` then refuses
// the lock on the platform that needed them, which nobody here would notice.
import { readFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { Failure, runLauncher } from './parts/failure.mjs'
import { inProject } from './parts/places.mjs'

/** What is wrong with a parsed lock, one sentence each; empty when all is well. */
export function findLockProblems(lock) {
  const packages = lock.packages ?? {}
  const problems = []
  for (const [path, entry] of Object.entries(packages)) {
    const owner = path || 'the project'
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      if (!resolveFrom(packages, path, name))
        problems.push(`${owner} needs the optional package ${name}, which is not in the lock`)
    }
    if (entry.resolved !== undefined && !entry.link) problems.push(`${owner} names a registry address ("resolved")`)
  }
  return problems
}

/** Node's own lookup: nested node_modules first, then those of each folder above. */
function resolveFrom(packages, path, name) {
  for (let folder = path; ; folder = parentPackage(folder)) {
    if (packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]) return true
    if (folder === '') return false
  }
}

function parentPackage(path) {
  const end = path.lastIndexOf('/node_modules/')
  return end < 0 ? '' : path.slice(0, end)
}

async function main() {
  const file = process.argv[2] ?? inProject('package-lock.json')
  const problems = findLockProblems(JSON.parse(await readFile(file, 'utf8')))
  for (const problem of problems) console.error(`  ${problem}`)
  if (problems.length === 0) return 0
  throw new Failure(
    `${file} has ${problems.length} problems: pin versions that are published for all platforms, delete the file and node_modules, then run "npm install".`,
  )
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await runLauncher(main)
