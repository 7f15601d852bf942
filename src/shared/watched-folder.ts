import { z } from 'zod'
import { serializedErrorSchema } from './document.ts'

export const watchedFolderIdSchema = z.int().min(1).brand<'WatchedFolderId'>()
export type WatchedFolderId = z.infer<typeof watchedFolderIdSchema>

/**
 * What is left out of a watched folder. A pattern without a slash names files and folders at any depth; with one, paths from
 * the watched folder on; with one at its end, folders alone. `*` and `?` stay within a name, `**` crosses folders, case is ignored.
 */
export const ignoreRulesSchema = z
  .object({
    /** Names that begin with a dot. */
    skipsHidden: z.boolean(),
    /** Larger files are left out; in millions of bytes. */
    largestMegabytes: z.int().min(1).max(200),
    patterns: z.array(z.string().trim().min(1).max(300)).max(200),
  })
  .strict()
export type IgnoreRules = z.infer<typeof ignoreRulesSchema>

/** What nobody means when they name a folder: what programs make and leave, and what holds no text. */
export const defaultIgnoreRules: IgnoreRules = {
  skipsHidden: true,
  largestMegabytes: 200,
  patterns: [
    'node_modules/',
    '__pycache__/',
    '__MACOSX/',
    '~$*',
    '*~',
    '*.tmp',
    '*.part',
    '*.crdownload',
    '*.swp',
    'Thumbs.db',
    'desktop.ini',
    '*.zip',
    '*.gz',
    '*.7z',
    '*.rar',
    '*.iso',
    '*.dmg',
    '*.exe',
    '*.dll',
    '*.so',
    '*.dylib',
    '*.mp3',
    '*.mp4',
    '*.mov',
    '*.avi',
    '*.mkv',
    '*.wav',
    '*.flac',
  ],
}

/**
 * `at-rest`: nothing follows it in this process, as in a command line; `looking`: what is there is compared with the library; `reading`: changes were found and are being read; `in-step`: the
 * library has what the folder has; `gone`: the folder is not there, or empty where it held documents: they are kept;
 * `unreadable`: it may not be listed; `paused`: by the person.
 */
export const watchedFolderStates = ['at-rest', 'looking', 'reading', 'in-step', 'gone', 'unreadable', 'paused'] as const
export type WatchedFolderState = (typeof watchedFolderStates)[number]

export const watchedFolderSchema = z.object({
  id: watchedFolderIdSchema,
  path: z.string(),
  state: z.enum(watchedFolderStates),
  /** What keeps changes from being noticed at once, or parts from being listed; the rest is followed. */
  problem: serializedErrorSchema.nullable(),
  rules: ignoreRulesSchema,
  fileCount: z.int(),
  /** Files still to be read. */
  waitingCount: z.int(),
  /** Files whose documents were taken out of the library by hand: they stay out. */
  leftOutCount: z.int(),
  /** When folder and library last agreed, in milliseconds since 1970; null: never yet. */
  inStepAt: z.number().nullable(),
})
export type WatchedFolder = z.infer<typeof watchedFolderSchema>
