// pdfjs-dist ships no types for its worker; importing it registers `globalThis.pdfjsWorker`.
declare module 'pdfjs-dist/legacy/build/pdf.worker.mjs' {
  export const WorkerMessageHandler: { initializeFromPort(port: import('node:worker_threads').MessagePort): void }
}
