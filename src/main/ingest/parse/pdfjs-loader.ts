export type Pdfjs = typeof import('pdfjs-dist/legacy/build/pdf.mjs')

let loading: Promise<Pdfjs> | undefined

/**
 * Loads pdf.js once. In an Electron utilityProcess `process.type` is "utility", and pdf.js then takes the process for a browser
 * and fails with "document is not defined": the property is hidden while pdf.js and its worker half decide where they run.
 * The worker half is loaded here too, so that pdf.js runs it in this process instead of looking for a worker of its own.
 */
export function loadPdfjs(): Promise<Pdfjs> {
  loading ??= importAsNode()
  return loading
}

function importAsNode(): Promise<Pdfjs> {
  return asNode(async () => {
    const pdfjs = await import('pdfjs-dist/legacy/build/pdf.mjs')
    await import('pdfjs-dist/legacy/build/pdf.worker.mjs')
    return pdfjs
  })
}

/** The worker half alone, for a thread of its own. */
export function loadPdfjsWorker(): Promise<typeof import('pdfjs-dist/legacy/build/pdf.worker.mjs')> {
  return asNode(() => import('pdfjs-dist/legacy/build/pdf.worker.mjs'))
}

async function asNode<Module>(load: () => Promise<Module>): Promise<Module> {
  const hidden = Object.getOwnPropertyDescriptor(process, 'type')
  if (hidden !== undefined) Object.defineProperty(process, 'type', { value: undefined, configurable: true })
  try {
    return await load()
  } finally {
    if (hidden?.configurable === true) Object.defineProperty(process, 'type', hidden)
  }
}
