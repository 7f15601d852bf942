import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runQuitRounds } from '../../../scripts/chaos/quit-rounds.ts'
import { type CarrelRun, startCarrel, temporaryFolder } from '../../support/run-carrel.ts'

/** `npm run chaos:quit` does two hundred. */
const rounds = 6

describe('quitting', { timeout: 300_000 }, () => {
  it(`ends with 0 after each of ${rounds} times of starting and embedding, workers too`, async () => {
    await using folder = await temporaryFolder()
    expect(await runQuitRounds({ folder: folder.path, rounds, say: () => undefined })).toEqual([])
  })
})

describe.skipIf(process.platform === 'win32')(
  'an import whose data folder is deleted under it',
  { timeout: 300_000 },
  () => {
    /** In the middle of embedding, the folder gone. */
    const startAndDelete = async (folder: string): Promise<CarrelRun> => {
      const documents = join(folder, 'documents')
      await mkdir(documents)
      for (let number = 0; number < 12; number += 1) {
        const text = Array.from({ length: 20 }, (_, index) =>
          `Line ${index} of file ${number} tells of the harbour. `.repeat(20),
        )
        await writeFile(join(documents, `${number}.txt`), text.join('\n\n'))
      }
      const dataFolder = join(folder, 'library')
      const run = startCarrel(['add', documents], { dataFolder })
      await run.shows('chunks embedded')
      await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 })
      return run
    }

    it('ends by itself, and says what happened', async () => {
      await using folder = await temporaryFolder()
      const run = await startAndDelete(folder.path)
      const { code, stderr } = await run.ended
      expect(code).toBe(1)
      expect(stderr).toContain('The data folder is gone')
    })

    it('ends when it is asked to', async () => {
      await using folder = await temporaryFolder()
      const run = await startAndDelete(folder.path)
      run.child.kill('SIGTERM')
      const { code, stderr } = await run.ended
      expect(code).toBe(1)
      expect(stderr).toMatch(/Stopped|The data folder is gone/)
    })
  },
)
