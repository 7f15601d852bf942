import { access } from 'node:fs/promises'
import type { Carrel } from '../main/compose.ts'
import { AppError } from '../shared/errors.ts'
import { type Finding, findRequestSchema, type FindingsSummary, type UnreadDocument } from '../shared/findings.ts'
import { countOf, findingsSentence } from '../shared/findings-sentence.ts'
import { type CommandOptions, type ExitCode, exitCodes } from './command-options.ts'
import type { Output } from './output.ts'
import { readScope } from './scope.ts'
import type { TypedScope } from './scope-arguments.ts'

const matchNames: Readonly<Record<Finding['match'], string>> = {
  words: '',
  apart: 'in different passages',
  similar: 'similar',
}

/**
 * Every document that mentions something: a line and a quotation for each, what could not be searched, and how many there are. With
 * `--json` a line of JSON for each row and one for the summary.
 */
export async function findDocuments(
  carrel: Carrel,
  { query, scope, csvFile }: { readonly query: string; readonly scope: TypedScope; readonly csvFile: string | null },
  { output, isJson, signal }: CommandOptions,
): Promise<ExitCode> {
  const request = findRequestSchema.safeParse({ query, scope: await readScope(carrel, scope) })
  if (!request.success)
    throw new AppError('invalid-request', 'What is looked for is empty or over 1,000 characters. Write fewer words.', {
      cause: request.error,
    })
  if (csvFile !== null && (await isThere(csvFile)))
    throw new AppError('invalid-request', `There is a file already: ${csvFile}. Move it, or give another name.`)
  const rows: Finding[] = []
  for await (const event of carrel.findDocuments(request.data, { signal })) {
    if (event.type === 'rows') {
      rows.push(...event.rows)
      for (const row of event.rows) {
        if (isJson) await output.json({ type: 'finding', ...row })
        else if (csvFile === null) await printRow(row, output)
      }
    } else if (event.type === 'end') {
      if (csvFile !== null) {
        const { language } = await carrel.handlers['settings:get']({})
        await carrel.writeFindings(csvFile, rows, language === 'zh-CN' ? 'zh-CN' : 'en')
        output.remark(`Written to ${csvFile}`)
      }
      if (isJson) await output.json({ type: 'summary', ...event.summary })
      else await printSummary(event.summary, output)
    }
  }
  return exitCodes.done
}

async function printRow(
  { match, passage, passageCount, quotation, ...stated }: Finding,
  output: Output,
): Promise<void> {
  const place = [
    passage.documentName,
    ...(passage.page === null ? [] : [`page ${passage.page}`]),
    ...(passageCount > 1 ? [`${passageCount} passages`] : []),
    ...(matchNames[match] === '' ? [] : [matchNames[match]]),
  ]
  await output.line(place.join(', '))
  await output.line(`   ${quotation.text}`)
  const facts = [...stated.dates.map(({ text }) => text), ...stated.amounts.map(({ text }) => text), ...stated.names]
  if (facts.length > 0) await output.line(`   (${facts.join(' · ')})`)
}

async function printSummary(summary: FindingsSummary, output: Output): Promise<void> {
  const { unread } = summary
  await output.line(findingsSentence(summary))
  if (summary.keywordsOnly !== null)
    output.remark(`Similar documents were not looked for. ${summary.keywordsOnly.message}`)
  for (const document of unread.documents) output.remark(`Not read: ${document.name}: ${whyUnread(document)}`)
  const others = unread.needsAttention + unread.waiting + unread.partly - unread.documents.length
  if (others > 0) output.remark(`Not read: ${countOf(others, 'more document', 'more documents')}`)
}

function whyUnread({ state, problem }: UnreadDocument): string {
  if (problem !== null) return problem.message
  if (state === 'partly') return 'only a part of it is read.'
  return state === 'needs-attention' ? 'it needs attention.' : 'it is not read yet.'
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
