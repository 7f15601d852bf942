import { openTestStorage } from './storage-fixture.ts'

/** Indexes the first turns of an earlier library, says so, and waits to be killed with its library open. */
const [dataFolder = ''] = process.argv.slice(2)
const storage = await openTestStorage(dataFolder)
storage.conversations.tidy()
storage.conversations.tidy()
process.send?.('indexed')
setInterval(() => undefined, 60_000)
