// A process that the test of cutting anew kills: opens a library as version 2 does, says so, and works until all is cut anew.
// Told `held`, it embeds nothing, so that it cannot be done before it is killed, however fast the machine is.
import { writeSync } from 'node:fs'
import { openRecut } from './recut-fixture.ts'

const [folder = '', how = ''] = process.argv.slice(2)
const { signal } = new AbortController()
const keepAlive = setInterval(() => undefined, 60_000)
{
  await using under = await openRecut(folder, 2)
  under.holdEmbedding(how === 'held')
  writeSync(1, 'open\n')
  await under.recutter.idle({ signal })
  await under.importer.idle({ signal })
}
writeSync(1, 'done\n')
clearInterval(keepAlive)
