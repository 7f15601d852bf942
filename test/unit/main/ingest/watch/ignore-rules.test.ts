import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { createIgnore } from '../../../../../src/main/ingest/watch/ignore-rules.ts'
import { defaultIgnoreRules } from '../../../../../src/shared/watched-folder.ts'

const by = (...patterns: readonly string[]) =>
  createIgnore({ skipsHidden: false, largestMegabytes: 200, patterns: [...patterns] })

describe('what is left out', () => {
  it.each([
    ['*.log', 'run.log', true],
    ['*.log', 'deep/in/run.LOG', true],
    ['*.log', 'run.log.txt', false],
    ['draft?', 'draft1', true],
    ['draft?', 'draft12', false],
    ['notes.md', 'sub/notes.md', true],
    ['/notes.md', 'sub/notes.md', false],
    ['/notes.md', 'notes.md', true],
    ['reports/2019/**', 'reports/2019/a/b.pdf', true],
    ['reports/2019/**', 'old/reports/2019/b.pdf', false],
    ['**/2019/*.pdf', 'reports/2019/b.pdf', true],
    ['reports\\*.pdf', 'reports/b.pdf', true],
    ['合同*', '租约/合同（终稿）.docx', true],
    ['build/', 'build', false],
    ['', 'anything', false],
    ['/', 'anything', false],
  ])('%j against the file %j: %s', (pattern, path, isLeftOut) => expect(by(pattern).file(path, 1)).toBe(isLeftOut))

  it('a slash at the end is for folders, at any depth', () => {
    expect(by('build/').folder('a/build')).toBe(true)
    expect(by('a/build/').folder('b/a/build')).toBe(false)
    expect(by('*.log').folder('old.log')).toBe(true)
  })

  it('hidden names and large files by their own rules, and what nobody means from the start', () => {
    const ignore = createIgnore({ ...defaultIgnoreRules, largestMegabytes: 1 })
    expect([ignore.file('.env', 1), ignore.folder('a/.git'), ignore.file('a.txt', 1_000_000)]).toEqual([
      true,
      true,
      false,
    ])
    expect(ignore.file('a.txt', 1_000_001)).toBe(true)
    expect([ignore.folder('x/node_modules'), ignore.file('~$lease.docx', 1), ignore.file('film.MP4', 1)]).toEqual([
      true,
      true,
      true,
    ])
    expect(ignore.file('lease.docx', 1)).toBe(false)
  })
})

const name = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 4 })
const part = fc.oneof(
  fc.constant('**'),
  fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), minLength: 1, maxLength: 4 }),
)

test.prop([fc.array(part, { minLength: 1, maxLength: 4 }), fc.array(name, { minLength: 1, maxLength: 4 })])(
  'a pattern means what the same regular expression means',
  (parts, names) => {
    const source = parts.map((text) =>
      text === '**' ? '(?:[^/]+/)*' : `${text.replaceAll(/\*+/g, '[^/]*').replaceAll('?', '[^/]')}/`,
    )
    const expected = new RegExp(`^${source.join('')}$`).test(`${names.join('/')}/`)
    // A star that is not alone stays within a name.
    fc.pre(parts.every((text) => text === '**' || !text.includes('**')))
    expect(by(`/${parts.join('/')}`).file(names.join('/'), 1)).toBe(expected)
  },
)

it('no pattern takes long, whatever it is', () => {
  const pattern = `/${'*a'.repeat(120)}*b`
  expect(by(pattern).file('a'.repeat(4_000), 1)).toBe(false)
})
