import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import {
  compareFiles,
  type Difference,
  looksUnplugged,
  pairMoves,
} from '../../../../../src/main/ingest/watch/folder-diff.ts'
import type { FoundFile, KnownFile } from '../../../../../src/main/ports/files.ts'
import { watchedFolderIdSchema } from '../../../../../src/shared/watched-folder.ts'

const folderId = watchedFolderIdSchema.parse(1)
const options = { folderId, leftOut: new Set<string>() }
const found = (path: string, change: Partial<FoundFile> = {}): FoundFile => ({
  path,
  sizeBytes: 10,
  modifiedAt: 1,
  fileNumber: path.charCodeAt(0),
  ...change,
})
const known = (file: FoundFile, change: Partial<KnownFile> = {}): KnownFile => ({ ...file, folderId, ...change })

describe('a folder against the library', () => {
  it('sees what is new, changed, missing, or not noted as its own', () => {
    const difference = compareFiles(
      [
        found('same'),
        found('changed', { sizeBytes: 11 }),
        found('touched', { modifiedAt: 2 }),
        found('new'),
        found('dropped'),
        found('out'),
      ],
      [
        known(found('same')),
        known(found('changed')),
        known(found('touched')),
        known(found('dropped'), { folderId: null }),
      ],
      { folderId, leftOut: new Set(['out']) },
    )
    expect(difference.added.map(({ path }) => path)).toEqual(['new'])
    expect(difference.changed.map(({ path }) => path)).toEqual(['changed', 'touched'])
    expect(difference.toFollow.map(({ path }) => path)).toEqual(['dropped'])
  })

  it('takes a renamed file for the same, also by case alone or over another; never one of another size or time', () => {
    const moves = (before: FoundFile, after: FoundFile, over: readonly FoundFile[] = []) =>
      pairMoves(
        compareFiles(
          [after],
          over.map((file) => known(file)),
          options,
        ),
        [known(before)],
      )
    expect(moves(found('Notes.md'), found('notes.md', { fileNumber: 78 }))).toMatchObject({
      moved: [{ from: { path: 'Notes.md' }, to: { path: 'notes.md' } }],
      toRead: [],
      vanished: [],
    })
    expect(moves(found('a'), found('b', { fileNumber: 97 }), [found('b')])).toMatchObject({ moved: [{}], toRead: [] })
    expect(moves(found('a'), found('b', { fileNumber: 97, modifiedAt: 2 }))).toMatchObject({
      moved: [],
      toRead: [{ path: 'b' }],
      vanished: [{ path: 'a' }],
    })
    expect(pairMoves(compareFiles([found('b')], [], options), [known(found('a'), { fileNumber: null })]).moved).toEqual(
      [],
    )
  })

  it('two links to one file are two files', () => {
    const difference = compareFiles([found('b', { fileNumber: 97 }), found('c', { fileNumber: 97 })], [], options)
    const { moved, toRead } = pairMoves(difference, [known(found('a'))])
    expect([moved.length, toRead.map(({ path }) => path)]).toEqual([1, ['c']])
  })

  it('an empty or another folder is never a reason to remove everything; one that was changed is', () => {
    const folder = { followedCount: 3, presentCount: 0, isEmpty: true, isSameFolder: true }
    expect(looksUnplugged(folder)).toBe(true)
    expect(looksUnplugged({ ...folder, isEmpty: false, isSameFolder: false })).toBe(true)
    expect(looksUnplugged({ ...folder, isEmpty: false })).toBe(false)
    expect(looksUnplugged({ ...folder, presentCount: 1, isSameFolder: false })).toBe(false)
    expect(looksUnplugged({ ...folder, followedCount: 0 })).toBe(false)
  })
})

const fileOf = fc.record({
  path: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  sizeBytes: fc.constantFrom(1, 2),
  modifiedAt: fc.constantFrom(1, 2),
  fileNumber: fc.constantFrom(1, 2, 3, 4),
})
const filesOf = fc.uniqueArray(fileOf, { selector: ({ path }) => path })

test.prop([filesOf, filesOf, fc.integer({ min: 1, max: 3 })])(
  'doing what the difference says makes the library equal to the folder, whatever the slices',
  (before, after, sliceLength) => {
    const library = new Map<string, KnownFile>(before.map((file) => [file.path, known(file)]))
    const sum: { -readonly [K in keyof Difference]: FoundFile[] } = { added: [], changed: [], toFollow: [] }
    for (let start = 0; start < after.length; start += sliceLength) {
      const slice = after.slice(start, start + sliceLength)
      const part = compareFiles(
        slice,
        slice.flatMap(({ path }) => library.get(path) ?? []),
        options,
      )
      for (const kind of ['added', 'changed', 'toFollow'] as const) sum[kind].push(...part[kind])
    }
    const there = new Set<string>(after.map(({ path }) => path))
    const diff = pairMoves(
      sum,
      [...library.values()].filter(({ path }) => !there.has(path)),
    )

    for (const { from, to } of diff.moved) {
      expect([from.sizeBytes, from.modifiedAt, from.fileNumber]).toEqual([to.sizeBytes, to.modifiedAt, to.fileNumber])
      expect(library.delete(from.path)).toBe(true)
      library.set(to.path, known(to))
    }
    for (const { path } of diff.vanished) expect(library.delete(path)).toBe(true)
    for (const file of [...diff.toRead, ...diff.toFollow]) library.set(file.path, known(file))

    expect([...library.values()].toSorted((left, right) => (left.path < right.path ? -1 : 1))).toEqual(
      after.map((file) => known(file)).toSorted((left, right) => (left.path < right.path ? -1 : 1)),
    )
    const named = [...diff.moved.map(({ to }) => to), ...diff.toRead, ...diff.toFollow].map(({ path }) => path)
    expect(new Set(named).size).toBe(named.length)
  },
)
