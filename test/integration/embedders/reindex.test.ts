import { cp, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Carrel } from '../../../src/main/compose.ts'
import { composeCarrel, leaseFile, samplesFolder } from '../../support/composed-carrel.ts'
import { makeEmbedderFolder } from '../../support/embedder-folder.ts'
import { temporaryFolder } from '../../support/run-carrel.ts'

const { signal } = new AbortController()
const minutes = 60_000
const choices = {
  name: 'borrowed',
  pooling: 'mean',
  questionPrefix: 'query: ',
  passagePrefix: 'passage: ',
  limitTokens: 256,
  languages: 'many',
} as const

const groupOf = (carrel: Carrel, name: 'chinese' | 'other') => {
  const found = carrel.embedderChoice.status().groups.find(({ group }) => group === name)
  if (found === undefined) throw new Error('no such group')
  return found
}
const vectorRanks = async (carrel: Carrel) => {
  const problems: unknown[] = []
  const found = await carrel.search('What notice ends the lease early?', {
    limit: 5,
    signal,
    onKeywordsOnly: (problem) => problems.push(problem),
  })
  expect(problems).toEqual([])
  return found.map(({ passage }) => passage.vectorRank)
}

it(
  'an embedder from a folder takes over in one step: the old index answers until then, no file is read again',
  async () => {
    await using folder = await temporaryFolder()
    const lease = join(folder.path, 'lease.pdf')
    await cp(leaseFile, lease)
    await using composed = await composeCarrel({ paths: [lease] })
    const { carrel, dataFolder } = composed
    // Neither is there any more when the index is made: the text is kept, and so are the embedder's files.
    await rm(lease)
    const modelFolder = await makeEmbedderFolder(folder.path)
    expect(await carrel.embedderChoice.propose(modelFolder)).toEqual({
      name: 'all-MiniLM-L6-v2',
      pooling: 'mean',
      questionPrefix: 'query: ',
      passagePrefix: 'passage: ',
      limitTokens: 256,
      languages: 'many',
      sizeBytes: expect.any(Number),
    })
    const added = await carrel.embedderChoice.addFolder(modelFolder, choices, { signal })
    expect(added.identity).toMatchObject({
      source: 'folder',
      dimensions: 384,
      fileHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(added.millisecondsPerToken).toBeGreaterThan(0)
    await rm(modelFolder, { recursive: true })

    const before = groupOf(carrel, 'other')
    expect(before).toMatchObject({ embedderId: 'all-MiniLM-L6-v2', next: null })
    await carrel.embedderChoice.use('other', added.id)
    expect(groupOf(carrel, 'other')).toMatchObject({
      embedderId: 'all-MiniLM-L6-v2',
      next: { embedderId: added.id, totalPassages: before.passages },
    })
    expect(await vectorRanks(carrel)).toContain(1)
    await carrel.reindexer.idle({ signal })
    expect(groupOf(carrel, 'other')).toMatchObject({ embedderId: added.id, next: null })
    expect(groupOf(carrel, 'chinese').embedderId).toBe('bge-small-zh-v1.5')
    expect(await vectorRanks(carrel)).toContain(1)
    const tables = await readdir(join(dataFolder, 'vectors'))
    expect(tables.filter((name) => name.startsWith('all-MiniLM'))).toEqual([expect.stringContaining(added.id)])
    expect((await carrel.verify()).problems).toEqual([])

    // What comes now is embedded by the new one, and found.
    await carrel.importer.add([join(samplesFolder)], { signal })
    await carrel.importer.idle({ signal })
    expect((await carrel.verify()).problems).toEqual([])
    await expect(carrel.embedderChoice.remove(added.id)).rejects.toMatchObject({ code: 'busy' })

    // And back.
    await carrel.embedderChoice.use('other', 'all-MiniLM-L6-v2')
    await carrel.reindexer.idle({ signal })
    expect(groupOf(carrel, 'other').embedderId).toBe('all-MiniLM-L6-v2')
    await carrel.embedderChoice.remove(added.id)
    expect(await readdir(join(dataFolder, 'embedders'))).toEqual([])
    expect((await carrel.verify()).problems).toEqual([])
  },
  5 * minutes,
)

it(
  'cancelling returns to the old index, and an altered embedder leaves search to the keywords, with the next step',
  async () => {
    await using folder = await temporaryFolder()
    await using composed = await composeCarrel({ paths: [leaseFile] })
    const { carrel, dataFolder } = composed
    const modelFolder = await makeEmbedderFolder(folder.path)
    const added = await carrel.embedderChoice.addFolder(modelFolder, choices, { signal })
    await carrel.embedderChoice.use('other', added.id)
    await carrel.embedderChoice.cancel('other')
    expect(groupOf(carrel, 'other')).toMatchObject({ embedderId: 'all-MiniLM-L6-v2', next: null })
    expect(await vectorRanks(carrel)).toContain(1)
    expect((await readdir(join(dataFolder, 'vectors'))).join()).not.toContain(added.id)
    await carrel.reindexer.idle({ signal })

    await writeFile(join(dataFolder, 'embedders', added.id, 'tokenizer.json'), '{}')
    await carrel.embedderChoice.use('other', added.id)
    await expect(carrel.reindexer.idle({ signal })).rejects.toMatchObject({
      code: 'embedding-model-missing',
      message: expect.stringContaining('Add it again from its folder'),
    })
    expect(groupOf(carrel, 'other').next?.problem).toMatchObject({ code: 'embedding-model-missing' })
    // The old index answers all the while.
    expect(await vectorRanks(carrel)).toContain(1)
    expect((await carrel.verify()).problems).toEqual([])
  },
  5 * minutes,
)
