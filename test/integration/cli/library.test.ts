import { execFileSync } from 'node:child_process'
import { chmod, cp, mkdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encryptAgile } from '../../support/documents/encrypted-office.ts'
import { startRecordingModelServer } from '../../support/recording-model-server.ts'
import { jsonLines, projectFolder, runCarrel, startCarrel, temporaryFolder } from '../../support/run-carrel.ts'

const fixtures = join(projectFolder, 'test', 'fixtures', 'documents')
const samples = join(projectFolder, 'resources', 'samples')

describe('carrel on a library', { timeout: 120_000 }, () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let dataFolder = ''
  let documents = ''
  const carrel = (...words: readonly string[]) => runCarrel(words, { dataFolder })
  const json = async (...words: readonly string[]) => jsonLines((await carrel('--json', ...words)).stdout)

  beforeAll(async () => {
    folder = await temporaryFolder()
    dataFolder = join(folder.path, 'library')
    documents = join(folder.path, '文档 with spaces')
    await mkdir(documents)
    for (const name of [
      'Office lease, 14 Elm Street.pdf',
      'Amendment no. 2.docx',
      'Rent schedule.html',
      '租赁合同（中文版）.md',
      '搬迁会议纪要.txt',
    ]) {
      await cp(join(samples, name), join(documents, name))
    }
    await cp(join(samples, 'Rent schedule.html'), join(documents, 'the same again.html'))
  })
  afterAll(() => folder[Symbol.asyncDispose]())

  it('adds a mixed folder; the same bytes twice are one document with two locations', async () => {
    const { code, stdout, stderr } = await carrel('--json', 'add', documents)
    expect(code, stderr).toBe(0)
    const added = jsonLines(stdout)
    expect(added.map(({ state }) => state)).toEqual(Array.from({ length: 5 }, () => 'ready'))
    expect(added.find(({ name }) => String(name).endsWith('.html'))?.['paths']).toHaveLength(2)
    expect(added.find(({ kind }) => kind === 'pdf')).toMatchObject({ pageCount: 2 })
  })

  it('adds again without reading anything anew', async () => {
    expect((await carrel('add', documents)).stdout).toContain('0 newly queued')
  })

  it('finds passages in both languages, with all that a script needs', async () => {
    const [best] = await json('search', 'notice to terminate the lease early', '-k', '3')
    expect(best).toMatchObject({
      rank: 1,
      page: 2,
      title: 'Office lease, 14 Elm Street',
      headingPath: ['Office lease, 14 Elm Street', '9. Termination'],
    })
    expect(Object.keys(best ?? {})).toEqual([
      'rank',
      'score',
      'id',
      'documentId',
      'path',
      'title',
      'page',
      'headingPath',
      'start',
      'end',
      'text',
      'paths',
    ])
    expect(String(best?.['text']).length).toBe(Number(best?.['end']) - Number(best?.['start']))
    expect(String((await json('search', '提前退租要付多少终止费', '-k', '2'))[0]?.['text'])).toContain('终止费')
  })

  it('searches a file of questions, in order', async () => {
    const file = join(folder.path, 'questions.jsonl')
    await writeFile(
      file,
      ['rent', '押金', 'insurance', 'nothing of the sort zzqx']
        .map((text, index) => JSON.stringify({ _id: `q${index}`, text }))
        .join('\n'),
    )
    const answers = await json('search', '--queries', file, '-k', '5')
    expect(answers.map(({ _id }) => _id)).toEqual(['q0', 'q1', 'q2', 'q3'])
    for (const { passages } of answers) expect((passages as readonly unknown[]).length).toBeLessThanOrEqual(5)
    await writeFile(file, '{"_id":"a","text":"x"}\nnot json\n')
    expect(await carrel('--json', 'search', '--queries', file)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Line 2'),
    })
  })

  it('opens locked files with the passwords given, those of an earlier run too', async () => {
    const locked = join(folder.path, 'locked')
    await mkdir(locked)
    await cp(join(fixtures, 'encrypted.pdf'), join(locked, 'letter.pdf'))
    await writeFile(join(locked, 'report.docx'), encryptAgile(await readFile(join(fixtures, 'report.docx')), '海港'))
    expect((await carrel('add', locked)).code).toBe(3)
    const wrong = await carrel('add', locked, '--password', 'wrong')
    expect(wrong).toMatchObject({ code: 3, stderr: expect.stringContaining('The password does not open this file.') })
    const { code, stdout, stderr } = await carrel(
      '--json',
      'add',
      locked,
      '--password',
      '海港',
      '--password',
      'harbour',
    )
    expect(code, stderr).toBe(0)
    expect(jsonLines(stdout).map(({ state }) => state)).toEqual(['ready', 'ready'])
    expect(String((await json('search', 'Nobody may read this', '-k', '1'))[0]?.['text'])).toContain('Nobody may read')
    expect((await carrel('remove', join(locked, 'letter.pdf'), join(locked, 'report.docx'))).code).toBe(0)
  })

  it('names every bad file with its reason, and finishes the others', async () => {
    const bad = join(folder.path, 'bad')
    await mkdir(bad)
    for (const name of [
      'encrypted.pdf',
      'truncated.pdf',
      'archive.zip',
      'empty.txt',
      'scan.pdf',
      'truncated.docx',
      'encrypted.docx',
    ]) {
      await cp(join(fixtures, name), join(bad, name))
    }
    await cp(join(fixtures, 'text-named.pdf'), join(bad, 'mislabelled.pdf'))
    await writeFile(join(bad, 'huge.txt'), '')
    await truncate(join(bad, 'huge.txt'), 201 * 1024 * 1024)
    await writeFile(join(bad, 'good.md'), '# Tides\n\nThe tide turns at noon.')
    const { code, stdout, stderr } = await carrel('--json', 'add', bad, join(folder.path, 'vanished.md'))
    expect(code).toBe(3)
    const rows = jsonLines(stdout)
    const codeOf = (name: string): unknown =>
      (rows.find((row) => row['name'] === name)?.['problem'] as { code?: string } | null)?.code ?? null
    expect(Object.fromEntries(rows.map(({ name }) => [name, codeOf(String(name))]))).toEqual({
      'encrypted.pdf': 'encrypted-file',
      'encrypted.docx': 'encrypted-file',
      'truncated.pdf': 'unreadable-file',
      'truncated.docx': 'unreadable-file',
      'scan.pdf': 'empty-file',
      'archive.zip': 'unsupported-file',
      'empty.txt': 'empty-file',
      'huge.txt': 'file-too-large',
      'vanished.md': 'unreadable-file',
      'mislabelled.pdf': null,
      'good.md': null,
    })
    for (const { name, state } of rows) {
      if (state === 'needs-attention') expect(stderr).toContain(String(name))
    }
  })

  it.skipIf(process.platform === 'win32')('names a pipe as no file instead of waiting for it', async () => {
    const path = join(folder.path, 'pipe.txt')
    execFileSync('mkfifo', [path])
    expect(await carrel('add', path)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('not an ordinary file'),
    })
    expect((await carrel('remove', path)).code).toBe(0)
  })

  it.skipIf(process.getuid?.() === 0)('says when a file may not be read', async () => {
    const path = join(folder.path, 'secret.txt')
    await writeFile(path, 'secret')
    await chmod(path, 0)
    expect(await carrel('add', path)).toMatchObject({ code: 3, stderr: expect.stringContaining('permissions') })
  })

  it('removes by path and by id; what is removed is found no more', async () => {
    expect((await json('search', 'the tide turns', '-k', '1'))[0]?.['text']).toContain('tide')
    expect(await carrel('remove', join(folder.path, 'bad', 'good.md'), 'nothing-like-this')).toMatchObject({
      code: 1,
      stdout: '1 removed\n',
    })
    const after = await json('search', 'the tide turns', '-k', '20')
    expect(after.map(({ text }) => String(text)).join()).not.toContain('turns at noon')
    const [listed] = (await json('list')).filter(({ name }) => name === 'mislabelled.pdf')
    expect(await carrel('remove', String(listed?.['id']).slice(0, 12))).toMatchObject({
      code: 0,
      stdout: '1 removed\n',
    })
  })

  it('verifies clean, and shows the state', async () => {
    expect(await carrel('verify')).toMatchObject({ code: 0, stdout: expect.stringContaining('clean') })
    const [status] = await json('status')
    expect(status).toMatchObject({
      dataFolder,
      connectionsOutside: 0,
      models: { state: expect.stringMatching(/^not-(installed|running)$/) },
    })
  })

  it('shows the model server with its models, as the app does', async () => {
    await using server = await startRecordingModelServer({
      product: 'llama-cpp',
      models: [{ name: 'local-model', isLoaded: true, contextTokens: 4096 }],
    })
    const shown = await runCarrel(['status'], { dataFolder, environment: { OLLAMA_HOST: server.url } })
    expect(shown.stdout).toContain(`model server     llama.cpp b6123-abc at ${server.url}\n`)
    expect(shown.stdout).toContain('model            local-model (chosen, 4096 tokens, loaded)\n')
    server.setModels([])
    const empty = await runCarrel(['status'], { dataFolder, environment: { OLLAMA_HOST: server.url } })
    expect(empty.stdout).toContain(`at ${server.url}: The model server runs, but has no model that can write.`)
  })

  it('refuses a second writer, with the next step, until the first has ended', async () => {
    await using server = await startRecordingModelServer()
    const first = startCarrel(['ask', 'rent'], { dataFolder, environment: { OLLAMA_HOST: server.url } })
    // Part of this library is Chinese: the question is translated before it is answered.
    const translation = await server.nextRequest()
    translation.sendText('租金')
    translation.finish()
    const chat = await server.nextRequest()
    expect(await carrel('--json', 'list')).toMatchObject({ code: 1, stdout: expect.stringContaining('storage-locked') })
    chat.sendText('done')
    chat.finish()
    expect((await first.ended).code).toBe(0)
    expect((await carrel('list')).code).toBe(0)
  })

  it('ends wrong usage with exit code 2 and says how to', async () => {
    expect(await carrel('fly')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Usage:') })
  })
})
