import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** Stands beside the documents and is not one of them. */
const questionsFile = 'questions.json'

const questionsSchema = z.object({
  questions: z.array(z.object({ language: z.enum(['en', 'zh']), question: z.string() })),
})

export interface Samples {
  /** Absolute. */
  readonly paths: readonly string[]
  /** What the documents answer, in the order to show. */
  readonly questions: readonly string[]
}

/** The sample documents that ship with Carrel, and their questions. */
export async function readSamples(folder: string): Promise<Samples> {
  const names = await readdir(folder)
  const { questions } = questionsSchema.parse(JSON.parse(await readFile(join(folder, questionsFile), 'utf8')))
  return {
    paths: names.filter((name) => name !== questionsFile && !name.startsWith('.')).map((name) => join(folder, name)),
    questions: questions.map(({ question }) => question),
  }
}
