import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writeExport } from '../../../../src/main/export/write-export.ts'
import { AppError } from '../../../../src/shared/errors.ts'

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'carrel-export-'))
  try {
    await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function* pieces(...texts: readonly string[]): AsyncGenerator<string> {
  yield* texts
}

it('writes all pieces, in place of what was there, and leaves nothing beside it', () =>
  inFolder(async (folder) => {
    const path = join(folder, '租赁.md')
    await writeFile(path, 'before, and longer than what comes')
    await writeExport(path, pieces('a', '租', 'c'))
    expect(await readFile(path, 'utf8')).toBe('a租c')
    expect(await readdir(folder)).toEqual(['租赁.md'])
  }))

it('a failure half-way leaves the earlier file as it was', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'a.md')
    await writeFile(path, 'before')
    async function* broken(): AsyncGenerator<string> {
      yield 'half'
      throw new AppError('not-found', 'It is gone.')
    }
    await expect(writeExport(path, broken())).rejects.toMatchObject({ code: 'not-found' })
    expect(await readFile(path, 'utf8')).toBe('before')
    expect(await readdir(folder)).toEqual(['a.md'])
  }))

it('a folder that is not there, and a path that is a folder, are said', () =>
  inFolder(async (folder) => {
    await expect(writeExport(join(folder, 'none', 'a.md'), pieces('a'))).rejects.toMatchObject({
      code: 'file-not-written',
    })
    await expect(writeExport(folder, pieces('a'))).rejects.toMatchObject({ code: 'file-not-written' })
    expect(await readdir(folder)).toEqual([])
  }))
