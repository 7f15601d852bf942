import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { streamEventSchema } from '../../../src/shared/answer-stream.ts'
import { startRecordingModelServer } from '../../support/recording-model-server.ts'
import { jsonLines, runCarrel, temporaryFolder } from '../../support/run-carrel.ts'

const places = [
  'harbour',
  'lighthouse',
  'fish market',
  'rope walk',
  'chapel',
  'quarry',
  'ferry',
  'mill',
  'inn',
  'school',
]
const sections = Array.from({ length: 60 }, (_, index) => {
  const place = `${places[index % places.length]} number ${index + 1}`
  const line = `The ${place} was surveyed in spring, its roof mended, its books read, and its keeper heard at length. `
  return `## The ${place}\n\n${line.repeat(9)}`
})

it(
  'reads passages spread over all of a document that is to be summed up, and says how many',
  { timeout: 120_000 },
  async () => {
    await using folder = await temporaryFolder()
    const dataFolder = join(folder.path, 'library')
    const survey = join(folder.path, 'Survey.md')
    const notes = ['Bread', 'Cheese', 'Wine'].map((name) => join(folder.path, `${name}.md`))
    await writeFile(survey, `# Survey of the coast\n\n${sections.join('\n\n')}\n`)
    for (const path of notes) await writeFile(path, `# Notes\n\nWhat is kept in the cellar: ${path.slice(-9)}\n`)
    expect((await runCarrel(['add', survey, ...notes], { dataFolder })).code).toBe(0)
    await using server = await startRecordingModelServer({ answer: { tokens: ['All of it [1].'], gapMs: 1 } })
    const ask = async (...words: string[]) => {
      const { stdout } = await runCarrel(['--json', 'ask', ...words], {
        dataFolder,
        environment: { OLLAMA_HOST: server.url },
      })
      const events = jsonLines(stdout).map((line) => streamEventSchema.parse(line))
      const done = events.find((event) => event.type === 'done')
      return { done, sources: events.find((event) => event.type === 'sources')?.sources ?? [] }
    }

    for (const request of ['Summarise this document', '这份文件讲了什么？']) {
      const { done, sources } = await ask(request, '--document', survey)
      const overview = done?.usage.search?.overview
      expect(done?.mode).toBe('generated')
      expect(overview?.read).toBeGreaterThan(5)
      expect(overview?.read).toBeLessThan(overview?.of ?? 0)
      const places = sources.map(({ start }) => start)
      expect(Math.min(...places)).toBeLessThan(200)
      expect(Math.max(...places)).toBeGreaterThan(sections.join('').length * 0.7)
      expect(new Set(sources.map(({ documentName }) => documentName))).toEqual(new Set(['Survey.md']))
    }

    const quoted = await ask('What is this about?', '--quotes', '--document', survey)
    expect(quoted.done?.mode).toBe('quotes')
    expect(quoted.sources.filter(({ isCited }) => isCited).length).toBe(5)

    // Four documents, none named: no one of them is "this document".
    const unnamed = await ask('Summarise this document')
    expect(unnamed.done?.usage.search?.overview).toBeNull()
    // A subject is searched for, also in a single document.
    const subject = await ask('Summarise the survey of the lighthouse', '--document', survey)
    expect(subject.done?.usage.search?.overview).toBeNull()
  },
)
