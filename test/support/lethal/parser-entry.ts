import { resolveParserResources } from '../../../src/main/ingest/parse/parser-resources.ts'
import { embedderIds } from '../../../src/main/worker/embedder-models.ts'
import { openParentChannel } from '../../../src/main/worker/parent-channel.ts'
import { parseFile } from '../../../src/main/worker/parse-file.ts'
import { parseInputSchema } from '../../../src/main/worker/protocol.ts'
import { serveRequests } from '../../../src/main/worker/serve-requests.ts'
import { createTokenizers } from '../../../src/main/worker/tokenizers.ts'
import { modelsFolderFromArguments } from '../../../src/main/worker/worker-arguments.ts'
import { obeyLethalWords, parserWords } from './lethal-words.ts'

/** The parser process as it is, but for the words that end it. */
const tokenizers = createTokenizers(modelsFolderFromArguments(process.argv))
const resources = resolveParserResources()

serveRequests(openParentChannel(), {
  models: embedderIds,
  methods: {
    parse: (input, context) =>
      parseFile(parseInputSchema.parse(input), {
        ...context,
        resources,
        countTokens(text, embedder) {
          obeyLethalWords(text, parserWords)
          return tokenizers.count(text, embedder)
        },
      }),
  },
})
