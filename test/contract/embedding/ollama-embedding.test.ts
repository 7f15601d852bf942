import { describe, expect, it } from 'vitest'
import { createOllamaEmbedding } from '../../../src/main/generators/ollama-embedding.ts'
import { systemClock } from '../../../src/main/system-clock.ts'
import { startFakeEmbeddingServer } from '../../support/fake-embedding-server.ts'

const { CARREL_TEST_OLLAMA: realUrl = '', CARREL_TEST_OLLAMA_MODEL: realModel = 'smollm2:135m' } = process.env
const digest = 'a'.repeat(64)
const model = 'embed-me:latest'

const embeddingAt = (url: string, untilQuiet: (signal: AbortSignal) => Promise<void> = async () => undefined) =>
  createOllamaEmbedding({ setting: () => url, ollamaHost: undefined, clock: systemClock, untilQuiet })
const given = (more: { readonly signal?: AbortSignal; readonly priority?: 'background' } = {}) => ({
  model,
  digest,
  priority: more.priority ?? ('interactive' as const),
  signal: more.signal ?? new AbortController().signal,
})

describe('an embedding model of Ollama', () => {
  it('gives normalised vectors in order, a few texts a request, and lists no cloud model', async () => {
    await using server = await startFakeEmbeddingServer()
    server.models.push(
      { name: 'writes:8b', digest: 'b' },
      { name: 'far:cloud', digest: 'c' },
      { name: 'relay', digest: 'd', remote_host: 'https://ollama.com' },
    )
    const embedding = embeddingAt(server.url)
    const { signal } = new AbortController()
    expect(await embedding.models({ signal })).toEqual([
      { name: model, digest, isMadeForIt: true },
      { name: 'writes:8b', digest: 'b', isMadeForIt: false },
    ])
    const texts = Array.from({ length: 40 }, (_, index) => `text ${index}`)
    const vectors = await embedding.embed(texts, given())
    expect(vectors).toHaveLength(40)
    for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 5)
    expect(vectors[7]).toEqual((await embedding.embed(['text 7'], given()))[0])
    expect(server.requests.map(({ input }) => input.length)).toEqual([16, 16, 8, 1])
  })

  it('says plainly that Ollama is away, lost the model, or has another version of it', async () => {
    const server = await startFakeEmbeddingServer()
    const embedding = embeddingAt(server.url)
    server.models = [{ name: model, digest: 'b'.repeat(64) }]
    await expect(embedding.embed(['a'], given())).rejects.toMatchObject({
      code: 'embedding-model-missing',
      details: { reason: 'replaced', model },
    })
    server.models = []
    await expect(embedding.embed(['a'], given())).rejects.toMatchObject({
      code: 'embedder-away',
      details: { reason: 'model-gone' },
    })
    await server[Symbol.asyncDispose]()
    await expect(embedding.embed(['a'], given())).rejects.toMatchObject({
      code: 'embedder-away',
      message: `Ollama does not answer, so its embedder ${model} cannot be used. Start Ollama.`,
    })
    await expect(embedding.embed(['a'], { ...given(), model: 'far:cloud' })).rejects.toMatchObject({
      code: 'model-not-local',
    })
    await expect(embeddingAt('http://10.0.0.7:11434').embed(['a'], given())).rejects.toMatchObject({
      code: 'model-not-local',
    })
  })

  it.each([
    ['an error', 500, '{"error":"this model does not support embeddings"}'],
    ['no JSON', 200, 'vectors'],
    ['too few', 200, '{"embeddings":[[1,2]]}'],
    ['widths that differ', 200, '{"embeddings":[[1,2],[1,2,3]]}'],
    ['not a number', 200, '{"embeddings":[[1,null],[1,2]]}'],
    ['infinity', 200, '{"embeddings":[[1,1e999],[1,2]]}'],
    ['zeros', 200, '{"embeddings":[[0,0],[1,2]]}'],
  ])('refuses %s', async (_name, status, body) => {
    await using server = await startFakeEmbeddingServer()
    server.reply = { status, body }
    await expect(embeddingAt(server.url).embed(['a', 'b'], given())).rejects.toMatchObject({ code: 'embedding-failed' })
  })

  it('leaves nothing of a text unread that is longer than the model takes: its pieces are embedded behind the prefix', async () => {
    await using server = await startFakeEmbeddingServer()
    server.longestText = 100
    const embedding = embeddingAt(server.url)
    const prefix = 'passage: '
    const text = `${prefix}${Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ')}`
    const [short, whole] = await embedding.embed([`${prefix}short`, text], { ...given(), prefix })
    const alone = server.requests.filter(({ input }) => input.length === 1).flatMap(({ input }) => input)
    const pieces = alone.filter((piece) => piece.length <= 100 && piece !== `${prefix}short`)
    expect(pieces.length).toBeGreaterThan(2)
    expect(pieces.every((piece) => piece.startsWith(prefix))).toBe(true)
    expect(pieces.map((piece) => piece.slice(prefix.length)).join('')).toBe(text.slice(prefix.length))
    expect(short).toEqual((await embedding.embed([`${prefix}short`], given()))[0])
    expect(Math.hypot(...(whole ?? []))).toBeCloseTo(1, 5)
    // The end counts as well: another ending is another vector.
    const [other] = await embedding.embed([`${text.slice(0, -6)}harbour`], { ...given(), prefix })
    expect(other).not.toEqual(whole)
  })

  it('closes its connection at once when it is stopped, and waits for answers before background work', async () => {
    await using server = await startFakeEmbeddingServer()
    const controller = new AbortController()
    const quiet = Promise.withResolvers<void>()
    const embedding = embeddingAt(server.url, () => quiet.promise)
    const background = embedding.embed(['a'], given({ priority: 'background' }))
    expect(await embedding.embed(['b'], given())).toHaveLength(1)
    expect(server.requests.map(({ input }) => input)).toEqual([['b']])
    quiet.resolve()
    expect(await background).toHaveLength(1)

    server.isSilent = true
    const silent = embedding.embed(['c'], given(controller))
    await expect.poll(() => server.openRequests, { timeout: 20_000 }).toBe(1)
    controller.abort(new Error('stopped by hand'))
    await expect(silent).rejects.toThrow('stopped by hand')
    await expect.poll(() => server.openRequests, { timeout: 20_000 }).toBe(0)
  })
})

describe.skipIf(realUrl === '')('on a real Ollama (CARREL_TEST_OLLAMA)', { timeout: 300_000 }, () => {
  it('embeds with any model that the server lets embed: equal texts alike, others not', async () => {
    const embedding = embeddingAt(realUrl)
    const { signal } = new AbortController()
    const found = (await embedding.models({ signal })).find(({ name }) => name === realModel)
    if (found === undefined) throw new Error(`the test server has no ${realModel}`)
    const options = { model: found.name, digest: found.digest, priority: 'background', signal } as const
    const vectors = await embedding.embed(
      ['The lease ends in May.', 'The tide is high.', 'The lease ends in May.'],
      options,
    )
    const cosine = (a: readonly number[] | Float32Array = [], b: readonly number[] | Float32Array = []): number =>
      Array.from(a).reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)
    expect(vectors[0]?.length).toBeGreaterThan(100)
    expect(cosine(vectors[0], vectors[2])).toBeGreaterThan(0.999)
    expect(cosine(vectors[0], vectors[1])).toBeLessThan(0.999)
  })
})
