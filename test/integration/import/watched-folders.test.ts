import { chmod, mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { WatchedFolders } from '../../../src/main/ingest/watch/watched-folders.ts'
import type { WatchedFolder } from '../../../src/shared/watched-folder.ts'
import { AppError } from '../../../src/shared/errors.ts'
import { defaultIgnoreRules } from '../../../src/shared/watched-folder.ts'
import { temporaryFolder } from '../storage/storage-fixture.ts'
import { neverAborted } from '../worker/workers.ts'
import { followIn, longText, openImport, type ImportUnderTest } from './import-fixture.ts'

const patiently = { timeout: 25_000, interval: 50 }

let stack: AsyncDisposableStack
let home = ''
let root = ''
let under: ImportUnderTest
let watched: WatchedFolders

beforeEach(async () => {
  stack = new AsyncDisposableStack()
  home = stack.use(await temporaryFolder()).path
  root = join(home, 'folder')
  await mkdir(root)
  await open()
})
afterEach(() => stack.disposeAsync())

async function open(): Promise<void> {
  under = stack.use(await openImport(home))
  watched = stack.use(followIn(under, home))
}

/** As when the app is closed and opened again later. */
async function restart(meanwhile: () => Promise<void>): Promise<void> {
  await watched[Symbol.asyncDispose]()
  await under[Symbol.asyncDispose]()
  await meanwhile()
  await open()
  watched.start()
}

const at = (...parts: readonly string[]): string => join(root, ...parts)
const only = (): WatchedFolder => {
  const [folder] = watched.list()
  if (folder === undefined) throw new Error('no folder is followed')
  return folder
}
const library = () =>
  under.storage.documents
    .list({ offset: 0, limit: 100, filter: '' })
    .documents.map(({ state, paths }) => ({ state, paths: paths.map((path) => path.slice(root.length + 1)) }))
const names = (): readonly string[] =>
  library()
    .filter(({ state }) => state === 'ready')
    .flatMap(({ paths }) => paths)
    .toSorted()
const untilHolds = (...expected: readonly string[]): Promise<void> =>
  vi.waitFor(() => {
    expect(names()).toEqual(expected.toSorted())
    expect(only().state).toBe('in-step')
  }, patiently)

async function put(name: string, text = `The text of ${name}.`): Promise<void> {
  await mkdir(join(at(name), '..'), { recursive: true })
  await writeFile(at(name), text)
}

describe('while the app is open', () => {
  test('new, changed, renamed and removed files are followed, and renaming embeds nothing', async () => {
    await put('a.md', longText(['Herons nest', 'Barges load']))
    watched.start()
    await watched.add(root)
    await untilHolds('a.md')
    expect(only()).toMatchObject({ fileCount: 1, waitingCount: 0, inStepAt: expect.any(Number) })

    await put('sub/b.txt')
    await untilHolds('a.md', 'sub/b.txt')
    await put('sub/b.txt', 'Quite another text about sluices.')
    await vi.waitFor(async () => expect(await under.finds('sluices')).toBe(true), patiently)
    expect(await under.finds('text')).toBe(true)
    await untilHolds('a.md', 'sub/b.txt')

    const embedded = under.embedded.length
    await rename(at('a.md'), at('renamed.md'))
    await untilHolds('renamed.md', 'sub/b.txt')
    await rename(at('renamed.md'), at('Renamed.md'))
    await untilHolds('Renamed.md', 'sub/b.txt')
    await rename(at('sub'), at('elsewhere'))
    await untilHolds('Renamed.md', 'elsewhere/b.txt')
    expect(under.embedded).toHaveLength(embedded)

    await rm(at('elsewhere'), { recursive: true })
    await untilHolds('Renamed.md')
    expect(await under.finds('sluices')).toBe(false)
    expect(only().fileCount).toBe(1)
  })

  test('a file moved over another one, and one saved by removing and writing anew, stay what they are', async () => {
    await put('kept.md', longText(['Herons nest']))
    await put('over.md', longText(['Barges load']))
    watched.start()
    await watched.add(root)
    await untilHolds('kept.md', 'over.md')
    const embedded = under.embedded.length

    await rename(at('kept.md'), at('over.md'))
    await untilHolds('over.md')
    expect([await under.finds('herons'), await under.finds('barges')]).toEqual([true, false])
    await rm(at('over.md'))
    await put('over.md', longText(['Herons nest']))
    await untilHolds('over.md')
    // Moved elsewhere by copying and removing: another number, the same bytes.
    await put('copied.md', longText(['Herons nest']))
    await rm(at('over.md'))
    await untilHolds('copied.md')
    expect(under.embedded).toHaveLength(embedded)
  })

  test('thousands of files at once, then as many changed and removed', async () => {
    watched.start()
    await watched.add(root)
    const count = 2_500
    const write = async (text: string): Promise<void> => {
      for (let index = 0; index < count; index += 1)
        await writeFile(at(`${String(index).padStart(4, '0')}.txt`), `${text} ${index % 5}`)
    }
    await write('The first branch')
    // The same five texts: five documents, whatever the number of files.
    await vi.waitFor(() => expect(only()).toMatchObject({ fileCount: count, state: 'in-step' }), { timeout: 120_000 })
    expect(library()).toHaveLength(5)
    await write('Another branch now')
    await vi.waitFor(
      async () => {
        expect(await under.finds('another')).toBe(true)
        expect(await under.finds('first')).toBe(false)
        expect(only()).toMatchObject({ fileCount: count, state: 'in-step' })
      },
      { timeout: 120_000 },
    )
    for (let index = 5; index < count; index += 1) await rm(at(`${String(index).padStart(4, '0')}.txt`))
    await vi.waitFor(() => expect(only()).toMatchObject({ fileCount: 5, state: 'in-step' }), { timeout: 120_000 })
    expect((await under.storage.verify()).problems).toEqual([])
  }, 300_000)
})

describe('what changed while the app was closed', () => {
  test('is found at start, and nothing unchanged is read again', async () => {
    for (const name of ['same.md', 'changed.md', 'renamed.md', 'removed.md']) await put(name, longText([name]))
    watched.start()
    await watched.add(root)
    await untilHolds('same.md', 'changed.md', 'renamed.md', 'removed.md')
    const { inStepAt } = only()

    await restart(async () => {
      await put('changed.md', longText(['changed.md', 'Sluices']))
      await rename(at('renamed.md'), at('other.md'))
      await rm(at('removed.md'))
      await put('new.md', longText(['Brand new']))
    })
    await untilHolds('same.md', 'changed.md', 'other.md', 'new.md')
    expect(under.embedded.every((text) => /Sluices|Brand new/.test(text))).toBe(true)
    expect(under.embedded.length).toBeGreaterThan(0)
    expect(only().inStepAt).toBeGreaterThan(inStepAt ?? 0)
  })

  test('a folder that is gone, or empty like the place of an unplugged drive, keeps its documents and comes back', async () => {
    await put('a.md', 'Herons nest in the reeds.')
    watched.start()
    await watched.add(root)
    await untilHolds('a.md')
    const away = join(home, 'unplugged')

    await restart(() => rename(root, away))
    await vi.waitFor(() => expect(only().state).toBe('gone'), patiently)
    expect(await under.finds('herons')).toBe(true)
    await restart(async () => {
      await mkdir(root)
    })
    await vi.waitFor(() => expect(only().state).toBe('gone'), patiently)
    expect(await under.finds('herons')).toBe(true)

    await rm(root, { recursive: true })
    await rename(away, root)
    await put('b.md', 'Barges load grain.')
    await untilHolds('a.md', 'b.md')
    expect(under.embedded.some((text) => text.includes('Herons'))).toBe(false)

    // Unplugged while the app is open.
    await rename(root, away)
    await vi.waitFor(() => expect(only().state).toBe('gone'), patiently)
    expect(names()).toHaveLength(2)
  })
})

describe('what is left out', () => {
  test('hidden files, node_modules, large ones, patterns, links; and what the rules say later', async () => {
    await put('a.md')
    await put('.hidden.md')
    await put('node_modules/package/readme.md')
    await put('drafts/one.md')
    await put('large.txt', 'word '.repeat(300_000))
    await symlink(root, at('loop'))
    await symlink(at('a.md'), at('link.md'))
    watched.start()
    const { id } = await watched.add(root)
    await untilHolds('a.md', 'drafts/one.md', 'large.txt')

    await watched.setRules(id, {
      ...defaultIgnoreRules,
      patterns: ['drafts/'],
      largestMegabytes: 1,
      skipsHidden: false,
    })
    await untilHolds('.hidden.md', 'a.md', 'node_modules/package/readme.md')
  })

  test('a document removed by hand stays out until it is asked for', async () => {
    await put('a.md')
    await put('b.md')
    watched.start()
    const { id } = await watched.add(root)
    await untilHolds('a.md', 'b.md')
    under.storage.documents.remove(under.storage.documents.resolve(at('b.md')))
    await watched.rescan(id)
    await untilHolds('a.md')
    expect(only().leftOutCount).toBe(1)
    watched.bringBack(id)
    await untilHolds('a.md', 'b.md')
    expect(only().leftOutCount).toBe(0)
  })

  test('what may not be read is named, and what is known of it is kept', async ({ skip }) => {
    if (process.getuid?.() === 0) skip('root may read everything')
    await put('a.md')
    await put('closed/b.md')
    watched.start()
    const { id } = await watched.add(root)
    await untilHolds('a.md', 'closed/b.md')
    await chmod(at('closed'), 0)
    try {
      await watched.rescan(id)
      expect(only().problem).toMatchObject({
        code: 'watched-folder',
        details: { reason: 'parts-unreadable', count: 1 },
      })
      expect(names()).toEqual(['a.md', 'closed/b.md'])
    } finally {
      await chmod(at('closed'), 0o755)
    }
  })
})

describe('trouble', () => {
  test('names of every kind, a file in place of a folder and back, a file that cannot be read under another name', async () => {
    const strange = ['line\nbreak.md', '😀.md', '\u202Etxt.md', `${'长'.repeat(80)}.md`, "quo'te %s.md"]
    for (const name of strange) await put(name)
    await put('thing.md', 'First a file.')
    await put('program', '\u007FELF and so on')
    watched.start()
    await watched.add(root)
    await untilHolds(...strange, 'thing.md')
    for (const name of [...strange, 'program']) await rename(at(name), at(`2 ${name}`))
    await rm(at('thing.md'))
    await put('thing.md/inside.md', 'Now a folder.')
    const renamed = strange.map((name) => `2 ${name}`)
    await untilHolds(...renamed, 'thing.md/inside.md')
    await rm(at('thing.md'), { recursive: true })
    await put('thing.md', 'A file again.')
    await untilHolds(...renamed, 'thing.md')
    expect(
      library()
        .filter(({ state }) => state === 'needs-attention')
        .map(({ paths }) => paths),
    ).toEqual([['2 program']])
  })

  test('a system that gives no events is said, and lost events cost nothing', async () => {
    const tellLost: ((cause: unknown) => void)[] = []
    let canWatch = false
    await watched[Symbol.asyncDispose]()
    watched = stack.use(
      followIn(under, home, {
        watch: (_folder, { onLost }) => {
          if (!canWatch) return Promise.reject(new Error('inotify limit reached'))
          tellLost.push(onLost)
          return Promise.resolve(() => Promise.resolve())
        },
      }),
    )
    await put('a.md')
    watched.start()
    const { id } = await watched.add(root)
    await untilHolds('a.md')
    expect(only().problem).toMatchObject({ code: 'watched-folder', details: { reason: 'no-events' } })
    canWatch = true
    await watched.rescan(id)
    expect(only().problem).toBeNull()
    // Nothing tells of this file.
    await put('b.md')
    await vi.waitFor(() => expect(tellLost).toHaveLength(1), patiently)
    tellLost[0]?.(new Error('overflow'))
    await untilHolds('a.md', 'b.md')
  })

  test('a look that fails says so and is in step with nothing; the next one heals it', async () => {
    watched.start()
    const { id } = await watched.add(root)
    await vi.waitFor(() => expect(only().state).toBe('in-step'), patiently)
    await put('a.md')
    const { inStepAt } = only()
    const queueFile = vi.spyOn(under.storage.documents, 'queueFile').mockImplementation(() => {
      throw new AppError('storage-full', 'The disk is full.')
    })
    await expect(watched.rescan(id)).rejects.toMatchObject({ code: 'storage-full' })
    expect(only()).toMatchObject({ state: 'looking', problem: { code: 'storage-full' }, inStepAt })
    queueFile.mockRestore()
    await watched.rescan(id)
    await untilHolds('a.md')
    expect(only().problem).toBeNull()
  })
})

describe('managing folders', () => {
  test('paused: nothing is noticed; resumed: all of it', async () => {
    await put('a.md')
    watched.start()
    const { id } = await watched.add(root)
    await untilHolds('a.md')
    await watched.pause(id, true)
    expect(only().state).toBe('paused')
    await put('b.md')
    // A look is needed to see it, so that nothing is waited for in vain.
    await watched.rescan(id)
    await under.importer.idle({ signal: neverAborted })
    expect(names()).toEqual(['a.md', 'b.md'])
    expect(only().state).toBe('paused')
    await put('c.md')
    await watched.pause(id, false)
    await untilHolds('a.md', 'b.md', 'c.md')
  })

  test('stopping keeps the documents, or removes those of the folder alone; the files stay', async () => {
    await put('a.md')
    await put('both.md', 'The same words twice.')
    const other = join(home, 'other.md')
    await writeFile(other, 'The same words twice.')
    await under.add(other)
    const first = await watched.add(root)
    await watched.rescan(first.id)
    await under.importer.idle({ signal: neverAborted })
    await watched.remove(first.id, { keepsDocuments: true })
    expect(watched.list()).toEqual([])
    expect(names()).toHaveLength(3)

    const again = await watched.add(root)
    await watched.rescan(again.id)
    expect(only().fileCount).toBe(2)
    await watched.remove(again.id, { keepsDocuments: false })
    expect(
      under.storage.documents.list({ offset: 0, limit: 9, filter: '' }).documents.map(({ paths }) => paths),
    ).toEqual([[other]])
    await put('a.md')
  })

  test('no folder, one that overlaps, and the library itself are refused with a sentence', async () => {
    const reason = (path: string) =>
      watched.add(path).then(
        () => null,
        (error: { details?: { reason?: string } }) => error.details?.reason,
      )
    await put('sub/a.md')
    const { id } = await watched.add(root)
    expect((await watched.add(`${root}/`)).id).toBe(id)
    expect(await reason(at('missing'))).toBe('not-a-folder')
    expect(await reason(at('sub', 'a.md'))).toBe('not-a-folder')
    expect(await reason(at('sub'))).toBe('overlaps')
    expect(await reason(home)).toBe('overlaps')
    expect(await reason(join(home, 'data'))).toBe('data-folder')
  })

  test('a file is read once nothing writes to it any more, and a touched one not at all', async () => {
    watched.start()
    await watched.add(root)
    for (let part = 1; part <= 12; part += 1) {
      await put('growing.txt', 'A line that grows. '.repeat(part * 20))
      await under.storage.keywordIndex.search('line', { limit: 1, signal: neverAborted })
    }
    await untilHolds('growing.txt')
    expect(under.embedded.join(' ').match(/A line that grows/g)).toHaveLength(240)
    const embedded = under.embedded.length
    await utimes(at('growing.txt'), new Date(), new Date(Date.now() - 60_000))
    await put('b.md')
    await untilHolds('b.md', 'growing.txt')
    expect(under.embedded).toHaveLength(embedded + 1)
  })
})
