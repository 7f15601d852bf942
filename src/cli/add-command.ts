import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { DocumentSummary } from '../shared/document.ts'
import type { Carrel } from '../main/compose.ts'
import { pausedRemark } from './import-commands.ts'
import { type CommandOptions, type ExitCode, exitCodes } from './command-options.ts'

const listPage = 500

/**
 * Adds files and folders, also to collections (made where there are none), and waits until everything is ready; names each
 * that failed. The passwords are tried on those that ask for one.
 */
export async function addFiles(
  carrel: Carrel,
  {
    paths,
    passwords,
    collections,
  }: {
    readonly paths: readonly string[]
    readonly passwords: readonly string[]
    readonly collections: readonly string[]
  },
  { output, isJson, signal }: CommandOptions,
): Promise<ExitCode> {
  let last = ''
  const stopPushes = carrel.onPush((push) => {
    if (push.type !== 'library') return
    const { byState, documents, chunks, embeddedChunks } = push.totals
    const text = `${documents} documents, ${byState.ready} ready, ${byState.queued + byState.reading} to read, ${embeddedChunks} of ${chunks} chunks embedded`
    if (text !== last) output.progress(text)
    last = text
  })
  try {
    for (const password of passwords.toReversed()) carrel.passwords.offer(password)
    const ids = collections.map((name) => (carrel.collections.find(name) ?? carrel.collections.create(name)).id)
    const onFile = (path: string): void => {
      for (const id of ids) carrel.collections.addPath(id, path)
    }
    const queued = await carrel.importer.add(paths, { signal, onFile })
    if (passwords.length > 0) await tryLockedAgain(carrel, paths)
    await carrel.importer.idle({ signal })
    if (carrel.importer.isPaused) output.remark(pausedRemark)
    const added = await documentsUnder(carrel, paths)
    const failed = added.filter(
      ({ state, problem }) => state === 'needs-attention' || (state === 'searchable' && problem !== null),
    )
    const ready = added.filter(({ state }) => state === 'ready')
    if (isJson) for (const document of added) await output.json(document)
    else await output.line(`${ready.length} ready, ${failed.length} failed, ${queued} newly queued`)
    for (const { name, paths: places, problem } of failed)
      output.remark(`failed: ${places[0] ?? name}: ${problem?.message ?? 'no reason was recorded'}`)
    return failed.length > 0 ? exitCodes.someFilesFailed : exitCodes.done
  } finally {
    stopPushes()
  }
}

/** A file that was added before, without its password, has not changed: it would not be read again by itself. */
async function tryLockedAgain(carrel: Carrel, paths: readonly string[]): Promise<void> {
  for (const { id, problem } of await documentsUnder(carrel, paths))
    if (problem?.code === 'encrypted-file') carrel.documents.retry(id)
  carrel.importer.wake()
}

async function documentsUnder(carrel: Carrel, given: readonly string[]): Promise<readonly DocumentSummary[]> {
  const roots = await Promise.all(given.map((path) => realpath(path).catch(() => resolve(path))))
  const isUnder = (path: string): boolean =>
    roots.some(
      (root) =>
        path === root || path.startsWith(root.endsWith('/') ? root : `${root}/`) || path.startsWith(`${root}\\`),
    )
  const found: DocumentSummary[] = []
  for (let offset = 0; ; offset += listPage) {
    const { documents, total } = carrel.documents.list({ offset, limit: listPage, filter: '' })
    found.push(...documents.filter(({ paths }) => paths.some(isUnder)))
    if (offset + listPage >= total) return found
  }
}
