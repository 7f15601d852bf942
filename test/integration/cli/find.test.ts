import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findingSchema, findingsSummarySchema } from '../../../src/shared/findings.ts'
import { jsonLines, projectFolder, runCarrel, startCarrel, temporaryFolder } from '../../support/run-carrel.ts'

const samples = join(projectFolder, 'resources', 'samples')
const lease = 'Office lease, 14 Elm Street.pdf'

describe('carrel find', { timeout: 180_000 }, () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let dataFolder = ''
  const carrel = (...words: readonly string[]) => runCarrel(words, { dataFolder })

  beforeAll(async () => {
    folder = await temporaryFolder()
    dataFolder = join(folder.path, 'library')
    const documents = join(folder.path, 'documents')
    await mkdir(documents)
    await cp(join(samples, lease), join(documents, lease))
    await writeFile(
      join(documents, 'Ponds.md'),
      '# Ponds\n\nThe carp are fed at pond seven. A termination is not planned.\n',
    )
    await writeFile(join(documents, 'Broken.pdf'), '%PDF-1.7\nnothing of a PDF follows')
    await carrel('add', join(documents, lease), '--collection', 'Leases')
    expect((await carrel('add', documents)).code).toBe(3)
  })
  afterAll(() => folder[Symbol.asyncDispose]())

  const checked = async (run: typeof carrel): Promise<void> => {
    const text = await run('find', 'Which contracts mention a termination fee?')
    expect(text.code).toBe(0)
    expect(text.stdout).toContain(`${lease}, page 2`)
    expect(text.stdout).toMatch(/Searched 2 of 3 documents, 1 matches.*, 1 could not be read\.\n$/)
    expect(text.stderr).toContain('Not read: Broken.pdf')

    const json = await run('--json', 'find', '"pond seven"')
    const lines = jsonLines(json.stdout)
    const rows = lines.filter(({ type }) => type === 'finding').map((line) => findingSchema.parse(line))
    expect(rows.filter(({ match }) => match === 'words')).toMatchObject([
      { passage: { documentName: 'Ponds.md' }, passageCount: 1 },
    ])
    expect(findingsSummarySchema.parse(lines.at(-1))).toMatchObject({ searched: 2, words: 1 })

    const within = jsonLines((await run('--json', 'find', 'termination', '--collection', 'Leases')).stdout)
    expect(within.at(-1)).toMatchObject({ documents: 1, searched: 1, words: 1 })
    expect((await run('find', 'the 税')).stderr).toContain('two characters')
    expect((await run('find', 'rent', '--collection', 'No such')).stderr).toContain('There is no collection “No such”.')
  }

  it('lists every document, what was not read and how many there are', () => checked(carrel))

  it('writes a file for a spreadsheet, and overwrites none', async () => {
    const file = join(folder.path, 'found.csv')
    expect((await carrel('find', 'termination', '--csv', file)).stdout).toMatch(/^Searched 2 of 3 documents, 2 match/)
    const text = await readFile(file, 'utf8')
    expect(text).toMatch(/^\uFEFF"Document","Match"/)
    expect(text).toContain(`"${lease}"`)
    const again = await carrel('find', 'termination', '--csv', file)
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('There is a file already') })
  })

  it('does the same while the library is open elsewhere', async () => {
    const open = startCarrel(['--json', 'serve', '--port', '0'], { dataFolder })
    await open.shows('token')
    await checked(carrel)
    open.child.kill('SIGINT')
    expect((await open.ended).code).toBe(0)
  })
})
