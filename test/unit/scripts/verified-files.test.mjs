import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { contentText, flattenLock, putVerified } from '../../../scripts/parts/models.mjs'
import { findBadFiles } from '../../../scripts/parts/verified-files.mjs'

const sha256 = (text) => createHash('sha256').update(text).digest('hex')
const expected = [
  { path: 'good', sha256: sha256('good'), sizeBytes: 4 },
  { path: 'other', sha256: sha256('other') },
]
let folder
let stampFile

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carrel-verified-'))
  stampFile = join(folder, '.verified.json')
  writeFileSync(join(folder, 'good'), 'good')
  writeFileSync(join(folder, 'other'), 'other')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('whole files pass and are remembered', async () => {
  expect(await findBadFiles(folder, expected, stampFile)).toEqual([])
  expect(Object.keys(JSON.parse(readFileSync(stampFile, 'utf8')))).toEqual(['good', 'other'])
})

test('a remembered file is not hashed again', async () => {
  await findBadFiles(folder, expected, stampFile)
  const before = statSync(stampFile)
  expect(await findBadFiles(folder, expected, stampFile)).toEqual([])
  expect(statSync(stampFile).ino).toBe(before.ino) // rewritten only after hashing
})

test('missing and altered files are told apart', async () => {
  rmSync(join(folder, 'good'))
  writeFileSync(join(folder, 'other'), 'otherwise')
  expect(await findBadFiles(folder, expected, stampFile)).toEqual([
    { path: 'good', problem: 'missing' },
    { path: 'other', problem: 'altered' },
  ])
})

test('an altered file of the same size and modification time is found', async () => {
  await findBadFiles(folder, expected, stampFile)
  const { atime, mtime } = statSync(join(folder, 'good'))
  writeFileSync(join(folder, 'good'), 'evil')
  utimesSync(join(folder, 'good'), atime, mtime)
  expect(await findBadFiles(folder, expected, stampFile)).toEqual([{ path: 'good', problem: 'altered' }])
})

test('a new hash in the lock makes a remembered file altered', async () => {
  await findBadFiles(folder, expected, stampFile)
  const changed = [{ ...expected[0], sha256: sha256('new!') }, expected[1]]
  expect(await findBadFiles(folder, changed, stampFile)).toEqual([{ path: 'good', problem: 'altered' }])
})

test('a damaged stamp is no harm', async () => {
  writeFileSync(stampFile, '{ half')
  expect(await findBadFiles(folder, expected, stampFile)).toEqual([])
})

test('a file with the wrong hash is refused and leaves nothing behind', async () => {
  writeFileSync(join(folder, 'source'), 'evil')
  const target = mkdtempSync(join(folder, 'target-'))
  await expect(putVerified(join(folder, 'source'), expected[0], target)).rejects.toThrow(/refused/)
  expect(readdirSync(target)).toEqual([])
})

test('a refused file does not replace the one in its place', async () => {
  writeFileSync(join(folder, 'source'), 'evil')
  await expect(putVerified(join(folder, 'source'), expected[0], folder)).rejects.toThrow(/refused/)
  expect(readFileSync(join(folder, 'good'), 'utf8')).toBe('good')
})

test('a file with the right hash arrives', async () => {
  writeFileSync(join(folder, 'source'), 'good')
  const target = join(folder, 'deep')
  await putVerified(join(folder, 'source'), { ...expected[0], path: 'a/b/good' }, target)
  expect(readFileSync(join(target, 'a/b/good'), 'utf8')).toBe('good')
})

test('every file in the lock has a hash, a size, a licence, and a source or a text that agrees with them', () => {
  const lock = JSON.parse(readFileSync(new URL('../../../scripts/assets.lock.json', import.meta.url), 'utf8'))
  for (const file of flattenLock(lock)) {
    expect(file).toMatchObject({
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      sizeBytes: expect.any(Number),
      licence: expect.any(String),
    })
    if (file.content === undefined) {
      expect(file.sources.npm.package).toMatch(/@\d+\.\d+\.\d+$/)
      expect(file.sources.url).toMatch(/^https:/)
    } else {
      expect(sha256(contentText(file.content))).toBe(file.sha256)
      expect(contentText(file.content)).toHaveLength(file.sizeBytes)
    }
  }
})
