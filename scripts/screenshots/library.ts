import { copyFile, mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'

const project = resolve(import.meta.dirname, '..', '..')
const samples = join(project, 'resources', 'samples')
const written = join(import.meta.dirname, 'documents')
const fixtures = join(project, 'test', 'fixtures', 'documents')

interface Placed {
  readonly from: string
  readonly name: string
}
const as = (folder: string, name: string, shown = name): Placed => ({ from: join(folder, name), name: shown })

const english = [
  as(samples, 'Rent schedule.html'),
  as(written, 'Minutes of 12 June 2024.txt'),
  as(written, 'Plotter MX-9 manual.html'),
  as(written, 'Harbour sediment, field note.md'),
  as(samples, 'Amendment no. 2.docx'),
  as(samples, 'Office lease, 14 Elm Street.pdf'),
]
const chinese = [
  as(samples, '房屋交接清单.pdf'),
  as(written, '湿地水鸟调查札记.txt'),
  as(written, '图书馆地方文献数字化手册.md'),
  as(samples, '搬迁会议纪要.txt'),
  as(samples, '租赁合同（中文版）.md'),
]

/** Two that cannot be read as they are, and one that can in part. */
function troubled(language: 'en' | 'zh'): readonly Placed[] {
  const isChinese = language === 'zh'
  return [
    as(fixtures, 'encrypted.pdf', isChinese ? '工资表（加密）.pdf' : 'Salaries (encrypted).pdf'),
    as(fixtures, 'scan.pdf', isChinese ? '一九五二年地契扫描件.pdf' : 'Deed of 1952, scanned.pdf'),
    as(fixtures, 'half-scanned.pdf', isChinese ? '房屋测绘报告.pdf' : 'Building survey 2021.pdf'),
  ]
}

/** What the library of the tour holds, in the order it is added: the newest stands first in the list. */
export interface TourLibrary {
  readonly paths: readonly string[]
  readonly readableCount: number
}

/** Puts the samples, the longer texts and the troubled files into `folder`. The language of the tour is added last. */
export async function writeLibrary(folder: string, language: 'en' | 'zh'): Promise<TourLibrary> {
  await mkdir(folder, { recursive: true })
  const placed = [...troubled(language), ...(language === 'zh' ? [...english, ...chinese] : [...chinese, ...english])]
  for (const { from, name } of placed) await copyFile(from, join(folder, name))
  return { paths: placed.map(({ name }) => join(folder, name)), readableCount: placed.length - 2 }
}
