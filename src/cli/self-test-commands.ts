import type { Carrel } from '../main/compose.ts'
import { AppError } from '../shared/errors.ts'
import type { ChunkId } from '../shared/ids.ts'
import { expectationIdSchema, type FoundPlace, type SelfTestReport, type SelfTestRow } from '../shared/self-test.ts'
import { type CommandOptions, type ExitCode, exitCodes } from './command-options.ts'

/** Asks all questions again and tells what is found now and was before. Fails when something that was found is not any more. */
export async function runSelfTest(carrel: Carrel, { output, isJson, signal }: CommandOptions): Promise<ExitCode> {
  const report = await carrel.selfTest.run({ signal })
  if (report === null) {
    output.remark('There is nothing to test yet. See carrel self-test keep and carrel self-test generate.')
    return exitCodes.failed
  }
  if (isJson) await output.json(report)
  else {
    await output.line(summaryOf(report))
    for (const row of report.rows) {
      if (isChanged(row) || !isFound(row.now, report.considered))
        await output.line(
          `${changeOf(row)}  ${row.documentName}  ${row.question.replaceAll(/\s+/g, ' ').slice(0, 120)}`,
        )
    }
  }
  return report.lost > 0 ? exitCodes.failed : exitCodes.done
}

export async function listExpectations(carrel: Carrel, { output, isJson }: CommandOptions): Promise<ExitCode> {
  for (const expectation of carrel.selfTest.expectations()) {
    const { id, origin, question, documentName } = expectation
    if (isJson) await output.json(expectation)
    else
      await output.line(
        `${id}  ${origin.padEnd(9)}  ${documentName}  ${question.replaceAll(/\s+/g, ' ').slice(0, 120)}`,
      )
  }
  return exitCodes.done
}

export async function keepExpectation(
  carrel: Carrel,
  { question, passageId }: { readonly question: string; readonly passageId: ChunkId },
  { output, isJson, signal }: CommandOptions,
): Promise<ExitCode> {
  const [chunk] = carrel.documents.chunksById([passageId])
  if (chunk === undefined)
    throw new AppError(
      'not-found',
      'No document that can be searched holds this passage. carrel search shows the ids there are.',
    )
  const { documentId, start, end } = chunk
  const isNew = await carrel.selfTest.keep({ question, documentId, place: { start, end } }, { signal })
  if (isJson) await output.json({ isNew })
  else await output.line(isNew ? 'Kept.' : 'It was kept already.')
  return exitCodes.done
}

export async function generateExpectations(
  carrel: Carrel,
  count: number,
  { output, isJson, signal }: CommandOptions,
): Promise<ExitCode> {
  const made = await carrel.selfTest.generate(count, { signal })
  if (isJson) await output.json({ made })
  else await output.line(`${made} questions made. carrel self-test asks them.`)
  return exitCodes.done
}

export async function removeExpectation(
  carrel: Carrel,
  id: string,
  { output, isJson }: CommandOptions,
): Promise<ExitCode> {
  const parsed = expectationIdSchema.safeParse(id)
  if (!parsed.success || !carrel.selfTest.remove(parsed.data))
    throw new AppError('not-found', `There is no question ${id} in the self-test. See carrel self-test list.`)
  if (isJson) await output.json({ removed: 1 })
  else await output.line('Removed.')
  return exitCodes.done
}

function summaryOf({ found, tested, lost, gained, gone, before, considered }: SelfTestReport): string {
  const changes =
    before === null ? 'nothing to compare with yet' : `${lost} lost, ${gained} gained since the run before`
  return `${found} of ${tested} found among the first ${considered}; ${changes}${gone === 0 ? '' : `; ${gone} without their document`}`
}

function isFound({ rank, isGone }: FoundPlace, considered: number): boolean {
  return !isGone && rank !== null && rank <= considered
}

function isChanged({ before, now }: SelfTestRow): boolean {
  return before !== null && (before.rank !== now.rank || before.isGone !== now.isGone)
}

function placeText(place: FoundPlace): string {
  return place.isGone ? 'document gone' : place.rank === null ? 'not found' : `place ${place.rank}`
}

function changeOf({ before, now }: SelfTestRow): string {
  return before === null ? placeText(now) : `${placeText(before)} -> ${placeText(now)}`
}
