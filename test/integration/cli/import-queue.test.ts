import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { jsonLines, runCarrel, temporaryFolder } from '../../support/run-carrel.ts'

test('import is paused, resumed, stopped and tried again from the terminal', { timeout: 240_000 }, async () => {
  await using folder = await temporaryFolder()
  const dataFolder = join(folder.path, 'library')
  const run = (...words: readonly string[]) => runCarrel(words, { dataFolder })
  const file = join(folder.path, 'notes.txt')
  await writeFile(file, 'The harbour is dredged every spring.\n')

  expect((await run('pause')).stdout).toContain('import paused')
  const added = await run('add', file)
  expect(added.stderr).toContain('carrel resume')
  expect(added.stdout).toContain('0 ready, 0 failed, 1 newly queued')
  expect((await run('status')).stdout).toMatch(/import +paused, 1 files to read/)

  expect((await run('stop', file)).stdout).toContain('1 stopped')
  const [stopped] = jsonLines((await run('--json', 'list')).stdout)
  expect(stopped).toMatchObject({ state: 'needs-attention', problem: { code: 'import-stopped' } })
  const nothing = await run('stop', join(folder.path, 'nowhere'))
  expect([nothing.code, nothing.stderr]).toEqual([1, expect.stringContaining('not found')])

  expect(jsonLines((await run('--json', 'resume')).stdout)[0]).toMatchObject({ isPaused: false })
  // What a person stopped is not tried again with what failed, only when it is added once more.
  expect((await run('retry')).stdout).toContain('0 read again, 1 need attention')
  expect((await run('add', file)).stdout).toContain('1 ready, 0 failed')
})
