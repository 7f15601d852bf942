import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const questionsSchema = z.object({
  questions: z.array(z.object({ language: z.enum(['en', 'zh']), question: z.string() })),
})

export type SampleQuestion = z.infer<typeof questionsSchema>['questions'][number]

/** The questions that the sample documents answer, in the order to show them. */
export async function readSampleQuestions(samplesFolder: string): Promise<readonly SampleQuestion[]> {
  return questionsSchema.parse(JSON.parse(await readFile(join(samplesFolder, 'questions.json'), 'utf8'))).questions
}
