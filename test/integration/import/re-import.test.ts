import { copyFile, rename, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { temporaryFolder } from '../storage/storage-fixture.ts'
import { neverAborted } from '../worker/workers.ts'
import { longText, openImport } from './import-fixture.ts'

test('a moved, touched or copied file is not embedded again', async () => {
  await using folder = await temporaryFolder()
  await using under = await openImport(folder.path)
  const file = join(folder.path, 'notes.md')
  await writeFile(file, longText(['Herons nest', 'Barges load grain', 'The lock opens at six']))
  await under.add(file)
  const first = under.embedded.length
  expect(first).toBeGreaterThanOrEqual(3)

  await utimes(file, new Date(), new Date(Date.now() + 60_000))
  await under.add(file)
  const copy = join(folder.path, 'copy.md')
  await copyFile(file, copy)
  await under.add(copy)
  const moved = join(folder.path, 'moved.md')
  await rename(copy, moved)
  await under.add(moved)

  expect(under.embedded).toHaveLength(first)
  expect(under.storage.documents.totals().byState).toMatchObject({ ready: 1, queued: 0, 'needs-attention': 0 })
})

test('after an edit only what changed is embedded, and the old passages answer until then', async () => {
  await using folder = await temporaryFolder()
  await using under = await openImport(folder.path)
  const { documents } = under.storage
  const file = join(folder.path, 'notes.md')
  const sections = ['Herons nest', 'Barges load grain', 'The lock opens at six', 'Reeds are cut', 'Ice is measured']
  await writeFile(file, longText(sections))
  await under.add(file)
  const first = under.embedded.length
  const [before] = documents.list({ offset: 0, limit: 9, filter: '' }).documents
  const { finds } = under

  under.holdEmbedding(true)
  await writeFile(file, longText(sections.with(2, 'The sluice closes at noon')))
  await under.importer.add([file], { signal: neverAborted })
  // The embedder has the new text and keeps it: the old version alone answers.
  await vi.waitFor(() => expect(under.embedded.length).toBeGreaterThan(first), { timeout: 20_000 })
  expect([await finds('herons'), await finds('lock'), await finds('sluice')]).toEqual([true, true, false])
  expect(documents.searchableDocumentCount()).toBe(1)

  under.holdEmbedding(false)
  await under.importer.idle({ signal: neverAborted })
  expect([await finds('herons'), await finds('lock'), await finds('sluice')]).toEqual([true, false, true])
  const again = under.embedded.slice(first)
  expect(again.every((text) => text.includes('sluice'))).toBe(true)
  expect(again.length).toBeLessThanOrEqual(Math.ceil(first / sections.length) + 1)
  const after = documents.list({ offset: 0, limit: 9, filter: '' }).documents
  expect(after).toHaveLength(1)
  expect(after[0]).toMatchObject({ state: 'ready', paths: [file] })
  expect(after[0]?.id).not.toBe(before?.id)
  expect(documents.removedDocumentKeys(9)).toEqual([])
  expect((await under.storage.verify()).problems).toEqual([])
})
