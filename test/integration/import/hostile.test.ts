import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, chmod, mkdir, readdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openImport } from '../../support/import-under-test.ts'
import { jsonLines, projectFolder, runCarrel, temporaryFolder } from '../../support/run-carrel.ts'
import { hostileFiles } from './hostile-files.ts'

interface Row {
  readonly name: string
  readonly state: string
  readonly problem: { readonly code: string; readonly message: string } | null
}

const rowsOf = (stdout: string): readonly Row[] =>
  jsonLines(stdout).map(({ name, state, problem }) => ({ name, state, problem }) as unknown as Row)
const endOf = ({ state, problem }: Row): string => (state === 'needs-attention' ? (problem?.code ?? 'none') : state)

describe('hostile files', { timeout: 600_000 }, () => {
  it('end in a clear state each; nothing is asked for, run, or written outside the data folder', async () => {
    const requests: string[] = []
    const server = createServer((request, response) => {
      requests.push(request.url ?? '')
      response.end()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    try {
      await using folder = await temporaryFolder()
      const place = (name: string): string => join(folder.path, name)
      for (const name of ['documents', 'home', 'temporary']) await mkdir(place(name))
      const files = hostileFiles(`http://127.0.0.1:${address.port}`)
      for (const [name, { content }] of Object.entries(files)) await writeFile(join(place('documents'), name), content)
      await truncateNew(join(place('documents'), 'half a gigabyte.txt'), 500 * 1024 * 1024)
      await mkdir(join(place('documents'), 'loop'))
      await symlink('..', join(place('documents'), 'loop', 'up'))
      await symlink('itself', join(place('documents'), 'loop', 'itself'))
      const before = await readdir(folder.path, { recursive: true })

      const run = await runCarrel(['--json', 'add', place('documents'), join(place('documents'), 'loop', 'itself')], {
        dataFolder: place('library'),
        environment: { HOME: place('home'), TMPDIR: place('temporary'), TMP: place('temporary') },
      })
      expect(run.code, run.stderr).toBe(3)
      const rows = new Map(rowsOf(run.stdout).map((row) => [row.name, row]))
      for (const [name, { ends }] of Object.entries(files)) {
        const row = rows.get(name)
        expect(row, name).toBeDefined()
        if (row !== undefined)
          expect(ends, `${name}: ${endOf(row)} ${row.problem?.message ?? ''}`).toContain(endOf(row))
      }
      expect(rows.get('half a gigabyte.txt')).toMatchObject({ problem: { code: 'file-too-large' } })
      // The loop is entered nowhere; what was given itself and leads nowhere is named.
      expect([...rows.keys()].filter((name) => name === 'itself' || name === 'up')).toEqual(['itself'])
      expect(rows.size).toBe(Object.keys(files).length + 2)

      expect(requests).toEqual([])
      const after = await readdir(folder.path, { recursive: true })
      expect(after.filter((path) => path !== 'library' && !path.startsWith('library/')).toSorted()).toEqual(
        before.toSorted(),
      )
      expect((await runCarrel(['verify'], { dataFolder: place('library') })).code).toBe(0)
      const found = await runCarrel(['search', 'kept text'], { dataFolder: place('library') })
      expect(found.stdout).not.toContain('written outside')
      const list = await runCarrel(['list'], { dataFolder: place('library') })
      expect(list.stdout).not.toContain('\u001B')
      expect(list.stdout).toContain('emoji 📚')
    } finally {
      server.close()
    }
  })

  it('a file that changes while it is read is read again; one that never rests says so', async () => {
    await using folder = await temporaryFolder()
    const once = join(folder.path, 'once.txt')
    const always = join(folder.path, 'always.txt')
    for (const path of [once, always]) await writeFile(path, `The first words of ${path}.\n`)
    let changes = 0
    await using carrel = await openImport({
      dataFolder: join(folder.path, 'library'),
      beforeParse: async (path) => {
        if (path === once && changes > 0) return
        if (path === once) changes += 1
        await appendFile(path, 'And words that came later, about lanterns.\n')
      },
    })
    const documents = await carrel.add(once, always)
    expect(documents.get('once.txt')).toMatchObject({ state: 'ready', problem: null })
    expect(documents.get('always.txt')).toMatchObject({
      state: 'needs-attention',
      problem: { code: 'unreadable-file', retryable: true, details: { reason: 'changed' } },
    })
    const { signal } = new AbortController()
    expect(await carrel.storage.keywordIndex.search('lanterns', { limit: 5, signal })).toHaveLength(1)
    expect((await carrel.storage.verify()).problems).toEqual([])
  })

  it('a file that vanishes while it waits, or while it is read, says so', async () => {
    await using folder = await temporaryFolder()
    const [first, second, third] = ['first.txt', 'second.txt', 'third.txt'].map((name) => join(folder.path, name))
    if (first === undefined || second === undefined || third === undefined) throw new Error('three names')
    for (const path of [first, second, third]) await writeFile(path, `Words of ${path}.\n`)
    await using carrel = await openImport({
      dataFolder: join(folder.path, 'library'),
      beforeParse: async (path) => {
        if (path === first) await Promise.all([rm(first), rename(second, `${second}.moved`)])
      },
    })
    const documents = await carrel.add(first, second, third)
    for (const name of ['first.txt', 'second.txt'])
      expect(documents.get(name)).toMatchObject({
        state: 'needs-attention',
        problem: { code: 'unreadable-file', details: { reason: 'vanished' } },
      })
    expect(documents.get('third.txt')).toMatchObject({ state: 'ready' })
  })

  it.skipIf(process.platform === 'win32')('a file without permission says so', async () => {
    await using folder = await temporaryFolder()
    const documents = join(folder.path, 'documents')
    await mkdir(join(documents, 'closed'), { recursive: true })
    await writeFile(join(documents, 'locked.txt'), 'secret')
    await writeFile(join(documents, 'open.txt'), 'Open to all.')
    await chmod(join(documents, 'locked.txt'), 0)
    await chmod(join(documents, 'closed'), 0)
    const words = [
      join(projectFolder, 'out', 'main', 'cli.js'),
      '--data',
      join(folder.path, 'library'),
      '--json',
      'add',
    ]
    // Root may read everything, unless it gives that up.
    const [program = '', ...before] =
      process.getuid?.() === 0
        ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--inh-caps=-all', process.execPath]
        : [process.execPath]
    const child = spawn(program, [...before, ...words, documents], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', OLLAMA_HOST: 'http://127.0.0.1:9' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    expect((await once(child, 'close'))[0]).toBe(3)
    await chmod(join(documents, 'closed'), 0o700)
    const permission = { code: 'unreadable-file', retryable: true, details: { reason: 'permission' } }
    const rows = rowsOf(stdout)
    expect(rows.toSorted((one, other) => (one.name < other.name ? -1 : 1))).toEqual([
      { name: 'closed', state: 'needs-attention', problem: expect.objectContaining(permission) },
      { name: 'locked.txt', state: 'needs-attention', problem: expect.objectContaining(permission) },
      { name: 'open.txt', state: 'ready', problem: null },
    ])
  })
})

/** A file of zeros that takes no room on the disk. */
async function truncateNew(path: string, sizeBytes: number): Promise<void> {
  await writeFile(path, '')
  await truncate(path, sizeBytes)
}
