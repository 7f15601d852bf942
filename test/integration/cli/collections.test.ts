import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jsonLines, projectFolder, runCarrel, temporaryFolder } from '../../support/run-carrel.ts'

const samples = join(projectFolder, 'resources', 'samples')
const lease = 'Office lease, 14 Elm Street.pdf'
const schedule = 'Rent schedule.html'

describe('carrel and collections', { timeout: 180_000 }, () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let dataFolder = ''
  let documents = ''
  const carrel = (...words: readonly string[]) => runCarrel(words, { dataFolder })
  const json = async (...words: readonly string[]) => jsonLines((await carrel('--json', ...words)).stdout)

  beforeAll(async () => {
    folder = await temporaryFolder()
    dataFolder = join(folder.path, 'library')
    documents = join(folder.path, 'documents')
    await mkdir(documents)
    for (const name of [lease, schedule]) await cp(join(samples, name), join(documents, name))
  })
  afterAll(() => folder[Symbol.asyncDispose]())

  it('adds to a collection that it makes, and lists it alone', async () => {
    expect((await carrel('add', join(documents, lease), '--collection', 'Leases')).code).toBe(0)
    expect((await carrel('add', documents)).code).toBe(0)
    expect(await json('collections')).toMatchObject([{ name: 'Leases', documentCount: 1 }])
    expect((await json('list', '--collection', 'leases')).map(({ name }) => name)).toEqual([lease])
    expect((await json('list', '--kind', 'html')).map(({ name }) => name)).toEqual([schedule])
    expect(await json('list')).toHaveLength(2)
  })

  it('searches and asks within one, by kind, and in one document', async () => {
    const names = async (...words: readonly string[]) =>
      new Set((await json('search', 'monthly base rent', '-k', '50', ...words)).map(({ path }) => path))
    expect(await names()).toEqual(new Set([join(documents, lease), join(documents, schedule)]))
    expect(await names('--collection', 'Leases')).toEqual(new Set([join(documents, lease)]))
    expect(await names('--kind', 'html')).toEqual(new Set([join(documents, schedule)]))
    expect(await names('--document', join(documents, schedule))).toEqual(new Set([join(documents, schedule)]))

    const conversation = 'b5f8a3de-0c31-4d53-9c6e-2a8bb8ac4d0e'
    const ask = async (...words: readonly string[]) =>
      (await json('ask', 'What is the monthly base rent?', '--quotes', '--conversation', conversation, ...words))
        .filter(({ type }) => type === 'sources')
        .flatMap(({ sources }) => (sources as { documentName: string }[]).map(({ documentName }) => documentName))
    expect(new Set(await ask('--collection', 'Leases'))).toEqual(new Set([lease]))
    // A follow-up is asked of the same.
    expect(new Set(await ask())).toEqual(new Set([lease]))
    expect(new Set(await ask('--kind', 'html'))).toEqual(new Set([schedule]))
  })

  it('moves documents, renames, deletes and brings back', async () => {
    expect((await carrel('collections', 'create', '租金')).code).toBe(0)
    expect(await json('collections', 'add', '租金', join(documents, schedule), 'nothing')).toMatchObject([
      { moved: 1, notFound: 1 },
    ])
    expect((await carrel('collections', 'rename', '租金', 'Rents')).code).toBe(0)
    const [deleted] = await json('collections', 'delete', 'Rents')
    expect((await json('collections')).map(({ name }) => name)).toEqual(['Leases'])
    expect((await carrel('collections', 'restore', String(deleted?.['id']))).code).toBe(0)
    expect(await json('collections', 'remove', 'Rents', join(documents, schedule))).toMatchObject([{ moved: 1 }])
    expect((await carrel('verify')).stdout).toContain('clean')
  })

  it('says in a sentence what cannot be searched', async () => {
    const empty = await carrel('search', 'rent', '--collection', 'Rents')
    expect(empty.code).toBe(1)
    expect(empty.stderr).toContain('Nothing in “Rents” can be searched yet.')
    expect((await carrel('ask', 'rent', '--quotes', '--collection', 'Rents')).stderr).toContain('Nothing in “Rents”')
    const unknown = await carrel('search', 'rent', '--collection', 'No such')
    expect(unknown.stderr).toContain('There is no collection “No such”.')
    expect((await carrel('collections', 'create', 'LEASES')).stderr).toContain('“Leases” already')
  })
})
