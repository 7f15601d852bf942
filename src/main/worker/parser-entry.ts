import { extname, join } from 'node:path'
import { cutAnew } from '../ingest/chunk/cut-anew.ts'
import { opensWith } from '../ingest/parse/check-password.ts'
import { resolveParserResources } from '../ingest/parse/parser-resources.ts'
import { embedderIds } from './embedder-models.ts'
import { openParentChannel } from './parent-channel.ts'
import { parseFile } from './parse-file.ts'
import { cutInputSchema, parseInputSchema, unlockInputSchema } from './protocol.ts'
import { readDocumentBytes } from './read-document-bytes.ts'
import { serveRequests } from './serve-requests.ts'
import { createTokenizers } from './tokenizers.ts'
import { modelsFolderFromArguments } from './worker-arguments.ts'

/** The parser process: a file in, slices of its text with their chunks out. A file that ends it takes nothing else with it. */
const tokenizers = createTokenizers(modelsFolderFromArguments(process.argv))
// Beside this file in the built program, and among the sources, which tests run.
const pdfThreadFile = join(import.meta.dirname, `pdf-thread-entry${extname(import.meta.filename)}`)
const resources = { ...resolveParserResources(), pdfThreadFile }

// A library that fails in the background of one file must not end the reading of the next one.
process.on('unhandledRejection', (reason) => console.error(reason))

serveRequests(openParentChannel(), {
  models: embedderIds,
  methods: {
    parse: (input, { signal, sendBatch, begin }) =>
      parseFile(parseInputSchema.parse(input), { resources, countTokens: tokenizers.count, sendBatch, begin, signal }),
    async cut(input) {
      const { documentId, slices, state } = cutInputSchema.parse(input)
      return cutAnew(slices, state, { documentId, countTokens: tokenizers.count })
    },
    async unlock(input, { signal }) {
      const { path, password } = unlockInputSchema.parse(input)
      const { bytes } = await readDocumentBytes(path, { signal })
      return { opens: await opensWith(bytes, { password, resources }) }
    },
  },
})
