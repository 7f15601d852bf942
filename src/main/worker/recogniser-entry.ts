import { resolveParserResources } from '../ingest/parse/parser-resources.ts'
import { createScans } from './open-scan.ts'
import { openParentChannel } from './parent-channel.ts'
import { recogniseInputSchema } from './protocol.ts'
import { recognisePage } from './recognise-page.ts'
import { serveRequests } from './serve-requests.ts'
import { openTesseract, type Tesseract } from './tesseract.ts'
import { createTokenizers } from './tokenizers.ts'
import { modelsFolderFromArguments } from './worker-arguments.ts'

/** The recogniser process: a page without text in, its text with the place of each word out. A page that ends it takes nothing else with it. */
const modelsFolder = modelsFolderFromArguments(process.argv)
const tokenizers = createTokenizers(modelsFolder)
const scans = createScans(resolveParserResources())
let opening: Promise<Tesseract> | null = null

process.on('unhandledRejection', (reason) => console.error(reason))

serveRequests(openParentChannel(), {
  models: [],
  methods: {
    async recognise(input, { signal }) {
      opening ??= openTesseract(modelsFolder)
      const tesseract = await opening
      return recognisePage(recogniseInputSchema.parse(input), {
        scans,
        tesseract,
        countTokens: tokenizers.count,
        signal,
      })
    },
  },
})
