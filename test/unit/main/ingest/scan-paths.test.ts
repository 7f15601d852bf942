import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { scanPaths } from '../../../../src/main/ingest/scan-paths.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carrel-scan-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function put(path: string): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true })
  await writeFile(join(folder, path), path)
}

async function scan(...paths: readonly string[]): Promise<{ files: readonly string[]; unlisted: readonly string[] }> {
  const files: string[] = []
  const unlisted: string[] = []
  for await (const found of scanPaths(paths, { signal: new AbortController().signal })) {
    if ('file' in found) files.push(relative(folder, found.file.path))
    else unlisted.push(relative(folder, found.unlisted.path))
  }
  return { files: files.toSorted(), unlisted }
}

it('lists regular files below folders, names of every kind', async () => {
  const names = [
    'a.md',
    'sub/租赁合同（中文版）.txt',
    'sub/deep/with\nnewline.txt',
    'sub/😀.md',
    `sub/${'长'.repeat(80)}.txt`,
  ]
  for (const name of names) await put(name)
  expect(await scan(folder)).toEqual({ files: names.toSorted(), unlisted: [] })
})

it('leaves out what nobody means: hidden entries, node_modules, links inside a folder', async () => {
  for (const name of ['a.md', '.hidden', '.git/config', 'node_modules/x/readme.md', '__MACOSX/._a']) await put(name)
  await symlink(folder, join(folder, 'loop'))
  await symlink(join(folder, 'a.md'), join(folder, 'link.md'))
  expect((await scan(folder)).files).toEqual(['a.md'])
})

it('follows a link that was given itself, and takes a single file', async () => {
  await put('a.md')
  await symlink(join(folder, 'a.md'), join(folder, 'link.md'))
  expect((await scan(join(folder, 'link.md'))).files).toEqual(['a.md'])
})

it('names what cannot be listed and goes on', async () => {
  await put('a.md')
  expect(await scan(join(folder, 'gone'), join(folder, 'a.md'))).toEqual({ files: ['a.md'], unlisted: ['gone'] })
})

it('stops when told to', async () => {
  await put('a.md')
  const controller = new AbortController()
  controller.abort()
  const walk = async (): Promise<void> => {
    for await (const found of scanPaths([folder], { signal: controller.signal })) expect(found).toBeUndefined()
  }
  await expect(walk()).rejects.toMatchObject({ name: 'AbortError' })
})
