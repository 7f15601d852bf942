import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type ComposedCarrel, composeCarrel, leaseFile } from '../../support/composed-carrel.ts'
import { startRecordingModelServer } from '../../support/recording-model-server.ts'
import { projectFolder, runCarrel, temporaryFolder } from '../../support/run-carrel.ts'

const question = 'What notice must the tenant give to end the lease early?'
const locationSchema = z.object({
  documentId: z.string(),
  documentName: z.string(),
  page: z.number().nullable(),
  start: z.number(),
  end: z.number(),
  uri: z.string(),
})
const passagesSchema = z.object({ passages: z.array(z.object({ text: z.string(), location: locationSchema })) })

async function connectHttp(carrel: ComposedCarrel): Promise<Client> {
  const client = new Client({ name: 'test-agent', version: '1.0.0' })
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${carrel.url}/mcp`), {
      requestInit: { headers: { authorization: `Bearer ${carrel.token}` } },
    }),
  )
  return client
}

function textOf(result: { readonly content?: unknown }): string {
  return z.array(z.object({ text: z.string() })).parse(result.content)[0]?.text ?? ''
}

/** The same of both transports. */
async function useEveryTool(client: Client): Promise<void> {
  const { tools } = await client.listTools()
  expect(tools.map(({ name }) => name).toSorted()).toEqual([
    'ask',
    'find',
    'list_collections',
    'list_documents',
    'read_document',
    'read_passage',
    'search',
  ])
  expect(tools.every(({ annotations }) => annotations?.readOnlyHint === true)).toBe(true)

  const found = await client.callTool({ name: 'search', arguments: { query: question, limit: 3 } })
  const { passages } = passagesSchema.parse(found.structuredContent)
  const lease = passages.find(({ location }) => location.documentName.startsWith('Office lease'))
  expect(lease?.location).toMatchObject({
    page: 2,
    uri: expect.stringMatching(/^carrel:\/\/document\/[0-9a-f]{64}#page=2$/),
  })
  expect(textOf(found)).toContain('Office lease, 14 Elm Street.pdf, page 2')

  const every = await client.callTool({ name: 'find', arguments: { query: 'which leases mention a termination fee' } })
  expect(textOf(every)).toMatch(/^Searched \d+ of \d+ documents?, [1-9]\d* match/)
  expect(textOf(every)).toContain('Office lease, 14 Elm Street.pdf, page 2')

  const { documentId = '', start = 0, end = 0 } = lease?.location ?? {}
  const read = await client.callTool({ name: 'read_passage', arguments: { documentId, start, end, around: 0 } })
  expect(z.object({ text: z.string() }).parse(read.structuredContent).text).toBe(lease?.text)
  const whole = await client.callTool({ name: 'read_document', arguments: { documentId } })
  expect(textOf(whole)).toContain('[page 1]')
  expect(whole.structuredContent).toMatchObject({ location: { page: 1, start: 0 } })
  const list = await client.callTool({ name: 'list_documents', arguments: { filter: 'Office' } })
  expect(list.structuredContent).toMatchObject({ total: 1, documents: [{ documentId, state: 'ready' }] })

  const { resources } = await client.listResources()
  const resource = resources.find(({ name }) => name.startsWith('Office lease'))
  const { contents } = await client.readResource({ uri: resource?.uri ?? '' })
  expect(contents[0]).toMatchObject({ mimeType: 'text/plain', text: expect.stringContaining('[page 2]') })

  const missing = await client.callTool({ name: 'read_document', arguments: { documentId: '0'.repeat(64) } })
  expect(missing.isError).toBe(true)
  expect(textOf(missing)).toContain('list_documents')
}

describe('MCP over HTTP', { timeout: 180_000 }, () => {
  it('gives the official client every tool and resource, with places', async () => {
    await using carrel = await composeCarrel({ paths: [leaseFile] })
    const client = await connectHttp(carrel)
    await useEveryTool(client)
    await client.close()
  })

  it('asks with progress, follows up, and ends the model when the call is cancelled', async () => {
    await using server = await startRecordingModelServer()
    await using carrel = await composeCarrel({ paths: [leaseFile], ollamaHost: server.url })
    const client = await connectHttp(carrel)
    const told: string[] = []
    const asking = client.callTool(
      { name: 'ask', arguments: { question } },
      { onprogress: ({ message }) => void told.push(message ?? '') },
    )
    const chat = await server.nextRequest()
    chat.sendText('180 days ')
    chat.sendText('[1].')
    chat.finish()
    const answered = await asking
    expect(answered.structuredContent).toMatchObject({
      answer: '180 days [1].',
      sources: expect.arrayContaining([expect.objectContaining({ number: 1, cited: true })]),
    })
    expect(textOf(answered)).toMatch(/\[1\] Office lease, 14 Elm Street\.pdf, page 2/)
    expect(told).toContain('retrieve')
    expect(told.join('')).toContain('180 days [1].')

    const cancelling = new AbortController()
    const cancelled = client.callTool({ name: 'ask', arguments: { question } }, { signal: cancelling.signal })
    const second = await server.nextRequest()
    second.sendText('Half')
    cancelling.abort('no longer wanted')
    await expect(cancelled).rejects.toThrow()
    expect((await second.closed).isComplete).toBe(false)

    // A client that is simply gone says nothing.
    const leaving = await connectHttp(carrel)
    const left = leaving.callTool({ name: 'ask', arguments: { question } })
    const third = await server.nextRequest()
    third.sendText('Half')
    await leaving.close()
    await expect(left).rejects.toThrow()
    expect((await third.closed).isComplete).toBe(false)
    await client.close()
  })

  it('refuses who has no token, and pages', async () => {
    await using carrel = await composeCarrel()
    const post = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${carrel.url}/mcp`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{}',
      })
    expect((await post({})).status).toBe(401)
    expect((await post({ authorization: `Bearer ${carrel.token}`, origin: 'https://evil.example' })).status).toBe(403)
  })
})

describe('carrel mcp', { timeout: 180_000 }, () => {
  it('gives the official client the same over stdio, and ends with its input', async () => {
    await using folder = await temporaryFolder()
    const dataFolder = join(folder.path, 'library')
    expect((await runCarrel(['add', leaseFile], { dataFolder })).code).toBe(0)
    const client = new Client({ name: 'test-agent', version: '1.0.0' })
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [join(projectFolder, 'out', 'main', 'cli.js'), '--data', dataFolder, 'mcp'],
      env: { ...(process.env as Record<string, string>), ELECTRON_RUN_AS_NODE: '1', OLLAMA_HOST: 'http://127.0.0.1:9' },
      stderr: 'ignore',
    })
    await client.connect(transport)
    await useEveryTool(client)
    const asked = await client.callTool({ name: 'ask', arguments: { question } })
    expect(textOf(asked)).toMatch(/\[1\] Office lease, 14 Elm Street\.pdf, page 2/)

    // A second agent finds the library open, and speaks to the first over its socket.
    const second = new Client({ name: 'second-agent', version: '1.0.0' })
    await second.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [join(projectFolder, 'out', 'main', 'cli.js'), '--data', dataFolder, 'mcp'],
        env: { ...(process.env as Record<string, string>), ELECTRON_RUN_AS_NODE: '1' },
        stderr: 'ignore',
      }),
    )
    const listed = await second.callTool({ name: 'list_documents', arguments: { filter: 'Office' } })
    expect(listed.structuredContent).toMatchObject({ total: 1 })
    await second.close()
    await client.close()
    // The folder is free again: nothing was left running.
    expect((await runCarrel(['status'], { dataFolder })).code).toBe(0)
  })
})
