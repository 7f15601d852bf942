import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { hashFile } from '../../../../src/main/ingest/hash-file.ts'

let folder = ''
let path = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carrel-hash-'))
  path = join(folder, 'file.txt')
  await writeFile(path, 'x'.repeat(300_000))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('is the SHA-256 of the bytes', async () => {
  const hash = await hashFile(path, { sizeBytes: 300_000, signal: new AbortController().signal })
  expect(hash).toMatch(/^[0-9a-f]{64}$/)
})

it('ends with the reason, whenever it is told to stop, and throws at nobody else', async () => {
  for (let turns = 0; turns < 40; turns += 1) {
    const controller = new AbortController()
    const hashing = hashFile(path, { sizeBytes: 300_000, signal: controller.signal }).catch((error: unknown) => error)
    for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    controller.abort('told to stop')
    // Told before it looked, it stops; told when all was read, it is done.
    expect(await hashing).toSatisfy((end) => end === 'told to stop' || /^[0-9a-f]{64}$/.test(String(end)))
    if (turns === 0) expect(await hashing).toBe('told to stop')
  }
})
