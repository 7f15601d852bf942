// A process that the crash tests kill: opens a library, says on stdout where it stands, and never goes further.
import { writeSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { batchOf, beginFile, embedAll, openTestStorage, readFileInto, vectorOf } from './storage-fixture.ts'

const [folder = '', moment = ''] = process.argv.slice(2)
const paragraphs = Array.from({ length: 40 }, (_, index) => `paragraph ${index} of the file. `)
const say = (line: string): void => void writeSync(1, `${line}\n`)
const blockForEver = (): never => {
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

const storage = await openTestStorage(folder)
switch (moment) {
  case 'open':
    say('open')
    break
  case 'in-transaction': {
    readFileInto(storage, { path: '/whole.txt', paragraphs })
    await embedAll(storage)
    const begun = beginFile(storage, { path: '/half.txt', paragraphs: ['a', ...paragraphs] })
    if (begun === null) throw new Error('expected to read')
    storage.documents.appendBatch(begun.documentKey, batchOf(begun.hash, ['a']))
    const batch = batchOf(begun.hash, paragraphs, { first: 1, start: 1 })
    // The store asks for the last chunk when all others are written.
    const chunks = new Proxy([...batch.chunks], {
      get(target, property, receiver) {
        if (property === String(target.length - 1)) {
          say('in transaction')
          blockForEver()
        }
        return Reflect.get(target, property, receiver)
      },
    })
    storage.documents.appendBatch(begun.documentKey, { slices: batch.slices, chunks })
    break
  }
  case 'adding':
  case 'unmarked': {
    readFileInto(storage, { path: '/whole.txt', paragraphs })
    const pending = storage.documents.pendingChunks(25)
    const rows = pending.map(({ chunkKey, documentKey, embeddingText }) => ({
      chunkKey,
      documentKey,
      vector: vectorOf(embeddingText),
    }))
    const adding = storage.chunkIndex.add('all-MiniLM-L6-v2', rows)
    if (moment === 'unmarked') await adding
    else await Promise.resolve()
    say(moment)
    break
  }
  case 'answering':
    storage.conversations.beginTurn({
      conversationId: '00000000-0000-4000-8000-000000000001' as never,
      question: 'What was asked?',
    })
    say('answering')
    break
  default:
    throw new Error(`unknown moment: ${moment}`)
}
await wait(600_000)
