import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { documentSummarySchema } from '../../../src/shared/document.ts'
import { type ComposedCarrel, composeCarrel } from '../../support/composed-carrel.ts'

const { signal } = new AbortController()
const addedSchema = z.object({ queued: z.number(), documentId: z.string().nullable() })
const text = '# Notes\n\nThe heron at pond seven was ringed in 2019.\n'

function upload(carrel: ComposedCarrel, name: string, body: string): Promise<Response> {
  return carrel.fetch(`/v1/documents?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body,
  })
}

function addPath(carrel: ComposedCarrel, path: string): Promise<Response> {
  return carrel.fetch('/v1/documents', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ path }),
  })
}

const uploadsOf = ({ dataFolder }: ComposedCarrel): Promise<readonly string[]> =>
  readdir(join(dataFolder, 'uploads')).catch(() => [])

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setImmediate(resolve))
}

describe('documents over the local API', { timeout: 120_000 }, () => {
  it('an upload is kept, read, found, listed, and deleted with its document', async () => {
    await using carrel = await composeCarrel()
    const response = await upload(carrel, '鹭鸟 notes.md', text)
    expect(response.status).toBe(202)
    const { documentId, queued } = addedSchema.parse(await response.json())
    expect(documentId).toBe(createHash('sha256').update(text).digest('hex'))
    expect(queued).toBe(1)
    await carrel.carrel.importer.idle({ signal })
    const document = documentSummarySchema.parse(await (await carrel.fetch(`/v1/documents/${documentId}`)).json())
    expect(document).toMatchObject({ name: '鹭鸟 notes.md', state: 'ready' })
    const path = document.paths[0] ?? ''
    expect(path).toBe(join(carrel.dataFolder, 'uploads', documentId ?? '', '鹭鸟 notes.md'))

    const found = await carrel.fetch('/v1/search', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'heron at pond seven', limit: 1 }),
    })
    expect(await found.json()).toMatchObject({ passages: [{ documentId, text: expect.stringContaining('ringed') }] })

    // The same bytes again are the same document.
    expect(addedSchema.parse(await (await upload(carrel, 'again.md', text)).json()).documentId).toBe(documentId)
    await carrel.carrel.importer.idle({ signal })
    expect(await (await carrel.fetch('/v1/documents')).json()).toMatchObject({ total: 1 })

    const removed = await carrel.fetch(`/v1/documents/${documentId}`, { method: 'DELETE' })
    expect(await removed.json()).toEqual({ removed: 1 })
    await until(async () => (await uploadsOf(carrel)).length === 0)
    expect((await carrel.fetch(`/v1/documents/${documentId}`)).status).toBe(404)
    expect((await carrel.fetch(`/v1/documents/${documentId}`, { method: 'DELETE' })).status).toBe(404)
  })

  it.each([
    '../escape.md',
    '..',
    '.hidden',
    'a/b.md',
    'a\\b.md',
    'nul.txt',
    'C:evil.md',
    'x\u0000.md',
    ' spaced.md',
    `${'长'.repeat(100)}.md`,
  ])('refuses to keep %j', async (name) => {
    await using carrel = await composeCarrel()
    const response = await upload(carrel, name, text)
    expect(response.status).toBe(400)
    expect(await uploadsOf(carrel)).toEqual([])
  })

  it('keeps nothing of an empty file, of one without a name, and of one that broke off', async () => {
    await using carrel = await composeCarrel()
    expect((await upload(carrel, 'empty.md', '')).status).toBe(422)
    const nameless = await carrel.fetch('/v1/documents', {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: text,
    })
    expect(nameless.status).toBe(400)
    const request = httpRequest(`${carrel.url}/v1/documents?name=half.md`, {
      method: 'POST',
      headers: { authorization: `Bearer ${carrel.token}`, 'content-type': 'application/octet-stream' },
    })
    request.on('error', () => undefined)
    request.write('x'.repeat(1024 * 1024))
    await until(async () => (await uploadsOf(carrel)).length === 1)
    request.destroy()
    await until(async () => (await uploadsOf(carrel)).length === 0)
    expect(await (await carrel.fetch('/v1/documents')).json()).toMatchObject({ total: 0 })
  })

  it('adds a path in an allowed folder, and none that leads out of it', async () => {
    await using carrel = await composeCarrel({ allowedFolders: ['shared', 'not there'] })
    const shared = join(carrel.folder, 'shared')
    const secret = join(carrel.folder, 'secret')
    for (const folder of [shared, secret, `${shared}-twin`]) await mkdir(folder)
    for (const folder of [shared, secret, `${shared}-twin`]) await writeFile(join(folder, 'notes.md'), text)
    await symlink(join(secret, 'notes.md'), join(shared, 'link.md'))
    await symlink(secret, join(shared, 'folder'))

    for (const path of [
      join(secret, 'notes.md'),
      join(`${shared}-twin`, 'notes.md'),
      `${shared}/../secret/notes.md`,
      join(shared, 'link.md'),
      join(shared, 'folder', 'notes.md'),
      join(shared, 'folder'),
      carrel.folder,
      '/etc/passwd',
      'shared/notes.md',
      join(shared, 'missing.md'),
      `${shared}/notes.md\u0000`,
    ]) {
      const response = await addPath(carrel, path)
      expect([path, response.status]).toEqual([path, 403])
      expect(await response.json()).toMatchObject({ error: { code: 'forbidden' } })
    }
    expect(await (await carrel.fetch('/v1/documents')).json()).toMatchObject({ total: 0 })

    expect((await addPath(carrel, shared)).status).toBe(202)
    await carrel.carrel.importer.idle({ signal })
    const list = z
      .object({ documents: z.array(documentSummarySchema) })
      .parse(await (await carrel.fetch('/v1/documents')).json())
    expect(list.documents.map(({ paths }) => paths)).toEqual([[join(shared, 'notes.md')]])
    // The person's own file is never deleted.
    await carrel.fetch(`/v1/documents/${list.documents[0]?.id}`, { method: 'DELETE' })
    expect(existsSync(join(shared, 'notes.md'))).toBe(true)
  })

  it('allows no folder by default', async () => {
    await using carrel = await composeCarrel()
    expect((await addPath(carrel, carrel.folder)).status).toBe(403)
  })
})

describe('collections over the local API', { timeout: 120_000 }, () => {
  it('restrict the list, a search and an upload; what is not there is 404, what is empty 422', async () => {
    await using carrel = await composeCarrel()
    const { collections } = carrel.carrel
    const birds = collections.create('Birds 鸟')
    collections.create('Empty')
    const post = (path: string, body: unknown): Promise<Response> =>
      carrel.fetch(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    await upload(carrel, 'fish.md', '# Fish\n\nThe carp at pond seven was seen in 2020.\n')
    const added = await carrel.fetch(`/v1/documents?name=heron.md&collection=${encodeURIComponent('birds 鸟')}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: text,
    })
    expect(added.status).toBe(202)
    await carrel.carrel.importer.idle({ signal })
    expect(await (await carrel.fetch('/v1/collections')).json()).toEqual({
      collections: [
        { id: birds.id, name: 'Birds 鸟', documentCount: 1 },
        { id: expect.any(String), name: 'Empty', documentCount: 0 },
      ],
    })
    const list = await carrel.fetch(`/v1/documents?collection=${birds.id}`)
    expect(await list.json()).toMatchObject({ total: 1, documents: [{ name: 'heron.md', collectionIds: [birds.id] }] })

    const found = await post('/v1/search', { query: 'carp at pond seven', scope: { collections: ['Birds 鸟'] } })
    const { passages } = z
      .object({ passages: z.array(z.object({ documentName: z.string() })) })
      .parse(await found.json())
    expect(passages.map(({ documentName }) => documentName)).toEqual(['heron.md'])

    expect((await carrel.fetch('/v1/documents?collection=none')).status).toBe(404)
    const scopes = [
      ['none', 404],
      ['Empty', 422],
    ] as const
    for (const [name, status] of scopes) {
      const scope = { collections: [name] }
      expect((await post('/v1/search', { query: 'carp', scope })).status).toBe(status)
      const answer = await post('/v1/answers', { question: 'carp?', mode: 'quotes', scope })
      expect(answer.status).toBe(status)
      expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining(name) } })
    }
  })
})
