import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { access, lstat, mkdir, open, readdir, realpath, rm } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import type { EmbedderProposal } from '../../shared/embedder.ts'
import { AppError } from '../../shared/errors.ts'
import { proposeEmbedder } from './propose-embedder.ts'

/** Where the model stands in a copied folder, whatever its quantisation: Transformers.js looks for it by this name. */
export const modelFile = 'onnx/model_quantized.onnx'
const copiedJson = ['config.json', 'tokenizer.json', 'tokenizer_config.json'] as const

/** Best first: smaller and faster before exact. */
const modelCandidates = [
  'onnx/model_quantized.onnx',
  'onnx/model_int8.onnx',
  'onnx/model_uint8.onnx',
  'onnx/model_q4.onnx',
  'onnx/model_fp16.onnx',
  'onnx/model.onnx',
  'model_quantized.onnx',
  'model.onnx',
]

const mostModelBytes = 2 * 1024 ** 3
const mostTokenizerBytes = 64 * 1024 ** 2
const mostConfigBytes = 1024 ** 2
const readmeBytes = 64 * 1024

const objectSchema = z.record(z.string(), z.unknown())

/** A folder that may become an embedder, looked at but not copied. */
export interface ModelFolder {
  readonly path: string
  /** Name in the copy, and the real path it is read from. */
  readonly files: readonly { readonly name: string; readonly path: string }[]
  readonly proposal: EmbedderProposal
}

/**
 * Reads what a folder in the layout of Transformers.js says of its embedder. All of it is foreign: files are taken only where
 * they really stand in the folder, JSON only up to a size, and nothing is run.
 * @throws AppError `embedder-refused` with its `reason`
 */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  const root = await realpath(folder).catch((cause: unknown) => {
    throw refused('missing-folder', 'This folder is not there any more. Choose it again.', { cause })
  })
  const place = (name: string): Promise<{ readonly path: string; readonly sizeBytes: number } | null> =>
    placeOf(root, name)
  const json = async (name: string): Promise<Readonly<Record<string, unknown>> | null> => {
    const file = await place(name)
    return file === null ? null : readObject(file, name)
  }
  const config = await json('config.json')
  if (config === null) throw missingFile('config.json')
  if (typeof config['model_type'] !== 'string')
    throw refused('bad-file', 'config.json names no model type. Choose the folder of an embedding model.', {
      file: 'config.json',
    })
  const tokenizer = await place('tokenizer.json')
  if (tokenizer === null) throw missingFile('tokenizer.json')
  if (tokenizer.sizeBytes > mostTokenizerBytes) throw tooLarge('tokenizer.json')
  const tokenizerConfig = await json('tokenizer_config.json')
  const model = await firstModel(place)
  if (model === null) throw missingFile('onnx/model.onnx')
  if (model.sizeBytes > mostModelBytes) throw tooLarge(basename(model.path))

  const names = tokenizerConfig === null ? copiedJson.slice(0, 2) : copiedJson
  const places = await Promise.all(names.map(async (name) => ({ name, path: (await place(name))?.path ?? '' })))
  return {
    path: root,
    files: [...places, { name: modelFile, path: model.path }],
    proposal: {
      ...proposeEmbedder({
        folderName: basename(root),
        config,
        tokenizerConfig,
        pooling: await json('1_Pooling/config.json'),
        sentenceBert: await json('sentence_bert_config.json'),
        sentenceTransformers: await json('config_sentence_transformers.json'),
        readme: await readStart(await place('README.md')),
      }),
      sizeBytes: model.sizeBytes + tokenizer.sizeBytes,
    },
  }
}

/**
 * Copies the files an embedder needs to `target` (made anew). What is left of a failed or aborted copy is removed.
 * @returns the hash of what was copied, see {@link hashModelFolder}. @throws AppError `storage-full`; on abort its reason.
 */
