import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { jsonLines, runCarrel, startCarrel, temporaryFolder } from '../../support/run-carrel.ts'

describe('carrel watch', { timeout: 180_000 }, () => {
  it('follows a folder from one command to the next', async () => {
    await using folder = await temporaryFolder()
    const dataFolder = join(folder.path, 'library')
    const root = join(folder.path, 'notes')
    const carrel = (...words: readonly string[]) => runCarrel(words, { dataFolder })
    await mkdir(join(root, 'drafts'), { recursive: true })
    await writeFile(join(root, 'a.md'), 'Herons nest in the reeds.')
    await writeFile(join(root, 'drafts', 'b.md'), 'Barges load grain at the quay.')

    expect((await carrel('watch')).stdout).toContain('No folder is followed')
    const added = await carrel('--json', 'watch', 'add', root, '--ignore', 'drafts/')
    expect(added.code, added.stderr).toBe(0)
    expect(jsonLines(added.stdout)).toEqual([
      expect.objectContaining({ path: root, fileCount: 1, waitingCount: 0, state: 'in-step' }),
    ])

    await rename(join(root, 'a.md'), join(root, 'c.md'))
    await writeFile(join(root, 'd.md'), 'Ice is measured every morning.')
    expect((await carrel('watch', 'list')).stdout).toMatch(/notes {2}1 files, last in step at \d{4}-/)
    expect(await carrel('watch', 'rescan')).toMatchObject({ code: 0 })
    const listed = (await carrel('list')).stdout
    expect(listed).toMatch(/ready +c\.md/)
    expect(listed).toMatch(/ready +d\.md/)
    expect(listed).not.toContain('a.md')

    await rename(root, join(folder.path, 'away'))
    const gone = await carrel('watch', 'rescan', root)
    expect([gone.code, gone.stdout]).toEqual([1, expect.stringContaining('gone or empty, documents kept')])
    expect((await carrel('watch', 'remove', join(folder.path, 'nothing'))).stderr).toContain('is not followed')
    expect((await carrel('watch', 'add', dataFolder)).stderr).toContain('its own library')
    expect((await carrel('watch', 'remove', root)).stdout).toContain('stay in the library')
    expect((await carrel('list')).stdout).toContain('c.md')
  })

  it('a Carrel that stays open follows what another command named', async () => {
    await using folder = await temporaryFolder()
    const dataFolder = join(folder.path, 'library')
    const root = join(folder.path, 'notes')
    await mkdir(root)
    const open = startCarrel(['--json', 'serve', '--port', '0'], { dataFolder })
    await open.shows('token')
    const carrel = (...words: readonly string[]) => runCarrel(words, { dataFolder })
    expect(await carrel('watch', 'add', root)).toMatchObject({ code: 0 })
    await writeFile(join(root, 'a.md'), 'Herons nest in the reeds.')
    await vi.waitFor(async () => expect((await carrel('list')).stdout).toMatch(/ready +a\.md/), { timeout: 60_000 })
    await rm(join(root, 'a.md'))
    await vi.waitFor(async () => expect((await carrel('list')).stdout).not.toContain('a.md'), { timeout: 60_000 })
    const removed = await carrel('watch', 'remove', root, '--remove-documents')
    expect(removed.stdout).toContain('no longer followed')
    open.child.kill('SIGTERM')
    expect((await open.ended).code).toBe(0)
  })
})
