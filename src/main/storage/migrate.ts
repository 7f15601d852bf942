import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../ports/log.ts'
import type { Database } from './database.ts'
import type { Migration } from './migrations/index.ts'
import { readSchemaVersion } from './schema-version.ts'
import { storageNewer } from './sqlite-errors.ts'

/**
 * Brings the database to the last of `migrations`, each in a transaction of its own with its version number. An existing
 * library is copied to `backupFolder` first, one copy for each version it ever left.
 * @throws AppError `storage-newer` when it is ahead of us, `storage-full` when the copy or the change does not fit.
 */
export async function migrate(
  database: Database,
  options: { readonly migrations: readonly Migration[]; readonly backupFolder: string; readonly log: Log },
): Promise<void> {
  const found = readSchemaVersion(database)
  const known = options.migrations.at(-1)?.version ?? 0
  if (found > known) throw storageNewer(found, known)
  const due = options.migrations.filter(({ version }) => version > found)
  if (due.length === 0) return
  if (found > 0) await backUp(database, found, options)
  for (const migration of due) {
    database.transaction(`migration ${migration.version}`, () => {
      migration.apply(database)
      database.script(`PRAGMA user_version = ${migration.version}`)
    })
    options.log.info(`library database: migrated to version ${migration.version} (${migration.name})`)
  }
}

async function backUp(
  database: Database,
  version: number,
  options: { readonly backupFolder: string; readonly log: Log },
): Promise<void> {
  await mkdir(options.backupFolder, { recursive: true })
  const path = join(options.backupFolder, `carrel-version-${version}.sqlite`)
  const unfinished = `${path}.unfinished`
  try {
    await rm(unfinished, { force: true })
    await database.copyTo(unfinished)
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
  options.log.info(`library database: version ${version} was copied to the folder backups before it is changed`)
}
