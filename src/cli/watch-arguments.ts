import { UsageError } from './usage-error.ts'

/** What `carrel watch` is asked to do. */
export type WatchCommand =
  | { readonly name: 'watch-list' }
  | { readonly name: 'watch-add'; readonly folder: string; readonly ignored: readonly string[] }
  | { readonly name: 'watch-rescan'; readonly folder: string | null }
  | { readonly name: 'watch-remove'; readonly folder: string; readonly keepsDocuments: boolean }

/** What follows `watch`. @throws UsageError */
export function watchCommand(
  [what = 'list', ...more]: readonly string[],
  values: { readonly ignore?: string[] | undefined; readonly 'remove-documents': boolean },
): WatchCommand {
  if (what !== 'add' && values.ignore !== undefined) throw new UsageError('--ignore belongs to watch add.')
  if (what !== 'remove' && values['remove-documents'])
    throw new UsageError('--remove-documents belongs to watch remove.')
  const [folder] = more
  if (more.length > 1) throw new UsageError(`watch ${what} takes one folder.`)
  switch (what) {
    case 'list':
      if (folder !== undefined) throw new UsageError('watch list takes no further words.')
      return { name: 'watch-list' }
    case 'rescan':
      return { name: 'watch-rescan', folder: folder ?? null }
    case 'add':
    case 'remove': {
      if (folder === undefined) throw new UsageError(`watch ${what} needs a folder.`)
      if (what === 'remove') return { name: 'watch-remove', folder, keepsDocuments: !values['remove-documents'] }
      const ignored = (values.ignore ?? []).map((pattern) => pattern.trim())
      if (ignored.some((pattern) => pattern === '' || pattern.length > 300))
        throw new UsageError('--ignore takes a pattern such as drafts/ or *.log.')
      return { name: 'watch-add', folder, ignored }
    }
    default:
      throw new UsageError(`watch does not know ${what}: add, list, rescan or remove.`)
  }
}
