import { access, mkdir, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { chunkerVersion } from '../../src/main/ingest/chunk/chunk-settings.ts'
import { parserVersion } from '../../src/main/ingest/parse/parser-version.ts'
import type { JudgedSet } from './judged-set.ts'
import { projectFolder } from './open-carrel.ts'

/** Where a set of the evaluation data lies; null where it is absent. */
export async function findEvaluationSet(name: string): Promise<string | null> {
  const folder = resolve(projectFolder, '..', 'shared', 'eval', name)
  return access(folder).then(
    () => folder,
    () => null,
  )
}

/** A set as files, and the data folder of the library that is made of them. */
export interface JudgedLibrary {
  readonly documentsFolder: string
  readonly dataFolder: string
  /** A path of the library to the document's id in the set: files are named by number. */
  readonly names: (path: string) => readonly string[]
}

/** Writes a file a document, unless an earlier run did: a file that is there keeps its time, and so its place in the library. */
export async function writeJudgedLibrary(
  name: string,
  documents: JudgedSet['documents'],
  folder: string,
): Promise<JudgedLibrary> {
  const place = join(folder, `${name}-${documents.length}-${parserVersion}-${chunkerVersion}`)
  const documentsFolder = join(place, 'documents')
  await mkdir(documentsFolder, { recursive: true })
  for (const [index, { title, text }] of documents.entries()) {
    await writeFile(join(documentsFolder, `${index}.txt`), `${title}\n\n${text}`, { flag: 'wx' }).catch(unlessThere)
  }
  return {
    documentsFolder,
    dataFolder: join(place, 'library'),
    names(path) {
      const document = documents[Number(basename(path, '.txt'))]
      return document === undefined ? [] : [document.id]
    },
  }
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}
