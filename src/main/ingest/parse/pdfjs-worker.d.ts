// pdfjs-dist ships no types for its worker; importing it registers `globalThis.pdfjsWorker`.
declare module 'pdfjs-dist/legacy/build/pdf.worker.mjs'
