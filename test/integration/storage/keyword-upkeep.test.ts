import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../src/main/storage/database.ts'
import { never, openTestStorage, readFileInto, temporaryFolder } from './storage-fixture.ts'

/** Pages that FTS5 keeps for deleted chunks. */
function pagesOfDeleted(path: string): number {
  using database = openDatabase(join(path, 'carrel.sqlite'), { isReadOnly: true, log: { warn: () => undefined } })
  return (
    database.get<{ count: number }>('SELECT count(*) AS count FROM keyword_data WHERE id >= (65536 << 37)')?.count ?? 0
  )
}

test('what deleted chunks leave in the keyword index goes, a step at a time, and everything else is found', async () => {
  await using folder = await temporaryFolder()
  await using storage = await openTestStorage(folder.path)
  const texts = (word: string, count: number): string[] =>
    Array.from({ length: count }, (_, index) => `The ${word} of number ${index} is in the harbour. `)
  const gone = readFileInto(storage, { path: '/gone.txt', paragraphs: texts('anchor', 300) })
  for (let file = 0; file < 10; file += 1)
    readFileInto(storage, { path: `/kept-${file}.txt`, paragraphs: texts(`engine${file}`, 600) })
  expect(storage.documents.tidyKeywords()).toBe(false)
  storage.documents.remove([gone.documentId])
  while (!storage.documents.purgeRemoved([gone.documentKey])) continue
  const before = pagesOfDeleted(folder.path)
  expect(before).toBeGreaterThan(0)
  let steps = 0
  while (storage.documents.tidyKeywords()) steps += 1
  expect(steps).toBeGreaterThan(0)
  expect(pagesOfDeleted(folder.path)).toBe(0)
  expect(storage.documents.tidyKeywords()).toBe(false)
  const find = (word: string): Promise<readonly unknown[]> =>
    storage.keywordIndex.search(word, { limit: 1_000, signal: never })
  expect(await find('engine3')).toHaveLength(600)
  expect(await find('anchor')).toHaveLength(0)
  // And goes on as before.
  readFileInto(storage, { path: '/new.txt', paragraphs: texts('anchor', 3) })
  expect(await find('anchor')).toHaveLength(3)
})
