import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import { cp } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import type { Plugin } from 'vite'

const source = (path: string): string => resolve(import.meta.dirname, 'src', path)

/** pdf.js reads its character maps, fonts and decoders as files beside the page; the page may load nothing from elsewhere. */
function pdfjsData(): Plugin {
  const folder = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))
  let target = ''
  return {
    name: 'pdfjs-data',
    apply: 'build',
    configResolved(config) {
      target = resolve(config.root, config.build.outDir, 'pdfjs')
    },
    async closeBundle() {
      for (const part of ['cmaps', 'standard_fonts', 'wasm', 'iccs'])
        await cp(join(folder, part), join(target, part), { recursive: true })
    },
  }
}

export default defineConfig({
  main: {
    build: {
      sourcemap: true,
      rollupOptions: {
        input: {
          index: source('main/index.ts'),
          cli: source('cli/index.ts'),
          parser: source('main/worker/parser-entry.ts'),
          embedder: source('main/worker/embedder-entry.ts'),
          'pdf-thread-entry': source('main/worker/pdf-thread-entry.ts'),
          recogniser: source('main/worker/recogniser-entry.ts'),
          'keyword-search': source('main/storage/keyword-search-thread.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rollupOptions: {
        input: { index: source('preload/index.ts') },
        // A sandboxed preload must be CommonJS.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: source('renderer'),
    plugins: [react(), tailwindcss(), pdfjsData()],
    build: { rollupOptions: { input: source('renderer/index.html') } },
  },
})
