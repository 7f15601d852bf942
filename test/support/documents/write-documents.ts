import { mkdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fixtureDocuments, writtenOnDemand } from './fixture-documents.ts'
import { sampleDocuments } from './sample-documents.ts'

// Run it with Electron's Node from the project root whenever a source changes: electron test/support/documents/write-documents.ts
for (const [folder, documents] of [
  ['test/fixtures/documents', fixtureDocuments()],
  ['resources/samples', sampleDocuments()],
] as const) {
  mkdirSync(resolve(folder), { recursive: true })
  for (const [name, bytes] of Object.entries(documents)) {
    if (!writtenOnDemand(name)) writeFileSync(resolve(folder, name), bytes)
  }
}
