import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../src/main/storage/database.ts'
import { createTokenRatioStore } from '../../../src/main/storage/token-ratio-store.ts'
import { collectingLog, openTestStorage, temporaryFolder } from './storage-fixture.ts'

test('how a model counts is kept, by model, and a damaged record is forgotten', async () => {
  await using folder = await temporaryFolder()
  {
    await using storage = await openTestStorage(folder.path)
    expect(storage.tokenRatios.read('a:1b')).toBeNull()
    storage.tokenRatios.write('a:1b', { narrow: 0.8, wide: 0.3 })
    storage.tokenRatios.write('b:1b', { narrow: 1.2, wide: 2 })
    storage.settings.set({ theme: 'dark' })
  }
  {
    await using storage = await openTestStorage(folder.path)
    expect(storage.tokenRatios.read('a:1b')).toEqual({ narrow: 0.8, wide: 0.3 })
    expect(storage.tokenRatios.read('b:1b')).toEqual({ narrow: 1.2, wide: 2 })
    expect(storage.settings.get().theme).toBe('dark')
  }
  using database = openDatabase(join(folder.path, 'carrel.sqlite'), { isReadOnly: false, log: collectingLog() })
  for (const value of ['{broken', '{"a:1b":{"narrow":-1,"wide":2}}', '[]']) {
    database.run("UPDATE setting SET value = ? WHERE name = 'token-ratios'", [value])
    const store = createTokenRatioStore(database)
    expect(store.read('a:1b')).toBeNull()
    store.write('c:1b', { narrow: 1, wide: 1 })
    expect(store.read('c:1b')).toEqual({ narrow: 1, wide: 1 })
  }
})
