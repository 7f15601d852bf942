import type { Database } from '../database.ts'
import { firstSchema } from './0001-first-schema.ts'
import { followUpsAndMemory } from './0002-follow-ups-and-memory.ts'
import { languageTotals } from './0003-language-totals.ts'
import { outdatedSummaries } from './0004-outdated-summaries.ts'
import { conversationHistory } from './0005-conversation-history.ts'
import { successors } from './0006-successors.ts'
import { embedders } from './0007-embedders.ts'
import { collections } from './0008-collections.ts'
import { watchedFolders } from './0009-watched-folders.ts'
import { citationCheck } from './0010-citation-check.ts'
import { scanPages } from './0011-scan-pages.ts'
import { importOrder } from './0012-import-order.ts'
import { recuts } from './0013-recuts.ts'
import { selfTest } from './0014-self-test.ts'

/** One step of the schema. Never edited after a release: a later change is a later migration. */
export interface Migration {
  readonly version: number
  readonly name: string
  apply(database: Database): void
}

/** Every migration, in order, numbered from 1 without a gap. */
export const migrations: readonly Migration[] = [
  firstSchema,
  followUpsAndMemory,
  languageTotals,
  outdatedSummaries,
  conversationHistory,
  successors,
  embedders,
  collections,
  watchedFolders,
  citationCheck,
  scanPages,
  importOrder,
  recuts,
  selfTest,
]
