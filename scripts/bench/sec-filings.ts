import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { zstdDecompress } from 'node:zlib'

/** The PDFs of sec10q-a, unpacked once and kept in `folder`. @returns that folder */
export async function unpackFilings(source: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  if ((await readdir(folder)).some((name) => name.endsWith('.pdf'))) return folder
  const archive = `${folder}.tar`
  await writeFile(archive, await promisify(zstdDecompress)(await readFile(join(source, 'pdfs.tar.zst'))))
  await promisify(execFile)('tar', ['-xf', archive, '-C', folder])
  return folder
}
