import { fc, test as propertyTest } from '@fast-check/vitest'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFindDocuments, type FindDocuments } from '../../../src/main/findings/find-documents.ts'
import { type Finding, findRequestSchema, type FindingsSummary } from '../../../src/shared/findings.ts'
import type { SearchScopeInput } from '../../../src/shared/collection.ts'
import { createSeededRandom } from '../../support/seeded-random.ts'
import { temporaryFolder } from '../../support/run-carrel.ts'
import { type ImportUnderTest, openImport } from '../import/import-fixture.ts'
import { neverAborted } from '../worker/workers.ts'
import {
  type Concept,
  conceptNames,
  concepts,
  type GeneratedDocument,
  generateDocument,
  type HanConcept,
  hanConcepts,
  hanNames,
  mentionsAll,
  mentionsInOrder,
} from './generated-documents.ts'

const documentCount = 90

describe('findings over imported documents', { timeout: 240_000 }, () => {
  const random = createSeededRandom()
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let under: ImportUnderTest
  let documents: readonly GeneratedDocument[] = []
  let find: FindDocuments

  beforeAll(async () => {
    folder = await temporaryFolder()
    const files = join(folder.path, 'files')
    await mkdir(files)
    documents = Array.from({ length: documentCount }, (_, index) => generateDocument(random, index))
    for (const { name, text } of documents) await writeFile(join(files, name), text)
    await writeFile(join(files, 'Broken.pdf'), '%PDF-1.7\nnothing of a PDF follows')
    under = await openImport(folder.path)
    await under.add(files)
    find = createFindDocuments({
      findingsIndex: under.storage.findingsIndex,
      documents: under.storage.documents,
      collections: under.storage.collections,
      search: async () => [],
      closeEnough: () => 0.27,
    })
  }, 240_000)
  afterAll(async () => {
    await under[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  const look = async (
    query: string,
    scope: SearchScopeInput = {},
  ): Promise<{ readonly rows: readonly Finding[]; readonly summary: FindingsSummary }> => {
    const rows: Finding[] = []
    for await (const event of find(findRequestSchema.parse({ query, scope }), { signal: neverAborted })) {
      if (event.type === 'rows') rows.push(...event.rows)
      if (event.type === 'end') return { rows, summary: event.summary }
    }
    throw new Error('it ended without a summary')
  }
  const names = (rows: readonly Finding[]): readonly string[] =>
    rows.map(({ passage }) => passage.documentName).toSorted()
  const expected = (holds: (document: GeneratedDocument) => boolean): readonly string[] =>
    documents
      .filter(holds)
      .map(({ name }) => name)
      .toSorted()

  const someConcepts = fc.uniqueArray(fc.constantFrom<Concept>(...conceptNames), { minLength: 1, maxLength: 3 })
  const someHan = fc.uniqueArray(fc.constantFrom<HanConcept>(...hanNames), { minLength: 1, maxLength: 3 })
  const form = fc.nat(10)

  propertyTest.prop([someConcepts, form], { numRuns: 60 })(
    'every document that mentions all of some words is found, in whatever form, and no other',
    async (wanted, which) => {
      const query = wanted.map((what) => concepts[what][which % concepts[what].length]).join(' ')
      const { rows, summary } = await look(query)
      expect([random.seed, query, names(rows)]).toEqual([
        random.seed,
        query,
        expected((document) => mentionsAll(document, wanted)),
      ])
      expect(summary.words + summary.apart).toBe(rows.length)
    },
  )

  propertyTest.prop([fc.array(fc.constantFrom<Concept>(...conceptNames), { minLength: 2, maxLength: 3 }), form], {
    numRuns: 60,
  })(
    'every document that holds words in quotation marks side by side, also where a passage ends between them',
    async (wanted, which) => {
      const query = `"${wanted.map((what) => concepts[what][which % concepts[what].length]).join(' ')}"`
      const { rows } = await look(query)
      const numbers = wanted.includes('thousand')
      // 12,000 and 12000 are the same number only outside of quotation marks, which mean what they hold.
      if (!numbers)
        expect([random.seed, query, names(rows)]).toEqual([
          random.seed,
          query,
          expected((document) => mentionsInOrder(document, wanted)),
        ])
      expect(rows.every(({ match }) => match === 'words')).toBe(true)
    },
  )

  propertyTest.prop([someHan, form, fc.boolean()], { numRuns: 60 })(
    'every document with some Chinese words, Simplified or Traditional; in quotation marks side by side',
    async (wanted, which, isQuoted) => {
      const words = wanted.map((what) => hanConcepts[what][which % hanConcepts[what].length])
      const query = isQuoted ? `「${words.join('')}」` : words.join('和')
      const { rows } = await look(query)
      const holds = isQuoted ? mentionsInOrder : mentionsAll
      expect([random.seed, query, names(rows)]).toEqual([
        random.seed,
        query,
        expected((document) => holds(document, wanted)),
      ])
    },
  )

  it('words that the border of two passages parts are found, in every document that has them', async () => {
    const { documents: store } = under.storage
    const phrases = new Set<string>()
    const rows = [...(await look('fee')).rows, ...(await look('deposit')).rows, ...(await look('合同')).rows]
    for (const { documentKey } of store.chunksById(rows.map(({ passage }) => passage.id))) {
      const chunks = store.chunksByOrdinal(documentKey, 0, 999)
      for (const [index, chunk] of chunks.entries()) {
        const next = chunks[index + 1]
        if (next === undefined || next.start - chunk.end > 1) continue
        const han = /\p{Script=Han}{2}$/u.exec(chunk.text.trimEnd())?.[0]
        const word = /[A-Za-z]+$/.exec(chunk.text.trimEnd())?.[0]
        if (han !== undefined) phrases.add(`${han}${next.text.trimStart().slice(0, 2)}`)
        else if (word !== undefined) phrases.add(`${word} ${/^[A-Za-z]+/.exec(next.text.trimStart())?.[0] ?? ''}`)
      }
    }
    const holders = (phrase: string): readonly string[] =>
      expected(({ text }) =>
        ` ${text.replaceAll(/[.\n]/g, ' ')} `.includes(/^[a-z]/i.test(phrase) ? ` ${phrase} ` : phrase),
      )
    // What stands between two passages may also be more than one space, or a comma: no phrase then.
    const parted = [...phrases].filter((phrase) => !phrase.endsWith(' ') && holders(phrase).length > 0).slice(0, 40)
    expect(parted).not.toEqual([])
    for (const phrase of parted) {
      const found = new Set(names((await look(`"${phrase}"`)).rows))
      const holding = holders(phrase)
      expect([random.seed, phrase, holding.filter((name) => !found.has(name))]).toEqual([random.seed, phrase, []])
    }
  })

  it('counts what it searched, and names what could not be read', async () => {
    const { summary } = await look('How many documents mention a fee?')
    expect(summary).toMatchObject({
      subject: 'fee',
      isCount: true,
      documents: documentCount + 1,
      searched: documentCount,
      unread: { needsAttention: 1, waiting: 0, partly: 0, outdated: 0 },
    })
    expect(summary.words).toBe(expected((document) => mentionsAll(document, ['fee'])).length)
    expect(summary.unread.documents).toMatchObject([{ name: 'Broken.pdf', state: 'needs-attention' }])
    expect(summary.unread.documents[0]?.problem?.code).toBe('unreadable-file')
  })

  it('quotes around the words, which are marked, at their place in the document', async () => {
    const { rows } = await look('terminate')
    for (const { quotation, passage, passageCount } of rows) {
      expect(quotation.marks.length).toBeGreaterThan(0)
      for (const { start, end } of quotation.marks) expect(quotation.text.slice(start, end)).toMatch(/^terminat/i)
      expect(passageCount).toBeGreaterThan(0)
      const { slices } = under.storage.documents.readSlices(passage.documentId, { ...passage, neighbours: 0 })
      const text = slices.map((slice) => slice.text).join('')
      const offset = slices[0]?.start ?? 0
      expect(text.slice(passage.start - offset, passage.end - offset)).toBe(passage.text)
    }
  })

  it('keeps to a collection, and to what is left after a removal', async () => {
    const { collections, documents: store } = under.storage
    const { id } = collections.create('Some')
    const all = store.list({ offset: 0, limit: 200, filter: 'Document' }).documents
    const some = all.filter((_, index) => index % 3 === 0)
    collections.addDocuments(
      id,
      some.map((document) => document.id),
    )
    const inside = new Set(some.map(({ name }) => name))
    const scope = { collections: ['some'] }
    const { rows, summary } = await look('fee', scope)
    expect(names(rows)).toEqual(expected((document) => inside.has(document.name) && mentionsAll(document, ['fee'])))
    expect(summary).toMatchObject({ documents: some.length, searched: some.length, unread: { needsAttention: 0 } })

    const [gone] = rows
    if (gone === undefined) throw new Error('nothing to remove')
    store.remove([gone.passage.documentId])
    const after = await look('fee', scope)
    expect(names(after.rows)).toEqual(names(rows).filter((name) => name !== gone.passage.documentName))
    expect(after.summary).toMatchObject({ documents: some.length - 1, searched: some.length - 1 })
  })

  it('finds nothing without an error, and stops at once', async () => {
    expect((await look('"no document says this"')).summary).toMatchObject({ words: 0, apart: 0, similar: 0 })
    const controller = new AbortController()
    const events = find(findRequestSchema.parse({ query: 'fee' }), { signal: controller.signal })[
      Symbol.asyncIterator
    ]()
    await events.next()
    controller.abort(new Error('stopped'))
    await expect(events.next()).rejects.toThrow('stopped')
  })

  it('refuses what names nothing, a lone character, and more words than it can keep apart', async () => {
    await expect(look('…')).rejects.toMatchObject({ details: { reason: 'find-nothing' } })
    await expect(look('税')).rejects.toMatchObject({ details: { reason: 'find-lone-character', character: '税' } })
    const many = Array.from({ length: 31 }, (_, index) => `word${'x'.repeat(index + 1)}`)
    await expect(look(many.join(' '))).rejects.toMatchObject({ details: { reason: 'find-too-long' } })
  })
})
