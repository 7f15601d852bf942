import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AnswerResult } from '../../../src/shared/answer-stream.ts'
import { conversationIdSchema, type ConversationId, type DocumentId } from '../../../src/shared/ids.ts'
import { askRequestSchema } from '../../../src/shared/ipc.ts'
import type { PassageExplanation, SelectedPlace } from '../../../src/shared/passage-explanation.ts'
import { composeCarrel, type ComposedCarrel } from '../../support/composed-carrel.ts'

const notice = (days: number, more = ''): string =>
  `The tenant may end this lease early by giving the landlord at least ${days} days of written notice, and pays a termination fee of two months of rent on the day on which the lease ends.${more}\n`
const files: readonly (readonly [name: string, text: string, day: number])[] = [
  ['Lease draft 1.md', `# Early termination\n\n${notice(180)}`, 1],
  ['Lease_v2.md', `# Early termination\n\n${notice(120)}`, 2],
  ['Lease final.md', `# Early termination\n\n${notice(90, ' Nothing else is owed.')}`, 3],
  ['Garden.md', '# Garden\n\nRoses are pruned in March, before the first leaves open.\n', 4],
  ['Parking.md', '# Parking\n\nA tenant who ends the lease early gives the parking card back with the notice.\n', 5],
]
const question = 'How many days of written notice must the tenant give to end the lease early?'
const signal = new AbortController().signal

describe('drafts of one document', { timeout: 180_000 }, () => {
  let composed: ComposedCarrel
  const conversationId: ConversationId = conversationIdSchema.parse(crypto.randomUUID())
  let answered: AnswerResult

  beforeAll(async () => {
    composed = await composeCarrel()
    const folder = join(composed.folder, 'documents')
    await mkdir(folder)
    for (const [name, text, day] of files) {
      await writeFile(join(folder, name), text)
      await utimes(join(folder, name), new Date(2024, 0, day), new Date(2024, 0, day))
    }
    await composed.carrel.importer.add([folder], { signal })
    await composed.carrel.importer.idle({ signal })
    const request = askRequestSchema.parse({ conversationId, question, mode: 'quotes' })
    for await (const event of composed.carrel.streamAnswer(request, { signal, frontEnd: 'test' }))
      if (event.type === 'stop') answered = event.result
  }, 180_000)
  afterAll(() => composed[Symbol.asyncDispose]())

  const idOf = (name: string): DocumentId => {
    const found = composed.carrel.documents.list({ offset: 0, limit: 10, filter: name }).documents[0]
    if (found === undefined) throw new Error(`${name} is not in the library`)
    return found.id
  }
  const explain = async (name: string, place: SelectedPlace): Promise<PassageExplanation> =>
    composed.carrel.handlers['document:explain']({
      conversationId,
      answerId: answered.messageId,
      documentId: idOf(name),
      place,
    })

  it('are one source: the newest is shown, the others named with the numbers in which they differ', () => {
    const leases = answered.sources.filter(({ documentName }) => documentName.startsWith('Lease'))
    expect(leases.map(({ documentName }) => documentName)).toEqual(['Lease final.md'])
    expect(leases[0]?.versions).toMatchObject([
      { documentName: 'Lease_v2.md', isDraft: true, differences: [{ here: '90 days', there: '120 days' }] },
      { documentName: 'Lease draft 1.md', isDraft: true, differences: [{ here: '90 days', there: '180 days' }] },
    ])
    expect(answered.answer).toContain('90 days')
    expect(answered.usage.search?.candidates.filter(({ fate }) => fate === 'version')).toHaveLength(2)
  })

  it('all stay in a search, which is a full ranking', async () => {
    const found = await composed.carrel.search(question, { limit: 10, signal })
    expect(found.filter(({ passage }) => passage.documentName.startsWith('Lease'))).toHaveLength(3)
  })

  it('go with the source over HTTP', async () => {
    const response = await composed.fetch('/v1/answers', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ question, mode: 'quotes' }),
    })
    const text = await response.text()
    expect([response.status, text]).toEqual([200, expect.stringContaining('Lease_v2.md')])
  })

  it('are told of where somebody asks why one was not found', async () => {
    const draft = await explain('Lease draft 1', { text: 'at least 180 days of written notice', page: null })
    expect(draft).toMatchObject({ lostAt: 'version', source: { number: 1, documentName: 'Lease final.md' } })
    expect((await explain('Lease final', { text: 'at least 90 days', page: null })).lostAt).toBe('given')
    expect((await explain('Garden', { text: 'Nobody ever wrote this', page: null })).lostAt).toBe('unread')
  })

  it('that came later are said to be that', async () => {
    const path = join(composed.folder, 'Later.md')
    await writeFile(path, '# Notice\n\nNotice is given in writing, days before the lease ends.\n')
    await composed.carrel.importer.add([path], { signal })
    await composed.carrel.importer.idle({ signal })
    expect((await explain('Later', { text: 'Notice is given in writing', page: null })).lostAt).toBe('later')
  })

  it('stay found in a self-test, and one that goes is missed', async () => {
    const { selfTest, handlers } = composed.carrel
    const keep = (name: string, text: string): Promise<{ isNew: boolean }> =>
      Promise.resolve(handlers['self-test:keep']({ question, documentId: idOf(name), place: { text, page: null } }))
    expect(await keep('Lease final', 'at least 90 days')).toEqual({ isNew: true })
    expect(await keep('Lease final', 'at least 90 days')).toEqual({ isNew: false })
    await expect(keep('Garden', 'Nobody ever wrote this')).rejects.toMatchObject({ code: 'not-found' })
    expect(await selfTest.run({ signal })).toMatchObject({ tested: 1, found: 1, lost: 0 })
    expect(await selfTest.generate(10, { signal })).toBeGreaterThan(2)
    const all = await selfTest.run({ signal })
    expect(all?.found).toBe(all?.tested)
    composed.carrel.documents.remove([idOf('Lease final')])
    const after = await selfTest.run({ signal })
    expect(after?.lost).toBeGreaterThanOrEqual(1)
    expect(after?.rows[0]).toMatchObject({ before: { isGone: false }, now: { rank: null, isGone: true } })
  })
})
