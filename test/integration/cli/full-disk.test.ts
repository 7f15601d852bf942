import { execFileSync } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { jsonLines, runCarrel, startCarrel, temporaryFolder } from '../../support/run-carrel.ts'

const canMount = process.platform === 'linux' && process.getuid?.() === 0
if (!canMount)
  console.warn('SKIPPED: a disk of a few megabytes needs root on Linux; imports were not tried on a full one.')
const mebibyte = 1024 * 1024
const readySchema = z.object({ address: z.string(), token: z.string() })
const statusSchema = z.object({
  importProblem: z.object({ code: z.string(), message: z.string() }).nullable(),
  library: z.object({ byState: z.record(z.string(), z.number()) }),
})

/** Kept in memory, of a size that can be changed; gone with its scope. */
async function mountDisk(place: string, size: string): Promise<AsyncDisposable & { resize(size: string): void }> {
  await mkdir(place, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', place])
  return {
    resize: (next) => void execFileSync('mount', ['-o', `remount,size=${next}`, place]),
    async [Symbol.asyncDispose]() {
      execFileSync('umount', ['-l', place])
    },
  }
}

async function writeTexts(folder: string, files: number, paragraphs: number): Promise<void> {
  await mkdir(folder)
  const line = (number: number): string =>
    `Sentence ${number} about tide tables, harbour dues and the depth of the channel at noon.`
  for (let number = 0; number < files; number += 1) {
    const lines = Array.from({ length: paragraphs }, (_, index) => line(number * 10_000 + index))
    await writeFile(join(folder, `${number}.txt`), lines.join('\n\n'))
  }
}

const allReady = (count: number) => Array.from({ length: count }, () => 'ready')
const clean = { code: 0, stdout: expect.stringContaining('clean') }

describe('a full disk', { timeout: 300_000 }, () => {
  it.skipIf(!canMount)('is said clearly, loses nothing, and import goes on when there is room', async () => {
    await using folder = await temporaryFolder()
    const documents = join(folder.path, 'documents')
    await writeTexts(documents, 8, 300)
    await using disk = await mountDisk(join(folder.path, 'disk'), '5m')
    const dataFolder = join(folder.path, 'disk', 'library')
    await mkdir(dataFolder)
    const ballast = join(folder.path, 'disk', 'ballast')
    await writeFile(ballast, Buffer.alloc(4 * mebibyte))
    const full = await runCarrel(['--json', 'add', documents], { dataFolder })
    expect(full.code).toBe(1)
    expect(jsonLines(full.stdout).at(-1)).toMatchObject({ error: { code: 'storage-full' } })
    expect(full.stderr).toMatch(/disk|room|space/i)
    await rm(ballast)
    disk.resize('400m')
    const resumed = await runCarrel(['--json', 'add', documents], { dataFolder })
    expect(resumed.code, resumed.stderr).toBe(0)
    expect(jsonLines(resumed.stdout).map(({ state }) => state)).toEqual(allReady(8))
    expect(await runCarrel(['verify'], { dataFolder })).toMatchObject(clean)
  })

  it.skipIf(!canMount).each([
    ['the records', { library: '4m', vectors: '200m' }],
    ['the vectors', { library: '200m', vectors: '192k' }],
  ])(
    'while Carrel runs, full for %s alone: it says so, and goes on by itself when there is room',
    async (_what, sizes) => {
      await using folder = await temporaryFolder()
      const documents = join(folder.path, 'documents')
      await writeTexts(documents, 5, 250)
      const dataFolder = join(folder.path, 'library')
      await using libraryDisk = await mountDisk(dataFolder, sizes.library)
      await using vectorDisk = await mountDisk(join(dataFolder, 'vectors'), sizes.vectors)
      if (sizes.library === '4m') await writeFile(join(dataFolder, 'ballast'), Buffer.alloc(3 * mebibyte))
      const run = startCarrel(['--json', 'serve', '--port', '0'], { dataFolder })
      try {
        await run.shows('token')
        const { address, token } = readySchema.parse(JSON.parse(run.stdout()))
        const status = async () =>
          statusSchema.parse(
            await (await fetch(`${address}/v1/status`, { headers: { authorization: `Bearer ${token}` } })).json(),
          )
        const full = await runCarrel(['--json', 'add', documents], { dataFolder })
        expect(full.code).toBe(1)
        expect(jsonLines(full.stdout).at(-1)).toMatchObject({ error: { code: 'storage-full' } })
        expect(full.stderr).toContain('The disk is full. Nothing was lost')
        expect((await status()).importProblem).toMatchObject({ code: 'storage-full' })
        expect((await runCarrel(['status'], { dataFolder })).stdout).toContain('The disk is full. Nothing was lost')
        // What was stored until then can be searched, and both stores agree.
        expect(await runCarrel(['verify'], { dataFolder })).toMatchObject(clean)

        libraryDisk.resize('400m')
        vectorDisk.resize('400m')
        // Nobody asks it to: it tries again.
        await expect
          .poll(async () => (await status()).library.byState, { timeout: 240_000, interval: 500 })
          .toMatchObject({ ready: 5 })
        await expect.poll(async () => (await status()).importProblem, { timeout: 60_000, interval: 500 }).toBeNull()
        expect(await runCarrel(['verify'], { dataFolder })).toMatchObject(clean)
      } finally {
        run.child.kill('SIGTERM')
      }
      expect((await run.ended).code).toBe(0)
      expect(await runCarrel(['verify'], { dataFolder })).toMatchObject(clean)
    },
  )
})
