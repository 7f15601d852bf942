import { embedderIds } from './embedder-models.ts'
import { createModels } from './models.ts'
import { openParentChannel } from './parent-channel.ts'
import { embedInputSchema } from './protocol.ts'
import { serveRequests } from './serve-requests.ts'
import { modelsFolderFromArguments } from './worker-arguments.ts'

/** The embedder process: one text in, one vector out, one thread. */
const models = createModels(modelsFolderFromArguments(process.argv))

serveRequests(openParentChannel(), {
  models: embedderIds,
  methods: {
    embed(input) {
      const { text, embedder } = embedInputSchema.parse(input)
      return models.embed(text, embedder)
    },
  },
})