export async function copyModelFolder(
  { files }: ModelFolder,
  target: string,
  { signal }: { readonly signal: AbortSignal },
): Promise<string> {
  await rm(target, { recursive: true, force: true })
  try {
    for (const { name, path } of files) {
      const to = join(target, name)
      await mkdir(dirname(to), { recursive: true })
      await pipeline(createReadStream(path), createWriteStream(to), { signal })
    }
    return await hashModelFolder(target)
  } catch (cause) {
    await rm(target, { recursive: true, force: true })
    signal.throwIfAborted()
    const isFull = typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ENOSPC'
    if (isFull)
      throw new AppError('storage-full', 'The disk is full. Free some space, then add the embedder again.', { cause })
    throw refused('unreadable', 'The files of the embedder could not be copied. Check that they can be read.', {
      cause,
    })
  }
}

/** One SHA-256 (hex) over all files that decide about the vectors. @throws what reading throws */
export async function hashModelFolder(folder: string): Promise<string> {
  const all = createHash('sha256')
  for (const name of [...copiedJson, modelFile]) {
    const path = join(folder, name)
    if (name === 'tokenizer_config.json' && !(await isThere(path))) continue
    const hash = createHash('sha256')
    await pipeline(createReadStream(path), hash)
    all.update(`${name} ${hash.digest('hex')}\n`)
  }
  return all.digest('hex')
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** A regular file of the folder, wherever links inside it lead; null when it is absent. @throws AppError for one outside */
async function placeOf(
  root: string,
  name: string,
): Promise<{ readonly path: string; readonly sizeBytes: number } | null> {
  let path
  try {
    path = await realpath(join(root, name))
  } catch {
    // Absent, or a link that leads nowhere: either way it is not there.
    return null
  }
  if (!path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`))
    throw refused(
      'link',
      `${name} is a link that leads out of the folder. Copy the files themselves into one folder, then choose that.`,
      { file: name },
    )
  const facts = await lstat(path)
  if (!facts.isFile())
    throw refused('bad-file', `${name} is not a file. Choose the folder of an embedding model.`, { file: name })
  return { path, sizeBytes: facts.size }
}

async function firstModel(
  place: (name: string) => Promise<{ readonly path: string; readonly sizeBytes: number } | null>,
): Promise<{ readonly path: string; readonly sizeBytes: number } | null> {
  for (const name of modelCandidates) {
    const found = await place(name)
    if (found !== null) return found
  }
  return null
}

async function readObject(
  { path, sizeBytes }: { readonly path: string; readonly sizeBytes: number },
  name: string,
): Promise<Readonly<Record<string, unknown>>> {
  if (sizeBytes > mostConfigBytes) throw tooLarge(name)
  try {
    return objectSchema.parse(JSON.parse(await readText(path, mostConfigBytes)))
  } catch (cause) {
    throw refused('bad-file', `${name} cannot be read. Download the embedder again, then choose its folder.`, {
      file: name,
      cause,
    })
  }
}

async function readStart(file: { readonly path: string } | null): Promise<string> {
  return file === null ? '' : readText(file.path, readmeBytes)
}

async function readText(path: string, mostBytes: number): Promise<string> {
  await using file = await open(path)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(mostBytes), 0, mostBytes, 0)
  return buffer.subarray(0, bytesRead).toString('utf8')
}

function missingFile(file: string): AppError {
  return refused(
    'missing-file',
    `The folder has no ${file}. Choose the folder of an embedding model for Transformers.js.`,
    {
      file,
    },
  )
}

function tooLarge(file: string): AppError {
  return refused('too-large', `${file} is larger than Carrel takes. Choose a smaller or quantised embedder.`, { file })
}

function refused(
  reason: string,
  message: string,
  { file, cause }: { readonly file?: string; readonly cause?: unknown } = {},
): AppError {
  return new AppError('embedder-refused', message, {
    details: { reason, ...(file === undefined ? {} : { file }) },
    cause,
  })
}

/** Removes folders of embedders that no record names: what a crash left of adding or removing one. */
export async function removeUnknownFolders(parent: string, known: ReadonlySet<string>): Promise<void> {
  const names = await readdir(parent).catch((error: unknown) => {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
  for (const name of names) if (!known.has(name)) await rm(join(parent, name), { recursive: true, force: true })
}
