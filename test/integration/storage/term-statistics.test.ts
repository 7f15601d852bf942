import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../src/main/storage/database.ts'
import { createTermStatistics } from '../../../src/main/storage/term-statistics.ts'
import { temporaryFolder } from './storage-fixture.ts'

test('of a query only the rarest terms are asked for, as many as can be ranked in time', async () => {
  await using folder = await temporaryFolder()
  using database = openDatabase(join(folder.path, 'words.sqlite'), {
    isReadOnly: false,
    log: { warn: () => undefined },
  })
  database.run(
    `CREATE VIRTUAL TABLE keyword USING fts5 (terms, content = '', contentless_delete = 1, tokenize = 'porter unicode61')`,
  )
  for (let row = 1; row <= 400; row += 1) {
    const terms = ['everywhere', row % 2 === 0 ? 'half' : '', row % 10 === 0 ? 'tenth' : '', row === 7 ? 'once' : '']
    database.run('INSERT INTO keyword (rowid, terms) VALUES (?, ?)', [row, terms.join(' ')])
  }
  const statistics = createTermStatistics(database)
  const asked = ['"everywhere"', '"once"', '"half"', '"tenth"', '"nowhere"']

  expect(statistics.rarest(asked, 10_000)).toEqual(asked)
  expect(statistics.rarest(asked, 641)).toEqual(asked)
  expect(statistics.rarest(asked, 640)).toEqual(['"once"', '"half"', '"tenth"', '"nowhere"'])
  expect(statistics.rarest(asked, 50)).toEqual(['"once"', '"tenth"', '"nowhere"'])
  // Two however common they are.
  expect(statistics.rarest(['"everywhere"', '"half"'], 10)).toEqual(['"everywhere"', '"half"'])
  expect(statistics.rarest(['"everywhere"'], 10)).toEqual(['"everywhere"'])
  expect(statistics.rarest([], 10)).toEqual([])
})
