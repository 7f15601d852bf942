import { embedderIds } from '../../../src/main/worker/embedder-models.ts'
import { createModels } from '../../../src/main/worker/models.ts'
import { openParentChannel } from '../../../src/main/worker/parent-channel.ts'
import { embedInputSchema } from '../../../src/main/worker/protocol.ts'
import { serveRequests } from '../../../src/main/worker/serve-requests.ts'
import { modelsFolderFromArguments } from '../../../src/main/worker/worker-arguments.ts'
import { embedderWords, obeyLethalWords } from './lethal-words.ts'

/** The embedder process as it is, but for the words that end it. */
const models = createModels(modelsFolderFromArguments(process.argv))

serveRequests(openParentChannel(), {
  models: embedderIds,
  methods: {
    embed(input) {
      const { text, embedder } = embedInputSchema.parse(input)
      obeyLethalWords(text, embedderWords)
      return models.embed(text, embedder)
    },
  },
})
