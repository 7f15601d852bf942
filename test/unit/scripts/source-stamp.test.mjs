import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { computeSourceStamp } from '../../../scripts/parts/source-stamp.mjs'

let root
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'carrel-stamp-'))
  mkdirSync(join(root, 'src', 'main'), { recursive: true })
  mkdirSync(join(root, 'resources', 'models'), { recursive: true })
  writeFileSync(join(root, 'src', 'main', 'index.ts'), 'one')
  writeFileSync(join(root, 'package-lock.json'), '{}')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('nothing changed: the same stamp', async () => {
  expect(await computeSourceStamp(root)).toBe(await computeSourceStamp(root))
})

test.each([
  ['an edit', () => writeFileSync(join(root, 'src', 'main', 'index.ts'), 'two!')],
  ['a newer time alone', () => utimesSync(join(root, 'src', 'main', 'index.ts'), 5, 5)],
  ['a new file', () => writeFileSync(join(root, 'src', 'new.ts'), '')],
  ['a removed file', () => rmSync(join(root, 'src', 'main', 'index.ts'))],
  ['a renamed file', () => renameSync(join(root, 'src', 'main', 'index.ts'), join(root, 'src', 'main', 'other.ts'))],
  ['another lock', () => writeFileSync(join(root, 'package-lock.json'), '{ }')],
  ['a new resource', () => writeFileSync(join(root, 'resources', 'icon.svg'), '')],
  ['a build setting', () => writeFileSync(join(root, 'electron.vite.config.ts'), '')],
])('%s changes it', async (_name, change) => {
  const before = await computeSourceStamp(root)
  change()
  expect(await computeSourceStamp(root)).not.toBe(before)
})

test.each([
  ['a fetched model', 'resources/models/model.onnx'],
  ['a test', 'test/some.test.ts'],
])('%s does not', async (_name, path) => {
  const before = await computeSourceStamp(root)
  mkdirSync(join(root, 'test'), { recursive: true })
  writeFileSync(join(root, path), '')
  expect(await computeSourceStamp(root)).toBe(before)
})
