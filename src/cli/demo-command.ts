import type { Carrel } from '../main/compose.ts'
import { readSamples } from '../main/samples.ts'
import { addFiles } from './add-command.ts'
import { askQuestion } from './ask-command.ts'
import { type CommandOptions, type ExitCode, exitCodes } from './command-options.ts'
import { everything } from './scope-arguments.ts'

/**
 * The main job where there is no display: the samples into a throw-away library, their questions, streamed answers, sources.
 */
export async function runDemo(carrel: Carrel, samplesFolder: string, options: CommandOptions): Promise<ExitCode> {
  const { output } = options
  await output.line(
    'The main job in the terminal, with a throw-away library: sample documents, questions, answers with their sources.',
  )
  await output.line('\nAdding the sample documents')
  const { paths, questions } = await readSamples(samplesFolder)
  const added = await addFiles(carrel, { paths, passwords: [], collections: [] }, { ...options, isJson: false })
  if (added !== exitCodes.done) return added
  for (const question of questions) {
    options.signal.throwIfAborted()
    await output.line(`\n${'─'.repeat(72)}\n${question}\n`)
    const answered = await askQuestion(
      carrel,
      { question, model: null, isQuotes: false, scope: everything, basis: 'documents', conversationId: null },
      { ...options, isJson: false },
    )
    if (answered !== exitCodes.done) return answered
  }
  await output.line(
    `\nWith a display, npm start opens the window. Your own files: npm run -s carrel -- add PATH, then ask "…".`,
  )
  return exitCodes.done
}
