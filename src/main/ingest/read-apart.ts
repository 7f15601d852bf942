import { assertNever } from '../../shared/assert-never.ts'
import type { DocumentNotice } from '../../shared/document.ts'
import { AppError } from '../../shared/errors.ts'
import type { ParsedDocument, PartsToRead } from '../ports/parsing.ts'
import type { WorkerCrash } from '../ports/workers.ts'
import { partsAhead } from './parts-ahead.ts'
import { crashOf } from './worker-crash.ts'

/** A process may be ended from outside: readings that end without a part to blame, until the file itself is to blame. */
const crashesUntilSetAside = 5
/** For the same reason a part is only to blame when it ends the process twice more, alone. */
const probesUntilLeftOut = 2
/** A document with more parts of this kind is not worth the hours. */
const mostPartsLeftOut = 20

export interface ReadApartOptions {
  /** Reads these parts, from the beginning: what an earlier reading stored is cleared first. Also tells how many chunks came. */
  readonly read: (parts: PartsToRead) => Promise<{ readonly parsed: ParsedDocument; readonly chunks: number }>
  /** Reads one part alone and keeps nothing. */
  readonly probe: (part: number) => Promise<void>
  /** For the log. */
  readonly onLeftOut: (part: number, crash: WorkerCrash) => void
}

/**
 * Reads a document although parts of it end the parser process or hang it. The process says which part it begins, so the part
 * it ended in is known, or it is one of those that are read ahead; only a part that also ends it alone is left out, and the rest is
 * read anew.
 *
 * @returns the document, with a notice that names what was left out.
 * @throws AppError `unreadable-file` when the file as a whole is to blame: nothing of it can be read this way; and whatever
 * `read` throws that is no crash.
 */
export async function readApart({ read, probe, onLeftOut }: ReadApartOptions): Promise<ParsedDocument> {
  const leaveOut: number[] = []
  let lastReason: WorkerCrash['reason'] = 'ended'
  let crashes = 0
  for (;;) {
    const outcome = await crashOrValue(() => read({ leaveOut }))
    if ('value' in outcome) {
      if (leaveOut.length > 0 && outcome.value.chunks === 0) throw setAside(lastReason)
      return withNotice(outcome.value.parsed, leaveOut)
    }
    const { part, reason } = outcome.crash
    lastReason = reason
    if (part !== undefined) {
      const culprit = await findCulprit(
        Array.from({ length: partsAhead + 1 }, (_, ahead) => part + ahead).filter((one) => !leaveOut.includes(one)),
        probe,
      )
      if (culprit !== null) {
        if (leaveOut.length >= mostPartsLeftOut) throw setAside(culprit.crash.reason)
        leaveOut.push(culprit.part)
        lastReason = culprit.crash.reason
        onLeftOut(culprit.part, culprit.crash)
        continue
      }
      // Each part can be read, all together take too much: reading it again would take as much.
      if (reason === 'memory' || reason === 'slow') throw setAside(reason)
    }
    const isExplained = part !== undefined && !leaveOut.includes(part)
    if (!isExplained && reason !== 'ended') throw setAside(reason)
    crashes += 1
    if (crashes >= crashesUntilSetAside) throw setAside(reason)
  }
}

async function findCulprit(
  suspects: readonly number[],
  probe: ReadApartOptions['probe'],
): Promise<{ readonly part: number; readonly crash: WorkerCrash } | null> {
  for (const part of suspects) {
    const crash = await crashAlone(part, probe)
    if (crash !== null) return { part, crash }
  }
  return null
}

/** @returns how the part ends the process when it is read alone; null when it does not. */
async function crashAlone(part: number, probe: ReadApartOptions['probe']): Promise<WorkerCrash | null> {
  for (let probes = 1; ; probes += 1) {
    const alone = await crashOrValue(() => probe(part))
    if (!('crash' in alone) || alone.crash.part !== part) return null
    // What Carrel ended itself was not ended from outside.
    if (alone.crash.reason !== 'ended' || probes >= probesUntilLeftOut) return alone.crash
  }
}

async function crashOrValue<Value>(
  work: () => Promise<Value>,
): Promise<{ readonly value: Value } | { readonly crash: WorkerCrash }> {
  try {
    return { value: await work() }
  } catch (error) {
    const crash = crashOf(error)
    if (crash === null) throw error
    return { crash }
  }
}

/** Page numbers as a person reads them. */
function withNotice(parsed: ParsedDocument, leaveOut: readonly number[]): ParsedDocument {
  if (leaveOut.length === 0) return parsed
  const numbers = leaveOut.toSorted((one, other) => one - other).map((part) => part + 1)
  const notice: DocumentNotice =
    parsed.pageCount === null
      ? { code: 'parts-left-out', values: { count: numbers.length } }
      : { code: 'pages-left-out', values: { count: numbers.length, pages: numbers.join(', ') } }
  return { ...parsed, notices: [...parsed.notices, notice] }
}

function setAside(reason: WorkerCrash['reason']): AppError {
  switch (reason) {
    case 'ended':
      return failure(
        'reader-ended',
        'Reading this file ended the reader again and again, so it was set aside. Save it anew, for example as PDF, and add that.',
      )
    case 'silent':
    case 'slow':
      return failure(
        'reader-slow',
        'Reading this file takes longer than Carrel allows, so it was set aside. Split it, or save it anew, for example as PDF, and add that.',
      )
    case 'memory':
      return failure(
        'reader-memory',
        'Reading this file takes more memory than Carrel allows (1 GB), so it was set aside. Split it into smaller files and add those.',
      )
    default:
      return assertNever(reason)
  }
}

function failure(reason: string, message: string): AppError {
  return new AppError('unreadable-file', message, { retryable: true, details: { reason } })
}
