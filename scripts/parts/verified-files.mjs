// Files whose content is fixed by a SHA-256. Hashing 250 MB on each start is too slow, so a stamp
// remembers what a verified file looked like; only a file that looks different is hashed again.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/**
 * Which of the expected files are missing or altered.
 *
 * @param folder where they are
 * @param expected `{ path, sha256, sizeBytes? }`, path relative to `folder`
 * @param stampFile remembers verified files; rewritten when anything was hashed
 * @returns {Promise<{path: string, problem: 'missing' | 'altered'}[]>} in the order of `expected`
 */
export async function findBadFiles(folder, expected, stampFile) {
  const oldStamp = await readStamp(stampFile)
  const newStamp = {}
  const bad = []
  let hasHashed = false
  for (const file of expected) {
    const seen = await lookOf(join(folder, file.path))
    if (!seen) {
      bad.push({ path: file.path, problem: 'missing' })
      continue
    }
    const isRemembered = isSameLook(oldStamp[file.path], { ...seen, sha256: file.sha256 })
    if (!isRemembered) {
      hasHashed = true
      const isRightSize = file.sizeBytes === undefined || file.sizeBytes === seen.sizeBytes
      if (!isRightSize || (await sha256OfFile(join(folder, file.path))) !== file.sha256) {
        bad.push({ path: file.path, problem: 'altered' })
        continue
      }
    }
    newStamp[file.path] = { ...seen, sha256: file.sha256 }
  }
  if (hasHashed) await rememberQuietly(stampFile, newStamp)
  return bad
}

/** The SHA-256 of a file's bytes, in hex. */
export async function sha256OfFile(path) {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}

/** True when a remembered look (size, both times, and the hash it stood for) is still the present one. */
export function isSameLook(remembered, present) {
  if (!remembered) return false
  return ['sizeBytes', 'modifiedMs', 'changedMs', 'sha256'].every((key) => remembered[key] === present[key])
}

/** Writes a file so that a reader sees the old content or the new, never half of it. */
export async function writeWhole(path, content) {
  await mkdir(dirname(path), { recursive: true })
  const temporary = `${path}.partial-${process.pid}`
  await writeFile(temporary, content)
  await rename(temporary, path)
}

async function lookOf(path) {
  try {
    const { size, mtimeMs, ctimeMs } = await stat(path)
    // ctime as well: a modification time can be set back, a change time cannot.
    return { sizeBytes: size, modifiedMs: mtimeMs, changedMs: ctimeMs }
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw error
  }
}

// In a folder that may only be read there is no stamp: everything is hashed on each start, which is slow but right.
async function rememberQuietly(stampFile, stamp) {
  try {
    await writeWhole(stampFile, `${JSON.stringify(stamp, null, 1)}\n`)
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error
  }
}

async function readStamp(stampFile) {
  try {
    return JSON.parse(await readFile(stampFile, 'utf8'))
  } catch {
    return {} // absent or damaged: everything is hashed again, which is always right
  }
}
