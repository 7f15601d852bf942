import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { exportFileName } from '../../../src/shared/export-file-name.ts'
import { exportFormatOf } from '../../../src/shared/export-format.ts'

describe('the name of an exported file', () => {
  it.each([
    ['When does the lease end?', 'When does the lease end.md'],
    ['提前退租：违约金多少？', '提前退租：违约金多少？.md'],
    ['../../etc/passwd', 'etc passwd.md'],
    ['C:\\Windows\\system32', 'C Windows system32.md'],
    ['con', 'conversation con.md'],
    ['LPT1.txt', 'conversation LPT1.txt.md'],
    ['COM²', 'conversation COM².md'],
    ['.hidden', 'hidden.md'],
    ['--output', 'output.md'],
    ['trailing dots. . .', 'trailing dots.md'],
    ['a\u0000b\nc\u202Egpj.exe', 'a b c gpj.exe.md'],
    ['', 'conversation.md'],
    ['???', 'conversation.md'],
    ['… 😀', '… 😀.md'],
  ])('%j', (title, name) => {
    expect(exportFileName(title, 'md')).toBe(name)
  })

  test.prop([fc.string({ unit: 'binary', maxLength: 400 })])('is valid everywhere, whatever the title', (title) => {
    const name = exportFileName(title, 'md')
    expect(name).toMatch(/^[^\s.\-/\\:*?"<>|\p{Cc}][^/\\:*?"<>|\p{Cc}]*\.md$/u)
    expect(name.isWellFormed()).toBe(true)
    expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(170)
    expect(name.slice(0, -'.md'.length)).not.toMatch(/[\s.]$/u)
  })
})

it.each([
  ['a.html', 'html'],
  ['A.HTM', 'html'],
  ['租约.docx', 'docx'],
  ['a.md', 'markdown'],
  ['folder.docx/a', 'markdown'],
  ['docx', 'markdown'],
])('%s is saved as %s', (name, format) => {
  expect(exportFormatOf(name)).toBe(format)
})
