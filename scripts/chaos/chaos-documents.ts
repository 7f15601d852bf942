import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writePdf } from '../../test/support/documents/pdf-writer.ts'

/** How many documents {@link writeDocuments} writes. */
export const documentCount = 20
const topics = ['tides', 'leases', 'bridges', '租约', '潮汐', 'gardens'] as const

/**
 * Twenty documents of a few chunks up to many parts, English, Chinese and mixed, each different from every other. In the
 * second version every third is edited in one place.
 */
export async function writeDocuments(folder: string, version: 1 | 2): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (let number = 0; number < documentCount; number += 1) {
    const edition = version === 2 && number % 3 === 0 ? 2 : 1
    if (number % 10 === 9)
      await writeFile(join(folder, `Report ${number}.pdf`), writePdf({ pages: pagesOf(number, edition) }))
    else await writeFile(join(folder, `文件 ${number}.md`), textOf(number, number % 10 === 4 ? 60 : 4, edition))
  }
}

function textOf(number: number, sections: number, edition: number): string {
  const topic = topics[number % topics.length] ?? 'tides'
  const written = Array.from({ length: sections }, (_, section) => {
    const sentences = Array.from({ length: 9 }, (_unused, index) => {
      const figure = number * 10_000 + section * 10 + index
      return topic > '\u2e80'
        ? `第${number}份文件第${section}节第${index}句谈到${topic}，并给出数字${figure}。`
        : `Sentence ${index} of section ${section} in document ${number} speaks of ${topic} and gives the number ${figure}.`
    })
    const edited = edition === 2 && section === 1 ? ['This sentence was added later.'] : []
    return `## ${topic} ${section}\n\n${[...sentences, ...edited].join(' ')}`
  })
  return `# Document ${number}\n\n${written.join('\n\n')}\n`
}

function pagesOf(number: number, edition: number) {
  return Array.from({ length: 30 }, (_, page) => ({
    strings: Array.from({ length: 12 }, (_unused, line) => ({
      text: `Line ${line} of page ${page} in report ${number}, edition ${page === 7 ? edition : 1}, on depths.`,
      x: 60,
      y: 760 - line * 20,
      size: 11,
    })),
  }))
}
