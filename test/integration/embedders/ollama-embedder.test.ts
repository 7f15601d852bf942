import { expect, it } from 'vitest'
import { composeCarrel, leaseFile } from '../../support/composed-carrel.ts'
import { startFakeEmbeddingServer } from '../../support/fake-embedding-server.ts'

const { signal } = new AbortController()
const minutes = 60_000

it(
  'an embedder of Ollama serves after its index is built; while Ollama is away, words are searched and it is said',
  async () => {
    let server = await startFakeEmbeddingServer()
    const { url } = server
    await using composed = await composeCarrel({ ollamaHost: url, paths: [leaseFile] })
    const { carrel } = composed
    await expect(
      carrel.embedderChoice.addOllama(
        { model: 'unknown', questionPrefix: '', passagePrefix: '', languages: 'many' },
        { signal },
      ),
    ).rejects.toMatchObject({ code: 'not-found' })
    const record = await carrel.embedderChoice.addOllama(
      { model: 'embed-me', questionPrefix: 'Q: ', passagePrefix: 'P: ', languages: 'many' },
      { signal },
    )
    // Found by a trial.
    expect(record.identity).toMatchObject({ source: 'ollama', name: 'embed-me:latest', dimensions: 48 })
    await carrel.embedderChoice.use('other', record.id)
    await carrel.reindexer.idle({ signal })
    const passages = server.requests.flatMap(({ input }) => input)
    expect(passages.filter((text) => text.startsWith('P: ')).length).toBeGreaterThan(5)

    const problems: { code: string; message: string }[] = []
    const look = () =>
      carrel.search('What notice ends the lease early?', {
        limit: 3,
        signal,
        onKeywordsOnly: (problem) => problems.push(problem),
      })
    expect((await look()).some(({ passage }) => passage.vectorRank !== null)).toBe(true)
    expect(server.requests.at(-1)?.input).toEqual(['Q: What notice ends the lease early?'])
    expect(problems).toEqual([])

    await server[Symbol.asyncDispose]()
    const byWords = await look()
    expect(byWords.length).toBeGreaterThan(0)
    expect(byWords.every(({ passage }) => passage.vectorRank === null)).toBe(true)
    expect(problems).toEqual([expect.objectContaining({ code: 'embedder-away' })])

    server = await startFakeEmbeddingServer(Number(new URL(url).port))
    expect((await look()).some(({ passage }) => passage.vectorRank !== null)).toBe(true)
    expect(problems).toHaveLength(1)
    expect((await carrel.verify()).problems).toEqual([])
    await server[Symbol.asyncDispose]()
  },
  5 * minutes,
)
