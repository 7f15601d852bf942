import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { composeCarrel } from '../../support/composed-carrel.ts'
import { makeEmbedderFolder } from '../../support/embedder-folder.ts'
import { temporaryFolder } from '../../support/run-carrel.ts'

const { signal } = new AbortController()

it(
  'what is added and removed while a new index is built is right in it',
  async () => {
    await using folder = await temporaryFolder()
    const write = async (name: string, count: number): Promise<string> => {
      const path = join(folder.path, name)
      await mkdir(path)
      for (let number = 0; number < count; number += 1)
        await writeFile(
          join(path, `${number}.md`),
          `# ${name} ${number}\n\n${`The ${name} bridge ${number} was built in the year ${1800 + number}. `.repeat(30)}`,
        )
      return path
    }
    const early = await write('early', 40)
    await using composed = await composeCarrel({ paths: [early] })
    const { carrel } = composed
    const record = await carrel.embedderChoice.addFolder(
      await makeEmbedderFolder(folder.path),
      {
        name: 'borrowed',
        pooling: 'mean',
        questionPrefix: '',
        passagePrefix: '',
        limitTokens: 512,
        languages: 'many',
      },
      { signal },
    )
    await carrel.embedderChoice.use('other', record.id)
    const { documents } = carrel.documents.list({ offset: 0, limit: 10, filter: '' })
    expect(carrel.documents.remove(documents.map(({ id }) => id))).toBe(10)
    carrel.importer.wake()
    await carrel.importer.add([await write('late', 30)], { signal })
    // In no order: whichever ends first.
    await Promise.all([carrel.reindexer.idle({ signal }), carrel.importer.idle({ signal })])
    await carrel.importer.idle({ signal })

    const group = carrel.embedderChoice.status().groups.find((one) => one.group === 'other')
    expect(group).toMatchObject({ embedderId: record.id, next: null })
    expect(await carrel.verify()).toMatchObject({ documents: 60, problems: [] })
    const { chunks, embeddedChunks, byState } = carrel.documents.totals()
    expect({ embeddedChunks, ready: byState.ready }).toEqual({ embeddedChunks: chunks, ready: 60 })
    const [best] = await carrel.search('In which year was the late bridge 7 built?', { limit: 3, signal })
    expect(best?.passage.documentName).toBe('7.md')
    expect(best?.passage.vectorRank).not.toBeNull()
  },
  5 * 60_000,
)
