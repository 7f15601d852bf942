import { basename, dirname, join } from 'node:path'

/**
 * Where the models and the samples are. `appFolder` holds `out/`: in a package it is the archive `app.asar`, and they
 * stand beside it as real files; else it is the project, with its `resources/`.
 */
export function resourcesFolderOf(appFolder: string): string {
  return basename(appFolder) === 'app.asar' ? dirname(appFolder) : join(appFolder, 'resources')
}
