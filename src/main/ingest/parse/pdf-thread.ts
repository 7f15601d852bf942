import { MessageChannel, Worker } from 'node:worker_threads'
import type { PDFWorker } from 'pdfjs-dist/types/src/display/api.js'
import type { Pdfjs } from './pdfjs-loader.ts'

let running: PDFWorker | undefined

/**
 * The half of pdf.js that reads bytes, in a thread of its own: it reads the next page while this thread makes text and passages of
 * the one before, which takes about as long. Started once a process; when it ends, for want of memory say, the process ends with it,
 * so that main finds the page to blame as it does for every other end.
 * @param file the built thread, absolute
 */
export function pdfThread(pdfjs: Pdfjs, file: string): PDFWorker {
  running ??= start(pdfjs, file)
  return running
}

function start(pdfjs: Pdfjs, file: string): PDFWorker {
  const { port1, port2 } = new MessageChannel()
  const thread = new Worker(file, { workerData: port2, transferList: [port2] })
  thread.on('error', (error) => console.error(error))
  thread.on('exit', () => process.exit(1))
  // pdf.js names the browser's own type, of which it uses what a port of Node has as well.
  const port: unknown = port1
  return new pdfjs.PDFWorker({ port: port as null })
}
