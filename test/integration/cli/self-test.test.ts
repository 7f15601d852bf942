import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jsonLines, runCarrel, temporaryFolder } from '../../support/run-carrel.ts'

describe('carrel self-test, and versions in the terminal', { timeout: 180_000 }, () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let dataFolder = ''
  let documents = ''
  const carrel = (...words: readonly string[]) => runCarrel(words, { dataFolder })
  const json = async (...words: readonly string[]) => jsonLines((await carrel('--json', ...words)).stdout)
  const clause = (days: number): string =>
    `The tenant may end this lease early by giving the landlord at least ${days} days of written notice, and pays a fee of two months of rent.\n`

  beforeAll(async () => {
    folder = await temporaryFolder()
    dataFolder = join(folder.path, 'library')
    documents = join(folder.path, 'documents')
    await mkdir(documents)
    await writeFile(join(documents, 'Lease v1.md'), clause(180))
    await writeFile(join(documents, 'Lease v2.md'), clause(90))
    await writeFile(
      join(documents, 'Garden.md'),
      'Roses are pruned in March, before the first leaves of the year open.\n',
    )
    expect((await carrel('add', documents)).code).toBe(0)
  }, 180_000)
  afterAll(() => folder[Symbol.asyncDispose]())

  it('names the other versions of a source, and their numbers', async () => {
    const { stdout } = await carrel('ask', 'How many days of notice does the tenant give?', '--quotes')
    expect(stdout).toMatch(
      /also in Lease v[12]\.md \(another version\): (180 days there, 90 days|90 days there, 180 days) here/,
    )
  })

  it('keeps, makes, lists, asks and removes questions', async () => {
    const nothing = await carrel('self-test')
    expect([nothing.code, nothing.stderr]).toEqual([1, expect.stringContaining('nothing to test')])
    const [found] = await json('search', 'When are roses pruned?', '-k', '1')
    const keep = ['self-test', 'keep', 'When are roses pruned?', '--passage', String(found?.['id'])]
    expect((await carrel(...keep)).stdout).toContain('Kept.')
    expect((await carrel(...keep)).stdout).toContain('already')
    expect(await json('self-test', 'generate', '-k', '5')).toEqual([{ made: expect.any(Number) }])
    const listed = await json('self-test', 'list')
    expect(listed.filter(({ origin }) => origin === 'kept')).toMatchObject([{ question: 'When are roses pruned?' }])
    const first = await carrel('self-test')
    expect([first.code, first.stdout]).toEqual([0, expect.stringMatching(/found among the first 12/)])
    const [report] = await json('self-test')
    expect(report).toMatchObject({ lost: 0, tested: listed.length, before: { setup: expect.anything() } })

    expect((await carrel('remove', join(documents, 'Garden.md'))).code).toBe(0)
    const lost = await carrel('self-test')
    expect([lost.code, lost.stdout]).toEqual([1, expect.stringContaining('place 1 -> document gone')])
    expect((await carrel('self-test', 'remove', String(listed[0]?.['id']))).stdout).toContain('Removed.')
    expect((await carrel('self-test', 'remove', 'nothing')).stderr).toContain('There is no question')
  })

  it('says what it does not know', async () => {
    for (const words of [
      ['self-test', 'keep', 'q'],
      ['self-test', 'dance'],
      ['self-test', '-k', '3'],
      ['self-test', 'list', 'x'],
    ])
      expect((await carrel(...words)).code).toBe(2)
  })
})
