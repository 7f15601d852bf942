import mammoth from 'mammoth'
import { access, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCarrel, temporaryFolder } from '../../support/run-carrel.ts'

const id = '3f1d6a52-8f7c-4f3e-9a57-1d1f3d2f4a10'

describe('conversations in the terminal', { timeout: 180_000 }, () => {
  it('are listed, searched in Chinese and saved with their references, never over a file', async () => {
    await using folder = await temporaryFolder()
    await using files = await temporaryFolder()
    const dataFolder = folder.path
    const document = join(files.path, '自习.md')
    await writeFile(document, '# 自习座位\n\n图书馆的自习座位九点开放。\n\n续借期限为三十天。\n')
    expect((await runCarrel(['add', document], { dataFolder })).code).toBe(0)
    const asked = await runCarrel(['ask', '自習座位幾點開放？', '--quotes', '--conversation', id], { dataFolder })
    expect(asked.code).toBe(0)

    const listed = await runCarrel(['--json', 'conversations'], { dataFolder })
    expect(JSON.parse(listed.stdout)).toMatchObject({
      id,
      title: '自習座位幾點開放？',
      turnCount: 1,
      state: 'complete',
    })
    expect((await runCarrel(['conversations'], { dataFolder })).stdout).toContain('自習座位幾點開放？')

    const found = await runCarrel(['--json', 'conversations', '--find', '几点'], { dataFolder })
    expect(JSON.parse(found.stdout)).toMatchObject({ type: 'turn', conversationId: id, part: 'question' })
    const nothing = await runCarrel(['conversations', '--find', 'nowhere'], { dataFolder })
    expect(nothing.stdout).toBe('Nothing found.\n')

    const printed = await runCarrel(['export', id.slice(0, 8)], { dataFolder })
    expect(printed.stdout).toContain('## 自習座位幾點開放？')
    expect(printed.stdout).toMatch(/\[1\] \*\*自习\.md\*\*/)
    const file = join(files.path, 'saved.md')
    expect((await runCarrel(['export', id, '--output', file], { dataFolder })).code).toBe(0)
    expect(await readFile(file, 'utf8')).toBe(printed.stdout)
    await writeFile(file, 'mine')
    const again = await runCarrel(['export', id, '--output', file], { dataFolder })
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('There is a file already') })
    expect(await readFile(file, 'utf8')).toBe('mine')
    const page = join(files.path, 'saved.html')
    expect((await runCarrel(['export', id, '--output', page], { dataFolder })).code).toBe(0)
    expect(await readFile(page, 'utf8')).toMatch(/<h2>自習座位幾點開放？<\/h2>[^]*<blockquote>[^]*<\/html>/)
    const word = join(files.path, 'saved.docx')
    expect((await runCarrel(['export', id, '--output', word], { dataFolder })).code).toBe(0)
    expect((await mammoth.extractRawText({ path: word })).value).toContain('自習座位幾點開放？')
    const elsewhere = join(files.path, 'no', 'such', 'folder.md')
    expect(await runCarrel(['export', id, '--output', elsewhere], { dataFolder })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('could not be written there'),
    })
    await expect(access(elsewhere)).rejects.toThrow()

    const json = await runCarrel(['--json', 'export', id], { dataFolder })
    expect(JSON.parse(json.stdout)).toMatchObject({
      question: '自習座位幾點開放？',
      sources: [{ documentName: '自习.md' }],
    })
    const unknown = await runCarrel(['export', '99999999'], { dataFolder })
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('no conversation 99999999') })
    expect((await runCarrel(['export'], { dataFolder })).code).toBe(2)
  })
})
