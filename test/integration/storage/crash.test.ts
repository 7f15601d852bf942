import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, test } from 'vitest'
import type { ConversationId } from '../../../src/shared/ids.ts'
import { embedAll, never, openTestStorage, readConversation, readFileInto, temporaryFolder } from './storage-fixture.ts'

/** Starts the writer and kills it with SIGKILL at the line it says. */
async function startWriter(
  folder: string,
  moment: string,
): Promise<{ readonly child: ChildProcess; kill(): Promise<void> }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'crash-writer.ts'), folder, moment], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' },
  })
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout ?? process.stdin })
  await Promise.race([
    once(lines, 'line'),
    exited.then(() => Promise.reject(new Error(`the writer ended before “${moment}”`))),
  ])
  return {
    child,
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}

const paragraphs = Array.from({ length: 40 }, (_, index) => `paragraph ${index} of the file. `)

describe('killed with SIGKILL', () => {
  test('the lock keeps others out while it lives, and is free when it is dead', async () => {
    await using folder = await temporaryFolder()
    const writer = await startWriter(folder.path, 'open')
    await expect(openTestStorage(folder.path)).rejects.toMatchObject({ code: 'storage-locked', retryable: true })
    await writer.kill()
    await using storage = await openTestStorage(folder.path)
    expect(storage.documents.totals().documents).toBe(0)
  })

  test('in a transaction: the batch is gone, the rest is whole, and reading again gives the same chunks', async () => {
    await using folder = await temporaryFolder()
    const writer = await startWriter(folder.path, 'in-transaction')
    await writer.kill()
    await using storage = await openTestStorage(folder.path)
    expect(storage.documents.recover()).toBe(1)
    const [half, whole] = storage.documents.list({ offset: 0, limit: 9, filter: '' }).documents
    expect(half).toMatchObject({ name: 'half.txt', state: 'queued', chunkCount: 1 })
    expect(whole).toMatchObject({ name: 'whole.txt', state: 'ready', chunkCount: 40 })
    expect((await storage.verify()).problems).toEqual([])
    const again = readFileInto(storage, { path: '/half.txt', paragraphs: ['a', ...paragraphs] })
    await embedAll(storage)
    const ids = storage.documents.chunksByOrdinal(again.documentKey, 0, 99).map(({ id }) => id)
    expect(ids).toEqual(Array.from({ length: 41 }, (_, index) => `${again.hash.slice(0, 16)}-${index}`))
    const removed = storage.documents.removedDocumentKeys(9)
    expect(removed).toHaveLength(1)
    while (!storage.documents.purgeRemoved(removed)) continue
    expect(await storage.verify()).toEqual({ documents: 2, chunks: 81, vectors: 81, problems: [] })
  })

  test.each(['adding', 'unmarked'])('between LanceDB and SQLite (%s): no vector twice, none lost', async (moment) => {
    await using folder = await temporaryFolder()
    const writer = await startWriter(folder.path, moment)
    await writer.kill()
    await using storage = await openTestStorage(folder.path)
    const stored = await storage.chunkIndex.chunkKeys('all-MiniLM-L6-v2')
    const report = await storage.reconcile({ signal: never })
    // An add is there whole or not at all.
    expect(moment === 'unmarked' ? [25] : [0, 25]).toContain(stored.length)
    expect(report).toEqual({ madePending: 0, adopted: stored.length, removed: 0 })
    expect(await embedAll(storage)).toBe(40 - stored.length)
    expect(await storage.verify()).toEqual({ documents: 1, chunks: 40, vectors: 40, problems: [] })
    expect(storage.documents.totals().byState.ready).toBe(1)
  })

  test('without reconciliation, adding again replaces what was stored', async () => {
    await using folder = await temporaryFolder()
    const writer = await startWriter(folder.path, 'unmarked')
    await writer.kill()
    await using storage = await openTestStorage(folder.path)
    expect(await embedAll(storage)).toBe(40)
    expect(await storage.verify()).toEqual({ documents: 1, chunks: 40, vectors: 40, problems: [] })
  })

  test('in an answer: the question is there, the answer was aborted', async () => {
    await using folder = await temporaryFolder()
    const writer = await startWriter(folder.path, 'answering')
    await writer.kill()
    await using storage = await openTestStorage(folder.path)
    expect(storage.conversations.recover()).toBe(1)
    expect(readConversation(storage, '00000000-0000-4000-8000-000000000001' as ConversationId).turns).toMatchObject([
      { question: 'What was asked?', answer: '', finishReason: 'aborted' },
    ])
  })
})
