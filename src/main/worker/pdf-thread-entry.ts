import { MessagePort, workerData } from 'node:worker_threads'
import { loadPdfjsWorker } from '../ingest/parse/pdfjs-loader.ts'

// The thread of pdf-thread.ts: pdf.js' own handler on the port that came with it.
// What fails in the background of one file must not end the reading of the next one.
process.on('unhandledRejection', (reason) => console.error(reason))
const { WorkerMessageHandler } = await loadPdfjsWorker()
const port: unknown = workerData
if (!(port instanceof MessagePort)) throw new Error('This file is a thread of Carrel; it is started by Carrel.')
WorkerMessageHandler.initializeFromPort(port)
