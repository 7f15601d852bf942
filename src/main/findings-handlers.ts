import type { RequestChannel } from '../shared/channels.ts'
import { exportFileName } from '../shared/export-file-name.ts'
import { writeFindings } from './export/findings-csv.ts'
import type { HandlerParts, Handlers } from './handlers.ts'

type FindingsChannel = Extract<RequestChannel, `findings:${string}`>

/** What the page asks about findings. @throws AppError, which becomes the reply. */
export function createFindingsHandlers({
  findings,
  desktop,
}: Pick<HandlerParts, 'findings' | 'desktop'>): Handlers<FindingsChannel> {
  return {
    'findings:begin': (request) => ({ id: findings.begin(request) }),
    'findings:more': async ({ id }) => {
      const { rows, share, summary } = await findings.more(id)
      return { rows: [...rows], share, summary }
    },
    'findings:stop': ({ id }) => {
      findings.stop(id)
      return {}
    },
    'findings:export': async ({ id, documentIds, title, language }) => {
      const rows = findings.rowsOf(id, documentIds)
      const path = await desktop.chooseNewFile({ fileName: exportFileName(title, 'csv'), format: 'csv' })
      if (path === null) return { isSaved: false }
      await writeFindings(path, rows, language)
      return { isSaved: true }
    },
  }
}
