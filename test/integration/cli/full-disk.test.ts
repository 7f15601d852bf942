import { execFileSync } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { jsonLines, runCarrel, temporaryFolder } from '../../support/run-carrel.ts'

const canMount = process.platform === 'linux' && process.getuid?.() === 0

describe('a full disk', { timeout: 180_000 }, () => {
  it.skipIf(!canMount)(
    'is said clearly, loses nothing, and import goes on when there is room (needs root for a tmpfs)',
    async () => {
      await using folder = await temporaryFolder()
      const documents = join(folder.path, 'documents')
      const disk = join(folder.path, 'disk')
      await mkdir(documents)
      await mkdir(disk)
      const line = (number: number): string =>
        `Sentence ${number} about tide tables, harbour dues and the depth of the channel at noon.`
      for (let number = 0; number < 12; number += 1) {
        await writeFile(
          join(documents, `${number}.txt`),
          Array.from({ length: 1_200 }, (_, index) => line(number * 10_000 + index)).join('\n\n'),
        )
      }
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', disk])
      try {
        const dataFolder = join(disk, 'library')
        await mkdir(dataFolder)
        const ballast = join(disk, 'ballast')
        await writeFile(ballast, Buffer.alloc(9 * 1024 * 1024))
        const full = await runCarrel(['--json', 'add', documents], { dataFolder })
        expect(full.code).toBe(1)
        expect(jsonLines(full.stdout).at(-1)).toMatchObject({ error: { code: 'storage-full' } })
        expect(full.stderr).toMatch(/disk|room|space/i)
        await rm(ballast)
        execFileSync('mount', ['-o', 'remount,size=400m', disk])
        const resumed = await runCarrel(['--json', 'add', documents], { dataFolder })
        expect(resumed.code, resumed.stderr).toBe(0)
        expect(jsonLines(resumed.stdout).map(({ state }) => state)).toEqual(Array.from({ length: 12 }, () => 'ready'))
        expect(await runCarrel(['verify'], { dataFolder })).toMatchObject({
          code: 0,
          stdout: expect.stringContaining('clean'),
        })
      } finally {
        execFileSync('umount', ['-l', disk])
      }
    },
  )
})
