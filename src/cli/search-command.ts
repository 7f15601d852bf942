import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import type { Carrel } from '../main/compose.ts'
import { AppError, type SerializedAppError } from '../shared/errors.ts'
import type { Passage } from '../shared/passage.ts'
import { missingPhrasesSentence } from './ask-command.ts'
import { type CommandOptions, type ExitCode, exitCodes } from './command-options.ts'
import { resolveScope } from './scope.ts'
import type { TypedScope } from './scope-arguments.ts'

/** Questions searched at once: enough to keep every embedder process busy. */
const concurrentQueries = 4

const queryLineSchema = z.object({ _id: z.union([z.string(), z.number()]), text: z.string() })

/** Passages for one question. */
export async function searchOnce(
  carrel: Carrel,
  { query, limit, scope }: { readonly query: string; readonly limit: number; readonly scope: TypedScope },
  { output, isJson, signal }: CommandOptions,
): Promise<ExitCode> {
  const within = await resolveScope(carrel, scope, signal)
  const passages = await carrel.search(query, {
    limit,
    within,
    signal,
    onKeywordsOnly: remarkOnce(output),
    onMissingPhrases: (phrases) => output.remark(missingPhrasesSentence(phrases)),
  })
  if (!isJson && passages.length === 0) await output.line('Nothing found.')
  for (const { passage } of passages) {
    if (isJson) await output.json(toRow(carrel, passage))
    else {
      await output.line(
        `${passage.rank}. ${passage.documentName}${passage.page === null ? '' : `, page ${passage.page}`}${passage.headingPath.length === 0 ? '' : `, ${passage.headingPath.join(' > ')}`}  (${passage.score.toFixed(3)})`,
      )
      await output.line(`   ${passage.text.replaceAll(/\s+/g, ' ').slice(0, 300)}`)
    }
  }
  return exitCodes.done
}

/** JSON lines in, JSON lines out, in the same order. @throws AppError `invalid-request` naming the bad line. */
export async function searchFile(
  carrel: Carrel,
  { file, limit, scope }: { readonly file: string; readonly limit: number; readonly scope: TypedScope },
  { output, signal }: CommandOptions,
): Promise<ExitCode> {
  const within = await resolveScope(carrel, scope, signal)
  const running: Promise<unknown>[] = []
  const onKeywordsOnly = remarkOnce(output)
  const writeNext = async (): Promise<void> => output.json(await running.shift())
  let lineNumber = 0
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      lineNumber += 1
      if (line.trim() === '') continue
      const { _id, text } = parseLine(line, lineNumber)
      const answer = carrel
        .search(text, { limit, within, signal, onKeywordsOnly })
        .then((passages) => ({ _id, passages: passages.map(({ passage }) => toRow(carrel, passage)) }))
      // Awaited in order by writeNext; until then a failure must not count as unhandled.
      answer.catch(() => undefined)
      running.push(answer)
      if (running.length >= concurrentQueries) await writeNext()
    }
  } catch (cause) {
    if (cause instanceof AppError || signal.aborted) throw cause
    throw new AppError(
      'unreadable-file',
      `The file of questions could not be read: ${file}. Check its name and permissions.`,
      { cause },
    )
  }
  while (running.length > 0) await writeNext()
  return exitCodes.done
}

/** A file of questions has the same problem a thousand times. */
function remarkOnce(output: CommandOptions['output']): (problem: SerializedAppError) => void {
  let isTold = false
  return ({ message }) => {
    if (!isTold) output.remark(`Searched by keywords only. ${message}`)
    isTold = true
  }
}

function parseLine(line: string, lineNumber: number): z.infer<typeof queryLineSchema> {
  try {
    return queryLineSchema.parse(JSON.parse(line))
  } catch (cause) {
    throw new AppError(
      'invalid-request',
      `Line ${lineNumber} of the questions is not JSON with "_id" and "text". Correct it and try again.`,
      { cause },
    )
  }
}

/** `paths`: every location of the document; `path` is the first of them. */
function toRow(carrel: Carrel, passage: Passage): Record<string, unknown> {
  const { rank, score, id, documentId, path, title, page, headingPath, start, end, text } = passage
  const paths = carrel.documents.summaries([documentId])[0]?.paths ?? [path]
  return { rank, score, id, documentId, path, title, page, headingPath, start, end, text, paths }
}
