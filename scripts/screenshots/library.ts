import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

const project = resolve(import.meta.dirname, '..', '..')

/**
 * Fills `folder` with the documents of the tour: the samples, longer texts, and three files that cannot be read as they are.
 * @returns how many can be read.
 */
export async function writeLibrary(folder: string, language: 'en' | 'zh'): Promise<number> {
  await mkdir(folder, { recursive: true })
  let readable = 0
  for (const from of [join(project, 'resources', 'samples'), join(import.meta.dirname, 'documents')]) {
    for (const name of await readdir(from)) {
      if (name.endsWith('.json')) continue
      await copyFile(join(from, name), join(folder, name))
      readable += 1
    }
  }
  const fixtures = join(project, 'test', 'fixtures', 'documents')
  const names =
    language === 'zh'
      ? { scan: '一九五二年地契扫描件.pdf', locked: '工资表（加密）.pdf', half: '房屋测绘报告.pdf' }
      : { scan: 'Deed of 1952, scanned.pdf', locked: 'Salaries (encrypted).pdf', half: 'Building survey 2021.pdf' }
  await copyFile(join(fixtures, 'scan.pdf'), join(folder, names.scan))
  await copyFile(join(fixtures, 'encrypted.pdf'), join(folder, names.locked))
  await copyFile(join(fixtures, 'half-scanned.pdf'), join(folder, names.half))
  return readable + 1
}

/** Many small documents, for lists that scroll. */
export async function writeManyDocuments(folder: string, count: number): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (let index = 1; index <= count; index += 1) {
    const number = String(index).padStart(4, '0')
    await writeFile(
      join(folder, `Survey sheet ${number}.txt`),
      `Sheet ${number} of the town survey shows parcel ${index * 7}.\n`,
    )
  }
}
