import { settingsSchema, type Settings } from '../../shared/settings.ts'
import type { Log } from '../ports/log.ts'
import type { SettingsStore } from '../ports/settings-store.ts'
import type { Database } from './database.ts'

/** Settings, one row each, so that one damaged value never takes the others with it. */
export function createSettingsStore(database: Database, options: { readonly log: Log }): SettingsStore {
  const get = (): Settings => {
    const rows = database.all<{ name: string; value: string }>('SELECT name, value FROM setting')
    return settingsSchema.parse(
      Object.fromEntries(rows.map(({ name, value }) => [name, parseValue(name, value, options.log)])),
    )
  }
  return {
    get,
    set: (change) =>
      database.transaction('settings', () => {
        const settings = settingsSchema.parse({ ...get(), ...change })
        for (const [name, value] of Object.entries(settings)) {
          database.run(
            'INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
            [name, JSON.stringify(value)],
          )
        }
        return settings
      }),
  }
}

/** Undefined (so the default) for a value that cannot be read. */
function parseValue(name: string, value: string, log: Log): unknown {
  try {
    return JSON.parse(value) as unknown
  } catch (error) {
    log.warn(`the setting ${name} could not be read; its default is used`, error)
    return undefined
  }
}
